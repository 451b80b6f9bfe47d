"""The standing cast of the pages' tests: the same models, judges and people on every board, with round figures.

Aster leads Briar by little and Clove by much. The judges are Gavel and Wig; Ada, Ben and Cleo vote. `play_matches` makes the
evidence, `stand` writes a snapshot as a refit would, so that a page's figures can be read off this file.
"""

import html
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from apps.contenders.models import Contender
from apps.endpoints.models import Endpoint
from apps.humans.models import Vote, Voter
from apps.judging.models import Judge
from apps.matches.models import Match
from apps.prompts.models import Category
from apps.ratings.models import Agreement, Board, Leaderboard, PublishedRating, RankAgreement, Rating
from tests import stage

NOON = datetime(2025, 3, 4, 12, 0, tzinfo=UTC)

# name, organisation, licence, open weights, judges: rating, lower, upper, ranks; people: the same
MODELS = (
    ("Aster", "Northlight", "proprietary", False, (1180, 1150, 1210, 1, 2), (1150, 1110, 1190, 1, 2)),
    ("Briar", "Hollow Lab", "Apache-2.0", True, (1140, 1110, 1170, 1, 2), (1160, 1120, 1200, 1, 2)),
    ("Clove", "Hollow Lab", "Apache-2.0", True, (980, 950, 1010, 3, 3), (1000, 955, 1045, 3, 3)),
    ("Dill", "", "", None, (860, 825, 895, 4, 4), (None, None, None, None, None)),
)


@dataclass
class Cast:
    board: Board
    contenders: dict[str, Contender]
    judges: dict[str, Judge]
    voters: dict[str, Voter]
    matches: list[Match] = field(default_factory=list)
    leaderboard: Leaderboard | None = None


def assemble(*, size: int = 2, simulated: bool = False) -> Cast:
    """Board, models, judges and people, on a prompt set of so many prompts; nobody has said anything yet."""
    board = stage.board(stage.prompt_set(size=size))
    contenders = {
        name: stage.contender(
            name, organisation=lab, licence=licence, open_weights=is_open, simulated=simulated, endpoint=simulated
        )
        for name, lab, licence, is_open, *_ in MODELS
    }
    judges = {name: stage.judge(name.lower()) for name in ("Gavel", "Wig")}
    if simulated:
        Endpoint.objects.update(simulated=True)
    voters = {
        name: Voter.objects.create(name=name, group="expert", simulated=simulated) for name in ("Ada", "Ben", "Cleo")
    }
    return Cast(board, contenders, judges, voters)


def play_matches(cast: Cast) -> list[Match]:
    """Every two models meet on every prompt; the older wins in the eyes of both judges and of Ada, and Ben says tie."""
    for prompt in cast.board.prompt_sets.get().prompts.all():
        outputs = [stage.output(contender, prompt) for contender in cast.contenders.values()]
        pairs = ((a, b) for number, a in enumerate(outputs) for b in outputs[number + 1 :])
        cast.matches += [stage.match(a, b) for a, b in pairs]
    for match in cast.matches:
        for judge in cast.judges.values():
            for order in ("ab", "ba"):
                stage.judgment(judge, match, order)
        vote(cast, "Ada", match, "model_a")
        vote(cast, "Ben", match, "tie")
    return cast.matches


def vote(cast: Cast, voter: str, match: Match, outcome: str) -> Vote:
    return Vote.objects.create(voter=cast.voters[voter], match=match, outcome=outcome, shown_first="a", cast_at=NOON)


def price(cast: Cast, name: str, read: str, written: str) -> Endpoint:
    """The model is asked at an address of that price, in dollars per million tokens."""
    contender = cast.contenders[name]
    contender.endpoint = Endpoint.objects.create(
        name=name,
        base_url=stage.ADDRESS,
        model=name,
        usd_per_million_in=read,
        usd_per_million_out=written,
        price_source="https://prices.example.com/",
        price_date=date(2025, 3, 1),
    )
    contender.save()
    return contender.endpoint


def stand(
    cast: Cast, *, category: Category | None = None, models=MODELS, component: dict[str, int] | None = None, **fields
) -> Leaderboard:
    """A snapshot with the cast's ratings. `component`: the group of each model named in it; the others are in group 0."""
    told = {
        "fitted_at": NOON,
        "method": "Bradley-Terry",
        "tie_rule": "a tie is half a win for each",
        "anchor": "mean = 1000",
        "judges": list(cast.judges),
        "prompt_sets": ["Everyday v1"],
        "seed": 1,
        "code_version": "0.1.0",
        "evidence_digest": "0f" * 32,
        "n_prompts": 2,
        "n_matches": 12,
        "n_judgments": 1204,
        "n_votes": 1343,
        "n_voters": 3,
    }
    leaderboard = Leaderboard.objects.create(board=cast.board, category=category, **told | fields)
    for name, *_, judged, voted in models:
        of = {
            "leaderboard": leaderboard,
            "contender": cast.contenders[name],
            "component": (component or {}).get(name, 0),
        }
        Rating.objects.create(
            by=Rating.By.JUDGES,
            n=600,
            elo=judged[0],
            win_rate=0.5,
            win_rate_lower=0.4,
            win_rate_upper=0.6,
            **of,
            **_figures(judged),
        )
        Rating.objects.create(by=Rating.By.HUMANS, n=600 if voted[0] else 0, **of, **_figures(voted))
    cast.leaderboard = leaderboard
    return leaderboard


def rate_alone(cast: Cast, name: str, figures: dict[str, tuple]) -> None:
    """What one judge says, in the newest snapshot: by model, rating, lower, upper and ranks."""
    for model, told in figures.items():
        Rating.objects.create(
            leaderboard=cast.leaderboard,
            contender=cast.contenders[model],
            by=Rating.By.JUDGE,
            judge=cast.judges[name],
            win_rate=0.5,
            n=300,
            **_figures(told),
        )


def agree(
    cast: Cast, left: str, share: float | None, n: int, *, half: float = 0.03, judge: Judge | None = None, **of
) -> Agreement:
    """A row of agreement with the humans: each vote, all turns, everybody, ties kept, unless said otherwise."""
    kind = {"right": "humans", "unit": "vote", "raters": "all", "ties": "kept", "turn": None, "judge": judge} | of
    lower, upper = (share - half, share + half) if share is not None else (None, None)
    kappa = {"kappa": 0.5, "kappa_lower": 0.4, "kappa_upper": 0.6} if share is not None else {}
    return Agreement.objects.create(
        leaderboard=cast.leaderboard,
        left=left,
        n=n,
        agreement=share,
        lower=lower,
        upper=upper,
        confusion=[[5, 1, 2], [1, 6, 2], [2, 2, 9]] if n else [],
        **kappa,
        **kind,
    )


def agree_as_published(cast: Cast) -> None:
    """The judges side with people on 66 % of 1,343 votes, two people agree on 63 % of 721."""
    agree(cast, "judges", 0.66, 1343)
    agree(cast, "judges", 0.85, 859, ties="dropped")
    for name, judge in cast.judges.items():
        agree(cast, name, 0.64, 1300, judge=judge)
    agree(cast, "humans", 0.63, 721)
    RankAgreement.objects.create(
        leaderboard=cast.leaderboard,
        left="judges",
        right="humans",
        n=3,
        spearman=0.5,
        spearman_lower=-0.2,
        spearman_upper=1,
        kendall=0.33,
        kendall_lower=-0.4,
        kendall_upper=1,
    )


def publish(cast: Cast, name: str, rating: float) -> PublishedRating:
    return PublishedRating.objects.create(
        source="Arena",
        source_url="https://example.org/arena",
        published_on=date(2024, 5, 1),
        name=name,
        rating=rating,
        contender=cast.contenders[name],
    )


def full_board(*, simulated: bool = False) -> Cast:
    """Everything that a board can show: two judges, votes, agreement, a published rating."""
    cast = assemble(simulated=simulated)
    play_matches(cast)
    stand(cast, simulated=simulated)
    agree_as_published(cast)
    publish(cast, "Aster", 1201)
    return cast


def _figures(told: tuple) -> dict[str, float | int | None]:
    return dict(zip(("rating", "lower", "upper", "rank_low", "rank_high"), told, strict=True))


def text_of(response) -> str:
    """What a page says: no tags, every run of spaces one space. Emphasis parts no words; links and small print do."""
    body = re.sub(r"<(head|svg|script)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    body = re.sub(r'<a\b|<span class="sub', r" \g<0>", body)
    body = re.sub(r"</?(?:strong|a|span|em|abbr|code|time)\b[^>]*>|&shy;", "", body)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body))).strip()
