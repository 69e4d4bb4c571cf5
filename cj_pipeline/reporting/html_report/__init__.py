"""A result as a page for teachers: one self-contained, printable HTML file."""
