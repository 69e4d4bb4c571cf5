"""Pure rules of comparative judgement: no I/O, no clock, no global random state."""
