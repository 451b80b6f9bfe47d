from copy import copy
from typing import NamedTuple, Self
from urllib.parse import parse_qsl

from django.db import models
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy

from apps.contenders.models import Contender, Output
from apps.judging.models import Judge
from apps.prompts.models import Category, PromptSet
from apps.prompts.privacy import PrivateQuerySet, private_to


class Board(models.Model):
    """Catalogue. What is ranked together: the matches on these prompt sets, by these judges (none named: by all)."""

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    prompt_sets = models.ManyToManyField(PromptSet, related_name="boards")
    judges = models.ManyToManyField(Judge, blank=True, related_name="boards")
    anchor = models.ForeignKey(
        Contender,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Pinned to the anchor rating; without one the mean rating is 1000.",
    )
    anchor_rating = models.FloatField(default=1000)
    position = models.PositiveSmallIntegerField(
        default=100, help_text="The board with the lowest number is the home page."
    )
    private_to = private_to()

    objects = PrivateQuerySet["Board"].as_manager()

    class Meta:
        ordering = ["position", "slug"]

    def __str__(self):
        return self.title


class Leaderboard(models.Model):
    """Standing. A dated snapshot of a board, with everything that made it; it may be deleted and computed anew."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="leaderboards")
    category = models.ForeignKey(Category, on_delete=models.CASCADE, null=True, related_name="+")
    fitted_at = models.DateTimeField(default=timezone.now)
    evidence_until = models.DateTimeField(null=True, help_text="Everything said up to then is in it.")
    method = models.CharField(max_length=200)
    tie_rule = models.CharField(max_length=80)
    anchor = models.CharField(max_length=250)
    prompt_sets = models.JSONField(default=list)
    judges = models.JSONField(default=list)
    seed = models.PositiveIntegerField()
    code_version = models.CharField(max_length=40)
    evidence_digest = models.CharField(max_length=64)
    n_prompts = models.PositiveIntegerField(default=0)
    n_matches = models.PositiveIntegerField(default=0)
    n_judgments = models.PositiveIntegerField(default=0)
    n_unusable = models.PositiveIntegerField(
        default=0, help_text="Judgments answered without a legal verdict; left out."
    )
    n_open = models.PositiveIntegerField(default=0, help_text="Judgments wanted but not answered yet.")
    n_votes = models.PositiveIntegerField(default=0)
    n_voters = models.PositiveIntegerField(default=0)
    judge_weight = models.FloatField(
        null=True, help_text="How far the judges' verdicts went into the corrected ratings, 0 to 1; empty: not at all."
    )
    vote_worth = models.FloatField(
        null=True, help_text="Votes that would tell as much as one vote beside the judges' verdicts."
    )
    simulated = models.BooleanField(default=False)
    draw_at = models.DateTimeField(null=True, help_text="When its figures are due to be drawn; empty: they are drawn.")

    class Meta:
        ordering = ["-fitted_at", "-pk"]
        indexes = [
            models.Index(fields=["board", "category", "-fitted_at"]),
            models.Index(fields=["draw_at"], condition=models.Q(draw_at__isnull=False), name="leaderboards_to_draw"),
        ]

    def __str__(self):
        return f"{self.board} of {self.fitted_at:%Y-%m-%d %H:%M}"


class Rating(models.Model):
    """Standing. One contender in one snapshot, as all judges, one judge, the humans, or both together see it."""

    class By(models.TextChoices):
        JUDGES = "judges", "all judges"
        JUDGE = "judge", "one judge"
        HUMANS = "humans", "humans"
        CORRECTED = "corrected", "humans, sharpened by the judges"

    leaderboard = models.ForeignKey(Leaderboard, on_delete=models.CASCADE, related_name="ratings")
    contender = models.ForeignKey(Contender, on_delete=models.CASCADE, related_name="ratings")
    by = models.CharField(max_length=9, choices=By)
    judge = models.ForeignKey(Judge, on_delete=models.CASCADE, null=True, related_name="+")
    rating = models.FloatField(null=True, help_text="Bradley-Terry on the Elo scale; empty: not measured.")
    lower = models.FloatField(null=True)
    upper = models.FloatField(null=True)
    bounded = models.BooleanField(default=True, help_text="False: never lost or never won, so one end is a convention.")
    rank_low = models.PositiveIntegerField(null=True)
    rank_high = models.PositiveIntegerField(null=True)
    component = models.PositiveIntegerField(default=0, help_text="Contenders of different groups never met.")
    elo = models.FloatField(null=True, help_text="Sequential Elo, in the order of play.")
    win_rate = models.FloatField(null=True)
    win_rate_lower = models.FloatField(null=True)
    win_rate_upper = models.FloatField(null=True)
    shift = models.FloatField(null=True, help_text="With style left aside, Elo points more; empty: not measured.")
    shift_lower = models.FloatField(null=True)
    shift_upper = models.FloatField(null=True)
    controlled_lower = models.FloatField(null=True, help_text="Of the rating with style left aside.")
    controlled_upper = models.FloatField(null=True)
    controlled_rank_low = models.PositiveIntegerField(null=True)
    controlled_rank_high = models.PositiveIntegerField(null=True)
    n = models.PositiveIntegerField(default=0, help_text="Judgments or votes behind it.")
    tokens_in = models.FloatField(
        null=True, help_text="Read for an answer here, on average; with the rating by all judges."
    )
    tokens_out = models.FloatField(null=True, help_text="Written for an answer here, on average.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["leaderboard", "contender", "judge"],
                condition=models.Q(judge__isnull=False),
                name="one_rating_per_contender_and_judge",
            ),
            models.UniqueConstraint(
                fields=["leaderboard", "contender", "by"],
                condition=models.Q(judge__isnull=True),
                name="one_rating_per_contender_and_panel",
            ),
        ]

    def __str__(self):
        return f"{self.contender}: {self.rating}"

    @property
    def controlled(self) -> Self:
        """The same with style left aside, to be read and not stored; who met whom and won what stays what it is."""
        told = copy(self)
        told.rating = None if self.rating is None or self.shift is None else self.rating + self.shift
        told.lower, told.upper = self.controlled_lower, self.controlled_upper
        told.rank_low, told.rank_high = self.controlled_rank_low, self.controlled_rank_high
        return told


class Agreement(models.Model):
    """Standing. How far two raters agree on the same matches. n = 0 is "not measured", and every figure is empty."""

    class Unit(models.TextChoices):
        VOTE = "vote", gettext_lazy("each vote")
        MAJORITY = "majority", gettext_lazy("majority of a match")

    leaderboard = models.ForeignKey(Leaderboard, on_delete=models.CASCADE, related_name="agreements")
    left = models.CharField(max_length=220)
    right = models.CharField(max_length=220)
    judge = models.ForeignKey(Judge, on_delete=models.CASCADE, null=True, related_name="+")
    turn = models.PositiveSmallIntegerField(null=True, help_text="Empty: all turns.")
    unit = models.CharField(max_length=8, choices=Unit)
    raters = models.CharField(max_length=40, help_text="all, or a group of voters such as expert")
    ties = models.CharField(max_length=7, choices=[("kept", "kept"), ("dropped", "dropped")])
    n = models.PositiveIntegerField()
    agreement = models.FloatField(null=True)
    lower = models.FloatField(null=True)
    upper = models.FloatField(null=True)
    kappa = models.FloatField(null=True)
    kappa_lower = models.FloatField(null=True)
    kappa_upper = models.FloatField(null=True)
    ac1 = models.FloatField(null=True, help_text="Gwet's AC1, which rare classes do not push down as they do kappa.")
    ac1_lower = models.FloatField(null=True)
    ac1_upper = models.FloatField(null=True)
    confusion = models.JSONField(default=list)

    def __str__(self):
        return f"{self.left} and {self.right}: {self.agreement}"


class RankAgreement(models.Model):
    """Standing. How far two rankings of one snapshot agree: the judges' against the people's or a published one."""

    leaderboard = models.ForeignKey(Leaderboard, on_delete=models.CASCADE, related_name="rank_agreements")
    left = models.CharField(max_length=220)
    right = models.CharField(max_length=220)
    n = models.PositiveIntegerField(help_text="Contenders rated on both sides.")
    spearman = models.FloatField(null=True)
    spearman_lower = models.FloatField(null=True)
    spearman_upper = models.FloatField(null=True)
    kendall = models.FloatField(null=True)
    kendall_lower = models.FloatField(null=True)
    kendall_upper = models.FloatField(null=True)

    def __str__(self):
        return f"{self.left} and {self.right}: {self.spearman}"


class Finding(models.Model):
    """Standing. What the fit of a snapshot knows and no rating keeps, in rows for its figures."""

    class Name(models.TextChoices):
        PAIRS = "pairs", "pairs of leading models"
        RANKS = "ranks", "chances of ranks"
        CALIBRATION = "calibration", "wins by gap"
        AGREEMENT = "agreement", "agreement by gap"
        STYLE = "style", "what style is worth"
        PROMPTS = "prompts", "what prompts tell"
        VOTES = "votes", "how sure agreement is"

    leaderboard = models.ForeignKey(Leaderboard, on_delete=models.CASCADE, related_name="findings")
    name = models.CharField(max_length=11, choices=Name)
    rows = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["leaderboard", "name"], name="one_finding_per_name")]

    def __str__(self):
        return f"{self.get_name_display()} of {self.leaderboard}"


class Cell(NamedTuple):
    """Of a figure's table. `form`: how the value is written; `row`: all that it stands beside, for its link."""

    value: str | float | None
    form: str
    row: dict


MOST_ROWS = 60  # of a table that stands below its drawing


class Words(NamedTuple):
    """What stands around a figure's rows."""

    title: str
    caption: str
    summary: str
    columns: list[tuple[str, str, str]]  # key, heading and form


class Figure(models.Model):
    """Standing. A chart of one snapshot, drawn once, with the rows it was drawn from: its table, and its CSV file.

    Those of the whole board are told and drawn with it. Those of one model, or of another view than that of all judges
    with style counting, are told when somebody first looks, and drawn a moment later.
    """

    leaderboard = models.ForeignKey(Leaderboard, on_delete=models.CASCADE, related_name="figures")
    contender = models.ForeignKey(
        Contender, on_delete=models.CASCADE, null=True, related_name="+", help_text="Empty: of the whole board."
    )
    view = models.CharField(
        max_length=250, blank=True, help_text="Whose ratings it shows, as a query; empty: all judges’, style counting."
    )
    name = models.SlugField(max_length=40)
    title = models.CharField(max_length=120)
    caption = models.TextField(help_text="How to read it.")
    summary = models.TextField(help_text="What is to be seen, in a sentence.")
    svg = models.TextField(help_text="Empty: not drawn yet, or not to be drawn.")
    png = models.BinaryField(default=bytes, help_text="Of the one that is shown elsewhere, as a picture.")
    problem = models.TextField(default="", help_text="Why it is not to be drawn, in a sentence.")
    columns = models.JSONField(default=list, help_text="Key, heading and form of each column of the table.")
    translations = models.JSONField(
        default=dict, help_text="By language: title, caption, summary and columns, where they are not English."
    )
    rows = models.JSONField(default=list)
    n_rows = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["leaderboard", "view", "name"], condition=models.Q(contender=None), name="one_figure_per_name"
            ),
            models.UniqueConstraint(
                fields=["leaderboard", "contender", "view", "name"],
                condition=models.Q(contender__isnull=False),
                name="one_figure_per_model_and_name",
            ),
        ]

    def __str__(self):
        return f"{self.title} of {self.leaderboard}"

    @property
    def is_awaited(self) -> bool:
        """It will be drawn in a moment."""
        return not (self.svg or self.problem)

    @property
    def words(self) -> Words:
        """In the language of whoever reads; in English where it was told before that language was known."""
        told = self.translations.get(get_language() or "", {})
        return Words(*(told.get(name, getattr(self, name)) for name in Words._fields))

    @property
    def table(self) -> list[list[Cell]]:
        """The rows, cell by cell in the order of the columns."""
        return [[Cell(row[key], form, row) for key, _, form in self.columns] for row in self.rows]

    @property
    def is_long(self) -> bool:
        """Whether its table has a page of its own rather than a place below the drawing."""
        return self.n_rows > MOST_ROWS

    @property
    def filename(self) -> str:
        """Without its ending."""
        board, category = self.leaderboard.board.slug, self.leaderboard.category
        about = [of.slug for of in (category, self.contender) if of]
        return "-".join([board, *about, *(word for _, word in parse_qsl(self.view)), self.name])


class JudgeRecord(models.Model):
    """Standing. What one judge did in one snapshot and what it leans to; or a rater that no judge should fall below."""

    class Baseline(models.TextChoices):
        PERSON = "person", gettext_lazy("one human")
        LONGER = "longer", gettext_lazy("always longer")
        FIRST = "first", gettext_lazy("always first")
        COIN = "coin", gettext_lazy("coin")

    leaderboard = models.ForeignKey(Leaderboard, on_delete=models.CASCADE, related_name="judge_records")
    judge = models.ForeignKey(Judge, on_delete=models.CASCADE, null=True, related_name="records")
    baseline = models.CharField(max_length=6, choices=Baseline, blank=True, help_text="Without a judge: who it is.")
    n_done = models.PositiveIntegerField(default=0, help_text="Legal verdicts, those on its own family included.")
    n_unusable = models.PositiveIntegerField(default=0, help_text="Replies without a legal verdict.")
    n_failed = models.PositiveIntegerField(default=0, help_text="Questions to which no answer came.")
    latency_ms = models.FloatField(null=True, help_text="A call, on average.")
    tokens_out = models.FloatField(null=True, help_text="Written in a call, on average.")
    usd = models.FloatField(null=True, help_text="A legal verdict, on average; empty: no price is known.")
    traits = models.JSONField(default=dict, help_text="By name: n, value, lower, upper, state, unit.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["leaderboard", "judge"],
                condition=models.Q(judge__isnull=False),
                name="one_record_per_snapshot_and_judge",
            ),
            models.UniqueConstraint(
                fields=["leaderboard", "baseline"],
                condition=models.Q(judge__isnull=True),
                name="one_record_per_snapshot_and_baseline",
            ),
        ]

    def __str__(self):
        return f"{self.judge or self.get_baseline_display()}, {self.leaderboard}"


class AnswerStyle(models.Model):
    """Standing. What a program can tell of one answer, once, as answers never change: its looks, and if it is right."""

    output = models.ForeignKey(Output, on_delete=models.CASCADE, related_name="styles")
    turn = models.PositiveSmallIntegerField()
    characters = models.PositiveIntegerField()
    headers = models.PositiveIntegerField()
    list_items = models.PositiveIntegerField()
    bold = models.PositiveIntegerField()
    right = models.SmallIntegerField(
        default=-1, help_text="1 right, 0 wrong; -1: the prompt has no key, or the answer leaves it open."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["output", "turn"], name="one_style_per_output_and_turn")]

    def __str__(self):
        return f"{self.output}, turn {self.turn}"


class PublishedRating(models.Model):
    """Catalogue. A human rating that somebody else published, kept with its source and date."""

    source = models.CharField(max_length=120)
    source_url = models.URLField(blank=True)
    published_on = models.DateField()
    name = models.CharField(max_length=200, help_text="The model's name as published.")
    rating = models.FloatField()
    lower = models.FloatField(null=True, blank=True)
    upper = models.FloatField(null=True, blank=True)
    contender = models.ForeignKey(
        Contender, on_delete=models.SET_NULL, null=True, blank=True, related_name="published_ratings"
    )

    class Meta:
        ordering = ["source", "-published_on", "-rating"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "published_on", "name"], name="one_published_rating_per_model_and_day"
            )
        ]

    def __str__(self):
        return f"{self.name} {self.rating:.0f} ({self.source}, {self.published_on})"
