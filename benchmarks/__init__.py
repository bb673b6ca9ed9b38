"""The figures that the product promises. `python -m benchmarks [NAME ...]` runs them; nothing here is a test."""
