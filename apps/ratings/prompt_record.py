"""One prompt on one board: what every model answered, who won its matches, and what the prompt tells of the models."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from django.core.paginator import Page, Paginator

from apps.contenders.models import Output
from apps.prompts.models import Prompt
from apps.prompts.privacy import STRANGER, Viewer
from apps.ratings.evidence import Evidence, board_votes, evidence_in
from apps.ratings.models import Board
from apps.ratings.opponents import selected_judgments
from apps.ratings.selection import Selection
from apps.ratings.standing import LEVEL
from judgeboard.arena.items import Item, item
from judgeboard.arena.outcome import Outcome
from judgeboard.arena.same_match import majority
from judgeboard.arena.share import NOT_MEASURED, Share, clustered_share
from judgeboard.arena.verdicts import POINTS, Verdicts

PER_PAGE = 20


@dataclass(frozen=True)
class Met:
    """One of its matches, as most judges, or where these said nothing most people, saw it; told from the answer."""

    match: int
    opponent: str
    outcome: Outcome


@dataclass(frozen=True)
class Answer:
    """Points of its matches, each counted once by what most say: won is one, a tie half."""

    output: Output
    judges: Share = NOT_MEASURED
    people: Share = NOT_MEASURED
    met: tuple[Met, ...] = ()


@dataclass(frozen=True)
class PromptRecord:
    prompt: Prompt
    selection: Selection | None
    n_matches: int = 0
    n_judgments: int = 0
    n_votes: int = 0
    item: Item | None = None  # None: no judgment counts
    page: Page = field(default_factory=lambda: Paginator([], PER_PAGE).get_page(1))

    @property
    def answers(self) -> list[Answer]:
        return list(self.page.object_list)

    @property
    def best(self) -> tuple[Answer, ...]:
        """Those with the largest share of points by judges, or by people where no judge spoke; none unless told."""
        answers: list[Answer] = list(self.page.paginator.object_list)
        most = _share(answers[0]) if answers else None
        return tuple(answer for answer in answers if _share(answer) == most) if most is not None else ()

    @property
    def simulated(self) -> bool:
        return any(answer.output.contender.simulated for answer in self.answers)


def boards_with(prompt: Prompt, viewer: Viewer = STRANGER) -> list[Board]:
    return list(Board.objects.seen_by(viewer).filter(prompt_sets=prompt.prompt_set_id))


def prompt_record(prompt: Prompt, selection: Selection | None, page: str | int | None = 1) -> PromptRecord:
    """Answers with the most points first, a page at a time. With one judge selected, by that judge alone."""
    done = Output.objects.done().filter(prompt=prompt).order_by("contender__name")
    outputs = done.select_related("contender__endpoint")
    evidence = _evidence(prompt, selection) if selection else None
    answers = sorted(_answers(outputs, evidence), key=_rank)
    found = Paginator(answers, PER_PAGE).get_page(page)
    if evidence is None or selection is None:
        return PromptRecord(prompt, selection, page=found)
    judged, voted = evidence.judgments, evidence.votes
    return PromptRecord(
        prompt,
        selection,
        n_matches=len(np.union1d(judged.match, voted.match)),
        n_judgments=len(judged),
        n_votes=len(voted),
        item=item(judged, _ratings(evidence, selection), level=LEVEL) if len(judged) else None,
        page=found,
    )


def _evidence(prompt: Prompt, selection: Selection) -> Evidence:
    judged = selected_judgments(replace(selection, category=None))
    return evidence_in(judged.filter(match__prompt=prompt), board_votes(selection.board).filter(match__prompt=prompt))


def _ratings(evidence: Evidence, selection: Selection) -> np.ndarray:
    """float64[M], NaN where the selected judges rated nobody."""
    rater, leaderboard = selection.rater, selection.leaderboard
    rows = leaderboard.ratings.filter(by=rater.judged_by, judge=rater.judge) if leaderboard else ()
    known = {row.contender_id: rater.seen(row).rating for row in rows}
    return np.array([_number(known.get(key)) for key in evidence.contender_ids])


def _number(rating: float | None) -> float:
    return np.nan if rating is None else rating


def _answers(outputs: Iterable[Output], evidence: Evidence | None) -> Iterator[Answer]:
    if evidence is None:
        yield from map(Answer, outputs)
        return
    judged, voted = majority(evidence.judgments), majority(evidence.votes)
    said = _once_a_match(judged, voted)
    place = {key: index for index, key in enumerate(evidence.contender_ids)}
    for output in outputs:
        index = place.get(output.contender_id, -1)
        yield Answer(output, _points(judged, index), _points(voted, index), tuple(_met(said, index)))


def _once_a_match(judged: Verdicts, voted: Verdicts) -> tuple[Verdicts, Verdicts]:
    """What judges said, and what people said where no judge did."""
    return judged, voted.where(~np.isin(voted.match, judged.match))


def _points(verdicts: Verdicts, contender: int) -> Share:
    as_a, as_b = verdicts.a == contender, verdicts.b == contender
    points = np.where(as_a, POINTS[verdicts.outcome], 1 - POINTS[verdicts.outcome])[as_a | as_b]
    return clustered_share(points, verdicts.match[as_a | as_b], LEVEL)


def _met(said: Iterable[Verdicts], contender: int) -> Iterator[Met]:
    for verdicts in said:
        own = verdicts.where((verdicts.a == contender) | (verdicts.b == contender))
        columns = (getattr(own, name).tolist() for name in ("a", "b", "outcome", "match"))
        for a, b, code, match in zip(*columns, strict=True):
            outcome, is_a = Outcome.from_code(code), a == contender
            yield Met(match, own.names[b if is_a else a], outcome if is_a else outcome.flipped())


def _share(answer: Answer) -> float | None:
    return answer.judges.share if answer.judges.n else answer.people.share


def _rank(answer: Answer) -> tuple[float, float, str]:
    """Most points first; whom nobody compared, last."""
    judges, people = (-1.0 if told.share is None else told.share for told in (answer.judges, answer.people))
    return -judges, -people, answer.output.contender.name
