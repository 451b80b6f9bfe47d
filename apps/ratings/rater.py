"""In whose eyes a board is looked at."""

from dataclasses import dataclass

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

    def seen(self, rating: Rating) -> Rating:
        """A stored rating as it is to be read."""
        return rating.controlled if self.is_controlled else rating

    @property
    def ratings(self) -> Q:
        """Its ratings among those of a snapshot."""
        return Q(by=self.by, judge=self.judge)


ALL_JUDGES = Rater()
