"""The figures that the product promises: `python -m benchmarks [NAME ...]`. Nothing here is a test."""
