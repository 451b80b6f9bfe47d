"""How long the answers are that were compared, in characters: counted by the database, no text is fetched."""

from dataclasses import dataclass

import numpy as np
from django.db.models import Max, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Length

from apps.contenders.models import Output
from apps.matches.models import Match
from apps.ratings.evidence import Said, whole_numbers
from apps.ratings.models import Board


@dataclass(frozen=True)
class AnswerLengths:
    """key: int64[n], ascending, of contender and prompt; length: int64[n, turns], of all turns up to each."""

    key: np.ndarray
    length: np.ndarray

    def of(self, said: Said, contender_ids: tuple[int, ...]) -> np.ndarray:
        """int64[n, 2]: of side a and side b of each row, up to the turn that is compared."""
        ids = np.array(contender_ids, dtype=np.int64)
        sides = (self._of(ids[side], said) for side in (said.verdicts.a, said.verdicts.b))
        return np.stack(list(sides), axis=1)

    def _of(self, contender: np.ndarray, said: Said) -> np.ndarray:
        row = np.searchsorted(self.key, _key(contender, said.verdicts.prompt))
        return self.length[row, said.turn - 1]


def answer_lengths(board: Board) -> AnswerLengths:
    """Of all outputs that were matched on the board's prompts."""
    sets = board.prompt_sets.values("pk")
    turns = Match.objects.filter(prompt__prompt_set__in=sets).aggregate(most=Max("turn"))["most"] or 1
    texts = [Coalesce(Length(KeyTextTransform(turn, "texts")), Value(0)) for turn in range(turns)]
    rows = Output.objects.done().filter(prompt__prompt_set__in=sets).order_by()
    table = whole_numbers(rows.values_list("contender_id", "prompt_id", *texts), width=2 + turns)
    key = _key(table[:, 0], table[:, 1])
    order = key.argsort()
    return AnswerLengths(key[order], table[order, 2:].cumsum(axis=1))


def _key(contender: np.ndarray, prompt: np.ndarray) -> np.ndarray:
    return contender.astype(np.int64) * 2**32 + prompt
