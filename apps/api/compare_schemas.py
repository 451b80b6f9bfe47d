"""Two models against each other. Shares are of matches, in [0, 1], told from `a`; null is "not measured", never 0."""

from ninja import Field, Schema


class ShareOut(Schema):
    n: int
    share: float | None
    lower: float | None
    upper: float | None


class HeadToHeadOut(Schema):
    """`points`: won and half of tied. `ahead`: first, second, open or not measured, by the interval of the points."""

    n: int
    n_prompts: int
    n_bad: int
    won: ShareOut
    tied: ShareOut
    lost: ShareOut
    points: ShareOut
    ahead: str


class JudgeOut(Schema):
    judge: str = Field(alias="judge.slug")
    version: int = Field(alias="judge.version")
    n_judgments: int
    told: HeadToHeadOut


class CategoryOut(Schema):
    category: str = Field(alias="category.slug")
    judges: HeadToHeadOut
    people: HeadToHeadOut


class SidesOut(Schema):
    """How many said so; `outcome` is what most say, told from `a`."""

    won: int
    lost: int
    tied: int
    outcome: str | None


class ReasonOut(Schema):
    """A judge's words, which call A the model that it was shown first; null: it was shown no order."""

    judge: str
    text: str
    shown_a: str | None = Field(alias="shown_a.slug", default=None)


class MatchOut(Schema):
    match: int = Field(alias="match.pk")
    prompt_set: str = Field(alias="match.prompt.prompt_set.slug")
    prompt: str = Field(alias="match.prompt.key")
    category: str = Field(alias="match.prompt.category.slug")
    turn: int = Field(alias="match.turn")
    judges: SidesOut
    people: SidesOut
    judges_disagree: bool = Field(alias="split")
    order_flipped: bool = Field(alias="flipped")
    human_differs: bool = Field(alias="differ")
    reason: ReasonOut | None


class CompareOut(Schema):
    a: str
    b: str
    board: str
    category: str | None
    rater: str  # empty: all judges
    simulated: bool
    n_matches: int
    n_judgments: int
    n_votes: int
    judges: HeadToHeadOut
    people: HeadToHeadOut
    same: ShareOut  # most judges and most people say the same, of the matches with both
    each_judge: list[JudgeOut]
    categories: list[CategoryOut]
    show: str
    lists: dict[str, int]
    page: int
    pages: int
    matches: list[MatchOut]
