"""A door for each kind of visitor, and a board that takes submissions."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.contrib.auth.models import User
from django.test import Client

from apps.judging.models import Judge
from apps.prompts.models import PromptSet
from apps.ratings.models import Board
from tests import stage


@dataclass(frozen=True)
class OpenBoard:
    """A board with two prompts, two models that have answered, and a judge at the address that was asked for."""

    board: Board
    prompts: PromptSet
    opponents: list
    judge: Judge

    def submission(self, base_url: str, **changes) -> dict:
        return {
            "base_url": base_url,
            "model": "rowan-7b",
            "name": "Rowan",
            "prompt_sets": [self.prompts.pk],
            "opponents": [opponent.pk for opponent in self.opponents],
            "judges": [self.judge.pk],
            "step": "start",
        } | changes


@pytest.fixture
def open_board(db) -> OpenBoard:
    prompts = stage.prompt_set(size=2)
    opponents = [stage.contender(name) for name in ("Alder", "Birch")]
    for opponent in opponents:
        for prompt in prompts.prompts.all():
            stage.output(opponent, prompt)
    return OpenBoard(stage.board(prompts), prompts, opponents, stage.judge())


@pytest.fixture
def people(db) -> dict[str, User | None]:
    return {
        "anonymous": None,
        "owner": User.objects.create_user("mary"),
        "other": User.objects.create_user("john"),
        "staff": User.objects.create_superuser("ada"),
    }


@pytest.fixture
def door(people) -> Callable[..., Client]:
    """`door("owner")`: a browser of theirs, signed in."""

    def open_for(who: str, **options) -> Client:
        client = Client(**options)
        if people[who] is not None:
            client.force_login(people[who])
        return client

    return open_for
