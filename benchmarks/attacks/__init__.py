"""Attacks on a judge inside essays: what is detected, and what gets through."""
