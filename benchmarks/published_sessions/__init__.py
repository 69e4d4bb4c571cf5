"""Published judging sessions, estimated anew in compatibility mode."""
