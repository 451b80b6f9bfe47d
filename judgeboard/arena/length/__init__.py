"""Win rates against a baseline as if both had answered at the same length."""
