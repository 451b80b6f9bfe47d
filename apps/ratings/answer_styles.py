"""What a program can tell of the answers that were compared: their looks, and whether they are right. Kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, repeat

import numpy as np
from django.db.models import Exists, OuterRef

from apps.contenders.models import Output
from apps.leases.models import LeasedQuerySet
from apps.prompts.builtin import ab_tokens
from apps.ratings.evidence import Said, whole_numbers
from apps.ratings.models import AnswerStyle, Board
from judgeboard.arena.agreement.accuracy import UNKNOWN
from judgeboard.arena.answer_key import is_right
from judgeboard.arena.answer_style import style_of
from judgeboard.arena.style.covariates import Covariates, relative_difference

BATCH = 2000  # answers whose texts are held at a time
LOOKS = ("characters", "headers", "list_items", "bold")  # columns of an answer's style


@dataclass(frozen=True)
class AnswerStyles:
    """key: int64[n], ascending, of contender and prompt; looks: int64[n, turns, 4], of all turns up to each; right:
    int64[n, turns], of each turn: see `arena.agreement.accuracy`."""

    key: np.ndarray
    looks: np.ndarray
    right: np.ndarray

    def lengths(self, said: Said, contender_ids: tuple[int, ...]) -> np.ndarray:
        """int64[n, 2], characters: of side a and side b of each row, up to the turn that is compared."""
        return self._of(self.looks, said, contender_ids)[:, :, 0].T

    def covariates(self, said: Said, contender_ids: tuple[int, ...]) -> Covariates:
        """How much more there is on side a than on side b, from -1 to 1."""
        a, b = self._of(self.looks, said, contender_ids)
        return Covariates.of({name: relative_difference(a[:, at], b[:, at]) for at, name in enumerate(LOOKS)})

    def rightness(self, said: Said, contender_ids: tuple[int, ...]) -> np.ndarray:
        """int64[n, 2]: of side a and side b of each row, in the turn that is compared."""
        return self._of(self.right, said, contender_ids).T

    def _of(self, table: np.ndarray, said: Said, contender_ids: tuple[int, ...]) -> np.ndarray:
        """int64[2, n, ...]: the entries of a table by output and turn, of both sides of each row."""
        ids = np.array(contender_ids, dtype=np.int64)
        keys = [_key(ids[side], said.verdicts.prompt) for side in (said.verdicts.a, said.verdicts.b)]
        turn = np.minimum(said.turn, table.shape[1]) - 1
        return np.stack([table[np.searchsorted(self.key, key), turn] for key in keys])


def answer_styles(board: Board) -> AnswerStyles:
    """Of all outputs on the board's prompts; those that nobody has looked at yet are counted first."""
    sets = board.prompt_sets.values("pk")
    _count(Output.objects.done().filter(prompt__prompt_set__in=sets))
    columns = ("output__contender_id", "output__prompt_id", "turn", "right", *LOOKS)
    rows = AnswerStyle.objects.filter(output__prompt__prompt_set__in=sets).order_by()
    table = whole_numbers(rows.values_list(*columns), width=len(columns))
    key, row = np.unique(_key(table[:, 0], table[:, 1]), return_inverse=True)
    turns = table[:, 2].max(initial=1)
    looks = np.zeros((len(key), turns, len(LOOKS)), dtype=np.int64)
    looks[row, table[:, 2] - 1] = table[:, 4:]
    right = np.full((len(key), turns), UNKNOWN, dtype=np.int64)
    right[row, table[:, 2] - 1] = table[:, 3]
    return AnswerStyles(key, looks.cumsum(axis=1), right)


def _count(outputs: LeasedQuerySet) -> None:
    """Each text is fetched once, a batch at a time."""
    unknown = outputs.exclude(Exists(AnswerStyle.objects.filter(output=OuterRef("pk")))).order_by("pk")
    last = 0
    while batch := list(unknown.filter(pk__gt=last).values_list("pk", "texts", "prompt__reference")[:BATCH]):
        styles = [style for answered in batch for style in _styles(*answered)]
        AnswerStyle.objects.bulk_create(styles, ignore_conflicts=True)
        last = batch[-1][0]


def _styles(output: int, texts: list[str], reference: list[str]) -> Iterator[AnswerStyle]:
    """At least one: an output that says nothing is known too."""
    for turn, (text, key) in enumerate(zip(texts or [""], chain(reference, repeat("")), strict=False), 1):
        told = style_of(text)
        looks = {name: getattr(told, name) for name in LOOKS}
        yield AnswerStyle(output_id=output, turn=turn, right=_right(text, key), **looks)


def _right(text: str, reference: str) -> int:
    """By the rules of A::B where the reference is one of its sequences, else by its number."""
    if ab_tokens.is_sequence(reference):
        return int(ab_tokens.is_correct(text, reference))
    found = is_right(text, reference)
    return UNKNOWN if found is None else int(found)


def _key(contender: np.ndarray, prompt: np.ndarray) -> np.ndarray:
    return contender.astype(np.int64) * 2**32 + prompt
