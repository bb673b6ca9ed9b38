"""The problems of `convive plan`, read from JSON and answered in JSON."""
