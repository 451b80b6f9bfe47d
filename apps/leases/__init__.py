"""Rows that wait for an answer of a model: wanted -> leased -> answered. No table of its own."""
