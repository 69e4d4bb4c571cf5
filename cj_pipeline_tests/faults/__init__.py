"""What happens when a process dies in the middle."""
