"""Other ways to ask judges, at the same simulator."""
