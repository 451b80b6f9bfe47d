"""Who is first, in words."""

from collections.abc import Sequence

from django.utils.translation import gettext

NAMED = 3  # leaders that are told one by one


def leading(names: Sequence[str], n: int | None = None) -> str:
    """`Aster leads`, `Aster and Briar are tied for first`; `n`: how many they are where not all are named."""
    count = len(names) if n is None else n
    if not count:
        return gettext("Nobody is ranked")
    if count == 1:
        return gettext("{name} leads").format(name=names[0])
    if count > NAMED:
        return gettext("{n} models are tied for first, {name} among them").format(n=count, name=names[0])
    most = gettext("{most} and {last}").format(most=", ".join(names[:-1]), last=names[-1])
    return gettext("{names} are tied for first").format(names=most)
