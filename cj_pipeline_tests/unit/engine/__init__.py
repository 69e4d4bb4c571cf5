"""The engine, verb by verb, without a provider."""
