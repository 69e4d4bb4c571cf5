"""Tests of the numerics, by example."""
