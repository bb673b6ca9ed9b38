"""Calendar feeds, and what a person's own appointments say in a calendar."""
