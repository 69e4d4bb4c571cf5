"""Scripts for whoever works on the project; nothing of the package imports them."""
