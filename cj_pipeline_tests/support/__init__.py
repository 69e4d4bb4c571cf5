"""What several test families share: assessment folders, a workbench on the emulator, a clock that tests move."""
