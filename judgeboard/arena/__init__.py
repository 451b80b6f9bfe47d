"""The arena thinks: verdicts in, ratings, intervals and agreement out.

Pure functions on integer arrays and frozen results that carry their parameters. Nothing in here knows a clock, a
network, a table or a random number that was not seeded by the caller.
"""

from judgeboard.arena.threads import one_thread

one_thread()
