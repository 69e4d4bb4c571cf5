"""The product as a user meets it: real processes, real servers."""
