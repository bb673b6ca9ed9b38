"""Tickets and check-in: who may pass a door, and what the doors saw."""
