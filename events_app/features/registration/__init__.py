"""Registering, capacity, the waiting list, companions, the personal page."""
