"""Ratings by people, sharpened by a judge that has seen many more matches, and corrected for its errors."""
