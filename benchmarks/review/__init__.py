"""How long an operator waits for the review page: `python -m benchmarks.review`."""
