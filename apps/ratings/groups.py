"""Groups of models that met, directly or through others: which of them comes first."""

from collections import Counter
from collections.abc import Iterable


def largest_first(groups: Iterable[int]) -> list[int]:
    """Each group once, from the group of each model. The largest says most; of equally large ones the lower number."""
    sizes = Counter(groups)
    return sorted(sizes, key=lambda group: (-sizes[group], group))
