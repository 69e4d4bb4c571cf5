"""From the bytes of one file to text or rows. Each format by a library that is kept; nothing here opens a file.

Bytes come from strangers: whatever is wrong with them, a reader raises `ConfigurationError` or is stopped from outside
(`reading_pool`), never anything else (`dispatch` sees to it).
"""
