"""Backup, demo, checks of a set-up."""
