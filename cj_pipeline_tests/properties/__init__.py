"""What holds for every input, tried on many."""
