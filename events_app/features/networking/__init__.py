"""Networking sessions: who meets whom in which round, and who sits at which table."""
