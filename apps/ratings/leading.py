"""Who is first, in words."""

from collections.abc import Sequence

NAMED = 3  # leaders that are told one by one


def leading(names: Sequence[str], n: int | None = None) -> str:
    """`Aster leads`, `Aster and Briar are tied for first`; `n`: how many they are where not all are named."""
    count = len(names) if n is None else n
    if not count:
        return "Nobody is ranked"
    if count == 1:
        return f"{names[0]} leads"
    if count > NAMED:
        return f"{count} models are tied for first, {names[0]} among them"
    return f"{', '.join(names[:-1])} and {names[-1]} are tied for first"
