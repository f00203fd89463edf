"""What pixels are."""
