"""Time and memory of designing pair sets, beside the blossom matching."""
