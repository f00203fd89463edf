"""What this distribution adds to hdcore."""
