"""Networking sessions: who sits at which table in each round, proposed, published, told to each person."""
