"""Tests of reading an assessment folder."""
