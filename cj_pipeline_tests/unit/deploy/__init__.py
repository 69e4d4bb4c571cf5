"""Tests of what an installation copies from deploy/."""
