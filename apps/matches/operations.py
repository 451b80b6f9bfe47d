from collections.abc import Iterable

from apps.matches.models import Match

BATCH = 2000

Pairing = tuple[int, int, int, int]  # prompt id, output id, output id, turn


def add_matches(*, pairings: Iterable[Pairing]) -> list[int]:
    """The matches of these pairings, created where they are new; their keys, in no order.

    Whichever way round a pair is named, it is one match: the lower output id is side a.
    """
    wanted = {(prompt, min(x, y), max(x, y), turn) for prompt, x, y, turn in pairings}
    rows = [Match(prompt_id=p, output_a_id=a, output_b_id=b, turn=turn) for p, a, b, turn in wanted]
    Match.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    prompts = {prompt for prompt, *_ in wanted}
    found = Match.objects.filter(prompt_id__in=prompts).values_list(
        "pk", "prompt_id", "output_a_id", "output_b_id", "turn"
    )
    return [key for key, *pairing in found if tuple(pairing) in wanted]
