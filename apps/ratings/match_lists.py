"""Matches as lists show them."""

from collections.abc import Collection

from django.db.models import Count, F, Q

from apps.leases.models import Leased
from apps.matches.models import Match


def for_list(keys: Collection[int]) -> tuple[Match, ...]:
    """Newest first, with who met, on what, and how many judgments and votes fell to each side."""
    done = Q(judgments__status=Leased.Status.DONE)
    rows = Match.objects.filter(pk__in=keys).select_related(
        "prompt__category", "output_a__contender", "output_b__contender"
    )
    counted = rows.annotate(
        judged_a=Count("judgments", filter=done & Q(judgments__outcome="model_a"), distinct=True),
        judged_b=Count("judgments", filter=done & Q(judgments__outcome="model_b"), distinct=True),
        judged=Count("judgments", filter=done, distinct=True),
        voted_a=Count("votes", filter=Q(votes__outcome="model_a"), distinct=True),
        voted_b=Count("votes", filter=Q(votes__outcome="model_b"), distinct=True),
        voted=Count("votes", distinct=True),
        judged_tie=F("judged") - F("judged_a") - F("judged_b"),
        voted_tie=F("voted") - F("voted_a") - F("voted_b"),
    )
    return tuple(counted.order_by("-pk"))
