"""Ranked wishes, and the placement that is computed from them, proved, published and changed by hand."""
