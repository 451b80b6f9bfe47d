"""Rows a block at a time: what is made of one on the way stays in the processor's cache, and in memory that is there.

A column of a million numbers is fetched from the system and cleared each time it is made, which takes longer than to
fill it.
"""

from collections.abc import Iterator

ROWS = 1 << 16
ALL = slice(None)


def blocks(n: int, cells: int = 0) -> Iterator[slice]:
    """Slices that cover n rows. cells: the size of the table that each block is counted into; there are no more blocks
    than make counting cheaper than reading."""
    step = max(ROWS, cells)
    for start in range(0, n, step):
        yield slice(start, min(start + step, n))
