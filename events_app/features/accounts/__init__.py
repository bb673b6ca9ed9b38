"""Organising bodies, their members, sign-in, API keys."""
