"""Ranked wishes, sessions with places, and the best placement with its proof."""
