"""Who plays: the contenders, judges and people that the simulator serves unless told otherwise."""

from dataclasses import asdict, dataclass
from typing import Any

from .chance import generator
from .contenders import Contender, Style
from .readers import Reader

PLAIN = Style(lists=0.05, headings=0.0, bold=0.05)
TIDY = Style(lists=0.5, headings=0.1, bold=0.3)
ORNATE = Style(lists=0.7, headings=0.5, bold=0.8)

# Skills are 60 to 90 points apart except for hazel and birch, which no small run should be able to tell apart. Names,
# lengths and styles are not in the order of skill, so that no ranking comes out right for a wrong reason.
CONTENDERS = (
    Contender("sim-aster", 920, 6, PLAIN, "sim-meadow"),
    Contender("sim-birch", 1065, 10, TIDY, "sim-grove"),
    Contender("sim-cedar", 1145, 9, ORNATE, "sim-grove"),
    Contender("sim-dahlia", 755, 8, TIDY, "sim-meadow"),
    Contender("sim-elm", 985, 8, PLAIN, "sim-grove"),
    Contender("sim-fern", 830, 9, ORNATE, "sim-meadow"),
    Contender("sim-ginkgo", 1220, 7, TIDY, "sim-arbor"),
    Contender("sim-hazel", 1080, 7, PLAIN, "sim-arbor"),
)

JUDGES = (
    Reader("sim-judge-oak", "sim-bench", taste=90, slip=90, first_bias=25, tie_band=45, bad_below=-340),
    Reader(
        "sim-judge-pine",
        "sim-bench",
        taste=115,
        slip=130,
        first_bias=70,
        length_bias=50,
        style_bias=15,
        tie_band=40,
        bad_below=-380,
    ),
)

N_PEOPLE = 24
_EVERY_SLOPPY_PERSON = 8


def _person(number: int) -> Reader:
    name = f"sim-person-{number:02d}"
    chance = generator("person", number)
    # Sloppy people look at the first answer longer and call fewer ties, because they do not weigh.
    sloppy = number % _EVERY_SLOPPY_PERSON == 0
    return Reader(
        name,
        "sim-people",
        taste=round(chance.uniform(95, 150)) + 90 * sloppy,
        slip=round(chance.uniform(55, 105)) + 150 * sloppy,
        first_bias=60.0 * sloppy,
        length_bias=round(chance.uniform(0, 20)),
        tie_band=round(chance.uniform(55, 95)) - 25 * sloppy,
        bad_below=round(chance.uniform(-350, -270)),
    )


PEOPLE = tuple(_person(number) for number in range(1, N_PEOPLE + 1))


@dataclass(frozen=True, slots=True)
class Cast:
    """Everyone the simulator speaks for."""

    contenders: tuple[Contender, ...] = CONTENDERS
    judges: tuple[Reader, ...] = JUDGES
    people: tuple[Reader, ...] = PEOPLE

    def by_name(self) -> dict[str, Contender | Reader]:
        """Everyone by model name; names that occur twice are refused with a ValueError."""
        everyone: list[Contender | Reader] = [*self.contenders, *self.judges, *self.people]
        found = {one.name: one for one in everyone}
        if len(found) != len(everyone):
            raise ValueError(f"Model names must differ, but {len(everyone)} models have {len(found)} names.")
        return found

    def truth(self) -> dict[str, Any]:
        """Everything that is planted, ready for JSON; biases and skills in Elo points."""
        return {
            "scale": "elo",
            "skill": {contender.name: contender.skill for contender in self.contenders},
            "contenders": {contender.name: asdict(contender) for contender in self.contenders},
            "judges": {judge.name: asdict(judge) for judge in self.judges},
            "people": {person.name: asdict(person) for person in self.people},
        }
