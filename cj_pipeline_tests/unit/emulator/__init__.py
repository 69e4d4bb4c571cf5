"""Tests of the loopback emulator, driven by the unmodified provider SDKs over a socket."""
