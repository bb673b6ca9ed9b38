"""Committees: seats, sittings, who counts towards the quorum, votes, and the papers of it."""
