"""Pure numerics: from comparisons to a scale. Arrays in, arrays out; no I/O, no clock, no global random state."""
