"""The bottom: no web, no database; the standard library and msgspec."""
