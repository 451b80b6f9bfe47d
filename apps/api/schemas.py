"""What the API answers. Ratings are on the Elo scale, shares in [0, 1]; null is "not measured", never 0."""

from datetime import date, datetime

from ninja import Schema


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
    n_votes: int
    corrected_rating: float | None
    corrected_lower: float | None
    corrected_upper: float | None
    difference: float | None
    difference_lower: float | None
    difference_upper: float | None
    published_rating: float | None
    published_source: str | None
    published_on: date | None


class LeaderboardOut(Schema):
    board: str
    title: str
    category: str | None
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
