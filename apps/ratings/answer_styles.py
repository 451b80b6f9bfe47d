"""What a program can tell of the answers that were compared: their looks, and whether they are right. Kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, repeat

import numpy as np
from django.db.models import Exists, OuterRef

from apps.contenders.models import Output
from apps.leases.models import LeasedQuerySet
from apps.prompts.builtin import ab_tokens
from apps.ratings.evidence import Evidence, Said, whole_numbers
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

    def compared(self, evidence: Evidence) -> "Compared":
        """Of the answers that evidence is about."""
        return Compared(*(self._sides(said, evidence.contender_ids) for said in (evidence.judged, evidence.voted)))

    def _sides(self, said: Said, contender_ids: tuple[int, ...]) -> "Sides":
        ids = np.array(contender_ids, dtype=np.int64)
        keys = (_key(ids[side], said.verdicts.prompt) for side in (said.verdicts.a, said.verdicts.b))
        places = tuple(np.searchsorted(self.key, key) for key in keys)
        return Sides(self, places, np.minimum(said.turn, self.right.shape[1]) - 1)


@dataclass(frozen=True, eq=False)
class Sides:
    """What is known of the answers on side a and on side b of each row. They are found once, and then looked up.

    places: two of int64[n], into the tables of `styles`; turn: int16[n], the one that is compared, from 0
    """

    styles: AnswerStyles
    places: tuple[np.ndarray, ...]
    turn: np.ndarray

    @cached_property
    def length(self) -> np.ndarray:
        """int64[n, 2], characters, up to the turn that is compared."""
        return np.stack(self._of(self.styles.looks[:, :, 0]), axis=1)

    @cached_property
    def right(self) -> np.ndarray:
        """int64[n, 2], in the turn that is compared."""
        return np.stack(self._of(self.styles.right), axis=1)

    @cached_property
    def covariates(self) -> Covariates:
        """How much more there is on side a than on side b, from -1 to 1."""
        told = {name: self._of(self.styles.looks[:, :, at]) for at, name in enumerate(LOOKS)}
        return Covariates.of({name: relative_difference(*both) for name, both in told.items()})

    def _of(self, table: np.ndarray) -> list[np.ndarray]:
        """Two of int64[n]: the entries of a table by output and turn."""
        return [table[place, self.turn] for place in self.places]


@dataclass(frozen=True)
class Compared:
    """The answers that judges compared, and those that people did."""

    judged: Sides
    voted: Sides


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
