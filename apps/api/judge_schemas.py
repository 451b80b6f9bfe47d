"""Judges. Shares are in [0, 1], `position`, `length` and `own_family` Elo points; null is "not measured", never 0."""

from datetime import datetime
from typing import Any

from ninja import Field, Schema

from apps.api.schemas import AgreementOut
from apps.judging.queries import judge_key


class TraitOut(Schema):
    """n rows are behind it. `unit`: of `length`, how many times as long an answer is that has the effect."""

    n: int
    value: float | None
    lower: float | None
    upper: float | None
    state: str
    unit: float | None


class RankAgreementOut(Schema):
    """Its ranking of n models against people's."""

    n: int
    spearman: float | None
    spearman_lower: float | None
    spearman_upper: float | None
    kendall: float | None


class WorkOut(Schema):
    n_done: int
    n_unusable: int
    n_failed: int
    latency_ms: float | None
    tokens_out: float | None
    usd: float | None


class CardOut(Schema):
    judge: str
    name: str = Field(alias="judge.name")
    version: int = Field(alias="judge.version")
    protocol: str = Field(alias="judge.protocol")
    simulated: bool = Field(alias="judge.simulated")
    agreement: AgreementOut | None = Field(alias="trust")
    reaches_people: bool | None
    rank_agreement: RankAgreementOut | None = Field(alias="ranks")
    traits: dict[str, TraitOut]
    work: WorkOut | None = Field(alias="record")

    @staticmethod
    def resolve_judge(card: Any) -> str:
        return judge_key(card.judge)


class ReferenceOut(Schema):
    """One person, or a rater that does not read."""

    name: str = Field(alias="record.baseline")
    traits: dict[str, TraitOut]


class WhereOut(Schema):
    board: str | None
    category: str | None
    fitted_at: datetime | None
    ceiling: AgreementOut | None  # people against each other


class JudgesOut(WhereOut):
    judges: list[CardOut]
    references: list[ReferenceOut]


class SaidOut(Schema):
    order: str
    outcome: str
    reason: str


class JudgedMatchOut(Schema):
    match: int = Field(alias="match.pk")
    prompt: str = Field(alias="match.prompt.key")
    a: str = Field(alias="match.output_a.contender.slug")
    b: str = Field(alias="match.output_b.contender.slug")
    judgments: list[SaidOut]
    votes: dict[str, int]


class JudgeOut(WhereOut):
    card: CardOut
    show: str
    matches: list[JudgedMatchOut]
