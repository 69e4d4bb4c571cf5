"""The same five faults under other batch clients, against the same emulator; see `python -m`."""
