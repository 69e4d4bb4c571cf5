"""One suite for both providers, over the socket, through the unmodified SDKs."""
