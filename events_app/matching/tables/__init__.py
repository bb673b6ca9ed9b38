"""Who sits at which table in each round."""
