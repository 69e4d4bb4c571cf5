"""Tests of pictures for people."""
