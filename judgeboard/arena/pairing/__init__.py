"""Which matches are worth judging next, and when there are enough."""
