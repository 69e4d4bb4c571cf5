"""What reliabilities make of coin tosses, and of honest judges, under every shipped pair design."""
