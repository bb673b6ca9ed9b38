"""Two sides who meet: which pairs, and in which round."""
