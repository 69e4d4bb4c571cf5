"""From an assessment folder on disk to a validated snapshot. Every fault is found and named in one go."""
