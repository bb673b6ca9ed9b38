"""Ranked wishes and placement."""
