"""What the API answers. Ratings are on the Elo scale, shares in [0, 1]; null is "not measured", never 0."""

from datetime import date, datetime
from decimal import Decimal

from ninja import Field, Schema


class Problem(Schema):
    detail: str


class AgreementOut(Schema):
    """How far two raters agree, each vote counted, ties kept."""

    left: str
    right: str
    n: int
    agreement: float | None
    lower: float | None
    upper: float | None
    kappa: float | None
    ac1: float | None


class RowOut(Schema):
    model: str
    slug: str
    organisation: str
    licence: str
    open_weights: bool | None
    simulated: bool
    group: int | None
    rank_low: int | None
    rank_high: int | None
    rating: float | None
    lower: float | None
    upper: float | None
    bounded: bool | None
    win_rate: float | None
    win_rate_lower: float | None
    win_rate_upper: float | None
    elo: float | None
    n_judgments: int
    human_rating: float | None
    human_lower: float | None
    human_upper: float | None
    human_bounded: bool | None
    n_votes: int
    corrected_rating: float | None
    corrected_lower: float | None
    corrected_upper: float | None
    difference: float | None
    difference_lower: float | None
    difference_upper: float | None
    style_shift: float | None
    style_shift_lower: float | None
    style_shift_upper: float | None
    change: float | None
    change_lower: float | None
    change_upper: float | None
    changed_since: datetime | None
    published_rating: float | None
    published_source: str | None
    published_on: date | None
    usd_per_million_in: float | None
    usd_per_million_out: float | None
    price_source: str | None
    price_date: date | None
    usd_per_answer: float | None
    usd_per_win: float | None


class LeaderboardOut(Schema):
    board: str
    title: str
    category: str | None
    release: str | None  # the day of the snapshot, in UTC
    rater: str  # whose ranking: empty is all judges together
    style: str  # "controlled": ratings leave it aside; empty: it counts
    fitted_at: datetime | None
    method: str | None
    tie_rule: str | None
    anchor: str | None
    prompt_sets: list[str]
    judges: list[str]
    n_judgments: int
    n_open: int
    n_unusable: int
    n_votes: int
    judge_weight: float | None
    vote_worth: float | None
    evidence_digest: str | None
    simulated: bool
    trust: AgreementOut | None
    ceiling: AgreementOut | None
    rows: list[RowOut]


class LaneOut(Schema):
    """One endpoint and its questions: not asked yet, of those nobody can pay for, being asked, answered of late."""

    endpoint: str
    address: str | None  # to its owner and to maintainers
    simulated: bool
    wanted: int
    unpaid: int
    under_way: int
    last_minute: int
    last_hour: int
    held: bool
    at_once: int | None
    at_once_at_most: int
    ready_since: datetime | None
    next_at: datetime | None
    resting_until: datetime | None
    trouble: str
    requests_per_minute: int | None
    tokens_per_minute: int | None
    shares_limits: bool


class WorkerOut(Schema):
    host: str
    process: int
    state: str  # asking, ready, silent
    endpoints: list[str]
    started_at: datetime
    beat_at: datetime


class RunSpendOut(Schema):
    run: int = Field(alias="pk")
    newcomer: str | None = Field(alias="newcomer.name", default=None)
    usd: Decimal = Field(alias="budget.spent")
    cap: Decimal | None = Field(alias="budget.cap")


class SpendingOut(Schema):
    """Dollars as text, so that no digit is lost. The sums are told to maintainers."""

    today: Decimal | None
    last_7_days: Decimal | None
    runs: list[RunSpendOut]


class StatusOut(Schema):
    at: datetime
    state: str  # asking, taken up soon, not taken up, no worker, resting, out of budget, quiet
    wanted: int
    unpaid: int
    under_way: int
    last_minute: int
    last_hour: int
    ready_since: datetime | None
    next_at: datetime | None
    last_heard: datetime | None
    lanes: list[LaneOut]
    workers: list[WorkerOut]
    spending: SpendingOut
