"""In whose eyes a board is looked at."""

from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlencode

from django.db.models import Q

from apps.judging.models import Judge
from apps.judging.queries import judge_key
from apps.ratings.models import Rating

PEOPLE = "people"
CONTROLLED = "controlled"


@dataclass(frozen=True)
class Rater:
    """All judges together unless one judge, or the people, are named. `is_controlled`: with style left aside."""

    judge: Judge | None = None
    is_people: bool = False
    is_controlled: bool = False

    @property
    def key(self) -> str:
        """Its word in an address: none for all judges, `people`, `gavel`, `gavel.2` for a second version."""
        return PEOPLE if self.is_people else judge_key(self.judge) if self.judge else ""

    @property
    def by(self) -> str:
        return Rating.By.HUMANS if self.is_people else Rating.By.JUDGE if self.judge else Rating.By.JUDGES

    @property
    def judged_by(self) -> str:
        """Whose ratings stand for the judges: the chosen one's, or those of all together."""
        return Rating.By.JUDGE if self.judge else Rating.By.JUDGES

    @property
    def style(self) -> str:
        """The word for style in an address: none where it counts."""
        return CONTROLLED if self.is_controlled else ""

    @property
    def view(self) -> str:
        """The query that selects it, by which its figures are known among those of a snapshot; empty by default."""
        return urlencode([(name, word) for name, word in (("rater", self.key), ("style", self.style)) if word])

    def seen(self, rating: Rating) -> Rating:
        """A stored rating as it is to be read."""
        return rating.controlled if self.is_controlled else rating

    @property
    def of_judges(self) -> Self:
        """The same where judges and people stand beside each other, whichever of the two rank."""
        return replace(self, is_people=False)

    @property
    def ratings(self) -> Q:
        """Its ratings among those of a snapshot."""
        return Q(by=self.by, judge=self.judge)


ALL_JUDGES = Rater()
