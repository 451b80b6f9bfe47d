"""`manage.py demo`: the whole product on one machine, with simulated models, from nothing to a board."""
