"""Convive: events and networking sessions for a territory."""
