"""Load the evidence, let the arena think, store the standing. A snapshot holds everything that made it."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import numpy as np
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from apps.contenders.models import Contender, Output
from apps.contenders.queries import MeanTokens, mean_tokens
from apps.humans.models import Voter
from apps.judging.models import Judge
from apps.prompts.models import Category, PromptSet
from apps.ratings.answer_styles import AnswerStyles, answer_styles
from apps.ratings.comparison import agreements, rank_agreements
from apps.ratings.evidence import Evidence, board_evidence, board_judgments
from apps.ratings.findings import findings
from apps.ratings.judge_records import judge_records, recount_work
from apps.ratings.judge_work import BoardWork, board_work
from apps.ratings.models import (
    Agreement,
    Board,
    Finding,
    JudgeRecord,
    Leaderboard,
    PublishedRating,
    RankAgreement,
    Rating,
)
from apps.ratings.standing import Standing, standings
from judgeboard import __version__
from judgeboard.arena.corrected.fit import CorrectedFit
from judgeboard.arena.rating.scale import EloScale
from judgeboard.arena.style.fit import StyleFit

SEED = 20240501  # of every draw behind an interval, so that the same evidence gives the same digits
METHOD = (
    "Bradley-Terry by maximum likelihood; intervals of 95 %: sandwich clustered by prompt, "
    "profile likelihood for models of fewer than 40 matches"
)
POSITION_TOO = "; being shown first allowed for, by judge"  # where matches were judged in one order only
SETTLED = timedelta(
    seconds=10
)  # after which a category's figures are drawn: while judging goes on, they would not last
LATE_COMMITS = timedelta(seconds=10)  # an answer may become visible this long after the time written on it


def ensure_board(*, slug: str, title: str, **fields: object) -> Board:
    return Board.objects.get_or_create(slug=slug, defaults={"title": title, **fields})[0]


def refit_board(*, board: Board, now: datetime) -> Leaderboard:
    """Rates the board anew, over all categories and within each, and returns the overall snapshot.

    The same evidence as before changes nothing but what is still open, came to nothing, and is known to be complete.
    A release of an earlier day stays as it was: where its counts would change, today gets a snapshot of its own.
    """
    evidence = board_evidence(board)
    newest = Leaderboard.objects.filter(board=board, category=None).first()
    until = now - LATE_COMMITS
    if newest and newest.evidence_digest == evidence.digest and newest.code_version == __version__:
        counts = _counts(board)
        is_of_today = newest.fitted_at.date() == now.date()
        if is_of_today or counts.items() <= vars(newest).items():
            _recount(newest, evidence_until=until, **counts)
            if is_of_today:
                recount_work(newest)
            return newest
    known = answer_styles(board), board_work(board)
    overall = _snapshot(board, None, evidence, *known, now, until)
    for category in Category.objects.filter(prompts__prompt_set__in=board.prompt_sets.all()).distinct():
        _snapshot(board, category, evidence.within(category), *known, now, until)
    _forget_superseded(board, now)
    return overall


def _counts(board: Board, category: Category | None = None) -> dict[str, int]:
    """Of judgments that are in no rating."""
    told = board_judgments(board, category)
    return {"n_unusable": told.filter(status="unusable").count(), "n_open": told.open().count()}


def _recount(leaderboard: Leaderboard, **fields: object) -> None:
    for name, value in fields.items():
        setattr(leaderboard, name, value)
    leaderboard.save(update_fields=fields)


@transaction.atomic
def _snapshot(
    board: Board,
    category: Category | None,
    evidence: Evidence,
    styles: AnswerStyles,
    work: BoardWork,
    now: datetime,
    until: datetime,
) -> Leaderboard:
    scale = EloScale(anchor=board.anchor.name if board.anchor else None, anchor_rating=board.anchor_rating)
    judges = {
        judge.pk: judge
        for judge in Judge.objects.select_related("endpoint").filter(
            pk__in=np.unique(evidence.judgments.rater).tolist()
        )
    }
    voters = Voter.objects.filter(pk__in=np.unique(evidence.votes.rater).tolist())
    groups = dict(voters.values_list("pk", "group"))
    answers = styles.compared(evidence)
    found = standings(evidence, judges, answers, scale)
    method = METHOD + POSITION_TOO * any(isinstance(standing.fit, StyleFit) for standing in found)
    leaderboard = _describe(board, category, evidence, judges.values(), voters, method, now, until)
    tokens = mean_tokens(board.prompt_sets.all(), category)
    Rating.objects.bulk_create(
        rating for standing in found for rating in _ratings(leaderboard, standing, evidence, tokens)
    )
    Agreement.objects.bulk_create(agreements(leaderboard, evidence, judges, groups))
    RankAgreement.objects.bulk_create(rank_agreements(leaderboard, found, SEED))
    Finding.objects.bulk_create(findings(leaderboard, evidence, found, SEED))
    JudgeRecord.objects.bulk_create(judge_records(leaderboard, evidence, judges, answers, work))
    _say_what_votes_are_worth(leaderboard, found)
    return leaderboard


def _say_what_votes_are_worth(leaderboard: Leaderboard, standings: Iterable[Standing]) -> None:
    for standing in standings:
        if isinstance(standing.fit, CorrectedFit):
            leaderboard.judge_weight = standing.fit.lambda_
            leaderboard.vote_worth = standing.fit.effective / standing.fit.n_votes
            leaderboard.save(update_fields=["judge_weight", "vote_worth"])


def _describe(
    board: Board,
    category: Category | None,
    evidence: Evidence,
    judges: Iterable[Judge],
    voters: QuerySet[Voter],
    method: str,
    now: datetime,
    until: datetime,
) -> Leaderboard:
    anchor = f"{board.anchor.name} = {board.anchor_rating:g}" if board.anchor else "mean = 1000"
    return Leaderboard.objects.create(
        board=board,
        category=category,
        fitted_at=now,
        evidence_until=until,
        method=method,
        tie_rule="a tie is half a win for each; both bad counts as a tie",
        anchor=anchor,
        prompt_sets=[str(prompt_set) for prompt_set in board.prompt_sets.all()],
        judges=[str(judge) for judge in judges],
        seed=SEED,
        code_version=__version__,
        evidence_digest=evidence.digest,
        n_prompts=len(np.union1d(evidence.judgments.prompt, evidence.votes.prompt)),
        n_matches=len(np.union1d(evidence.judgments.match, evidence.votes.match)),
        n_judgments=len(evidence.judgments),
        n_votes=len(evidence.votes),
        n_voters=len(np.unique(evidence.votes.rater)),
        simulated=any(judge.simulated for judge in judges) or voters.filter(simulated=True).exists(),
        draw_at=now + SETTLED if category else now,
        **_counts(board, category),
    )


def _ratings(
    leaderboard: Leaderboard, standing: Standing, evidence: Evidence, tokens: Mapping[int, MeanTokens]
) -> Iterable[Rating]:
    """What answers took is kept once, with the rating by all judges."""
    of_answers = tokens if standing.by == Rating.By.JUDGES else {}
    for index, contender_id in enumerate(evidence.contender_ids):
        read, written = of_answers.get(contender_id, (None, None))
        yield Rating(
            leaderboard=leaderboard,
            contender_id=contender_id,
            by=standing.by,
            judge=standing.judge,
            tokens_in=read,
            tokens_out=written,
            **standing.figures(index),
        )


def _forget_superseded(board: Board, now: datetime) -> None:
    """Of each day the last snapshot stays: enough for a history, and a live run does not fill the table."""
    today = Leaderboard.objects.filter(board=board, fitted_at__date=now.date())
    today.filter(fitted_at__lt=now).delete()


@transaction.atomic
def publish_board(*, board: Board) -> None:
    """A private board, its prompt sets in all versions, and the models that answered there are for everybody now.

    Raises IntegrityError where a model's name is taken by one that everybody sees.
    """
    own = {"private_to": board.private_to_id}
    if board.private_to_id is None:
        return
    slugs = board.prompt_sets.filter(**own).values_list("slug", flat=True)
    sets = PromptSet.objects.filter(slug__in=list(slugs), **own)
    answered = Output.objects.filter(prompt__prompt_set__in=sets, contender=OuterRef("pk"))
    Contender.objects.filter(Exists(answered), **own).update(private_to=None)
    sets.update(private_to=None)
    Board.objects.filter(pk=board.pk).update(private_to=None)
    board.refresh_from_db()


def link_published_ratings() -> int:
    """Ties published ratings to contenders of the same name, letters' case aside; the number of new ties."""
    by_name = {name.lower(): key for key, name in Contender.objects.public().values_list("pk", "name")}
    loose = [row for row in PublishedRating.objects.filter(contender=None) if row.name.lower() in by_name]
    for row in loose:
        row.contender_id = by_name[row.name.lower()]
    PublishedRating.objects.bulk_update(loose, ["contender"])
    return len(loose)
