"""Suites: whole runs on the emulator, through every mode and provider, that assert what has to hold of them."""
