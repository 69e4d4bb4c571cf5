"""One script per claim, and the JSON it wrote."""
