"""How the answers look that were compared: their length and their Markdown, counted once an answer and kept."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from django.db.models import Exists, OuterRef

from apps.contenders.models import Output
from apps.leases.models import LeasedQuerySet
from apps.ratings.evidence import Said, whole_numbers
from apps.ratings.models import AnswerStyle, Board
from judgeboard.arena.answer_style import style_of
from judgeboard.arena.style.covariates import Covariates, relative_difference

BATCH = 2000  # answers whose texts are held at a time
LOOKS = ("characters", "headers", "list_items", "bold")  # columns of an answer's style


@dataclass(frozen=True)
class AnswerStyles:
    """key: int64[n], ascending, of contender and prompt; looks: int64[n, turns, 4], of all turns up to each."""

    key: np.ndarray
    looks: np.ndarray

    def lengths(self, said: Said, contender_ids: tuple[int, ...]) -> np.ndarray:
        """int64[n, 2], characters: of side a and side b of each row, up to the turn that is compared."""
        return self._of(said, contender_ids)[:, :, 0].T

    def covariates(self, said: Said, contender_ids: tuple[int, ...]) -> Covariates:
        """How much more there is on side a than on side b, from -1 to 1."""
        a, b = self._of(said, contender_ids)
        return Covariates.of({name: relative_difference(a[:, at], b[:, at]) for at, name in enumerate(LOOKS)})

    def _of(self, said: Said, contender_ids: tuple[int, ...]) -> np.ndarray:
        """int64[2, n, 4]."""
        ids = np.array(contender_ids, dtype=np.int64)
        keys = [_key(ids[side], said.verdicts.prompt) for side in (said.verdicts.a, said.verdicts.b)]
        turn = np.minimum(said.turn, self.looks.shape[1]) - 1
        return np.stack([self.looks[np.searchsorted(self.key, key), turn] for key in keys])


def answer_styles(board: Board) -> AnswerStyles:
    """Of all outputs on the board's prompts; those that nobody has looked at yet are counted first."""
    sets = board.prompt_sets.values("pk")
    _count(Output.objects.done().filter(prompt__prompt_set__in=sets))
    columns = ("output__contender_id", "output__prompt_id", "turn", *LOOKS)
    rows = AnswerStyle.objects.filter(output__prompt__prompt_set__in=sets).order_by()
    table = whole_numbers(rows.values_list(*columns), width=len(columns))
    key, row = np.unique(_key(table[:, 0], table[:, 1]), return_inverse=True)
    looks = np.zeros((len(key), table[:, 2].max(initial=1), len(LOOKS)), dtype=np.int64)
    looks[row, table[:, 2] - 1] = table[:, 3:]
    return AnswerStyles(key, looks.cumsum(axis=1))


def _count(outputs: LeasedQuerySet) -> None:
    """Each text is fetched once, a batch at a time."""
    unknown = outputs.exclude(Exists(AnswerStyle.objects.filter(output=OuterRef("pk")))).order_by("pk")
    last = 0
    while batch := list(unknown.filter(pk__gt=last).values_list("pk", "texts")[:BATCH]):
        styles = [style for output, texts in batch for style in _styles(output, texts)]
        AnswerStyle.objects.bulk_create(styles, ignore_conflicts=True)
        last = batch[-1][0]


def _styles(output: int, texts: list[str]) -> Iterator[AnswerStyle]:
    """At least one: an output that says nothing is known too."""
    for turn, text in enumerate(texts or [""], 1):
        told = style_of(text)
        yield AnswerStyle(output_id=output, turn=turn, **{name: getattr(told, name) for name in LOOKS})


def _key(contender: np.ndarray, prompt: np.ndarray) -> np.ndarray:
    return contender.astype(np.int64) * 2**32 + prompt
