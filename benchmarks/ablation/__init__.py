"""How much each pair design and orientation brings: Spearman against truth, by simulation."""
