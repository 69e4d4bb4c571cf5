"""Rank student essays by comparative judgement with language-model judges asked through batch APIs.

Importing the package does nothing: each room is imported by name where it is needed.
"""

__version__ = "0.1.0"
