"""What organisers write to people in their own words: to whom, when, what became of it."""
