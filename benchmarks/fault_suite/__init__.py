"""The fault suite: every fault of a provider, and death at every write, by the hundred; see `python -m`."""
