"""A whole site for the tests that look and do not change anything: one board with all that a board can show."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from apps.endpoints.models import EndpointCheck
from apps.exchange.operations import import_upload, receive_upload
from apps.humans.operations import Choice, cast_vote, ensure_voter_of, hand_out_ballot
from apps.judging.models import Judgment
from apps.prompts.models import Prompt
from apps.prompts.operations import ensure_category
from apps.ratings.models import Board
from apps.runs.models import Run
from apps.runs.operations import plan_run, submit_contender
from tests import cast, stage
from tests.cast import Cast
from workers.figures import draw_now

MARKDOWN = """## How it goes

1. Read the *whole* question, then `answer()` it.
2. Say [why](https://example.com/).

| step | cost |
|---|---|
| one | 3 |

```python
def answer(question: str, patience: int = 10) -> str: return "a line of code that is far longer than a narrow screen"
```

> Whoever asks learns.
"""


@dataclass
class Site:
    url: str
    cast: Cast
    run: Run
    owner: User
    voted_token: str  # of a ballot that the owner has cast
    upload_token: str  # of a file that the owner may import
    own_prompts: str  # slug of a set that only the owner sees
    session: list[dict[str, str]]  # cookies of a browser in which the owner is signed in

    @property
    def board(self) -> Board:
        return self.cast.board


@contextmanager
def standing_site() -> Iterator[Site]:
    """The site, served. Needs an open database, and leaves it empty."""
    server = LiveServer("localhost")
    try:
        played = demo_cast()
        owner = User.objects.create_user("ada", password="a long enough secret", is_staff=True)
        run = _run_under_way(played, owner)
        own = _own_prompts(owner)
        yield Site(server.url, played, run, owner, _voted(owner), _uploaded(owner), own, _session(owner, server.url))
    finally:
        server.stop()
        call_command("flush", verbosity=0, interactive=False)


def demo_cast() -> Cast:
    """Two categories, two releases a month apart, prices, a conversation, a judge alone, figures drawn."""
    played = cast.assemble(size=4, simulated=True)
    _vary_prompts()
    cast.play_matches(played)
    _dispute(played)
    Judgment.objects.update(reason="Answer A is *clearer*, and says why.", raw="Because.\n\n[[A]]")
    for name, read, written in (("Aster", "3", "15"), ("Briar", "0.2", "0.6"), ("Clove", "0.4", "0.8")):
        cast.price(played, name, read, written)
    cast.stand(played, simulated=True, fitted_at=cast.NOON - timedelta(days=31))
    for category in (ensure_category("coding"), ensure_category("writing")):
        cast.stand(played, simulated=True, category=category)
    cast.stand(played, simulated=True, n_open=3, n_unusable=2)
    cast.rate_alone(played, "Gavel", {name: judged for name, *_, judged, _ in cast.MODELS})
    cast.agree_as_published(played)
    cast.publish(played, "Aster", 1201)
    with ThreadPoolExecutor(1) as elsewhere:  # Playwright keeps an event loop in this thread
        elsewhere.submit(_draw, played.board).result()
    return played


def _dispute(played: Cast) -> None:
    """One match of which judges say one thing and people another."""
    match = played.matches[1]
    match.judgments.update(outcome="model_a")
    match.votes.update(outcome="model_b")


def _draw(board: Board) -> None:
    draw_now(board, now=timezone.now())
    connection.close()


def _vary_prompts() -> None:
    first, *_, last = Prompt.objects.order_by("position")
    Prompt.objects.filter(pk__in=(first.pk, last.pk)).update(category=ensure_category("coding"))
    last.messages = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": MARKDOWN},
    ]
    last.reference = "A *reference* answer."
    last.save()


def _run_under_way(played: Cast, owner: User) -> Run:
    run = submit_contender(
        owner=owner,
        name="Elder",
        base_url=stage.ADDRESS,
        model="elder",
        key="sk-0123456789",
        board=played.board,
        prompt_sets=list(played.board.prompt_sets.all()),
        opponents=[played.contenders["Aster"]],
        judges=list(played.judges.values()),
    )
    EndpointCheck.objects.update(status="done", reachable=True, key_accepted=True, replies=True, latency_ms=812)
    plan_run(run=run, now=timezone.now())
    return run


def _session(owner: User, url: str) -> list[dict[str, str]]:
    client = Client()
    client.force_login(owner)
    return [{"name": name, "value": told.value, "url": url} for name, told in client.cookies.items()]


def _uploaded(owner: User) -> str:
    rows = b'{"prompt": "Why?", "model": "Yarrow", "output": "Because."}\n{"prompt": "Why not?"}\n'
    return receive_upload(owner=owner, name="answers.jsonl", chunks=[rows], now=timezone.now()).token


def _own_prompts(owner: User) -> str:
    rows = b'{"prompt": "Who is it?"}'
    upload = receive_upload(owner=owner, name="own.jsonl", chunks=[rows], now=timezone.now())
    return str(import_upload(upload=upload, now=timezone.now()).report["prompt_set_slug"])


def _voted(owner: User) -> str:
    now = timezone.now()
    ballot = hand_out_ballot(voter=ensure_voter_of(user=owner), now=now)
    return cast_vote(token=ballot.token, voter=ballot.voter, choice=Choice.LEFT, now=now).token
