"""Communes of the territory."""
