"""Pure makers: plain structs in, bytes out."""
