"""Tests of the pure rules, by example."""
