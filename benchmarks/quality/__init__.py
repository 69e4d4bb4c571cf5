"""What reliabilities make of coin tosses and of honest judges, and whether bands of infit and outfit hold."""
