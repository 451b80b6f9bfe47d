"""Ratings that leave aside what is not quality: covariates such as length, headers and the order of showing."""
