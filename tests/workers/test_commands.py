"""The commands as they are typed: what they say, what they leave behind, and with which code they end."""

import json
import signal
import subprocess
import sys
import time
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.budgets.price import Price
from apps.contenders.models import Contender, Output
from apps.endpoints.models import Endpoint
from apps.judging.models import Judge, Judgment
from apps.ratings.operations import ensure_board
from apps.runs.models import Draw, Run
from judgeboard.llm.simulator import Options, running_simulator
from tests import stage
from tests.workers.lanes import CONTENDERS, JUDGE, contender_at, judge_at, small_run
from workers.processes import free_port

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.django_db


def said(*command, **options):
    out = StringIO()
    call_command(*command, stdout=out, **options)
    return out.getvalue()


def typed(environment, *command, **kwargs):
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, **kwargs,
    )  # fmt: skip


# --- run --------------------------------------------------------------------------------------------------------------
@pytest.fixture
def known():
    """Two models and a judge that are registered already, and a prompt set of two prompts."""
    address = "https://api.example.com/v1"
    stage.prompt_set("everyday", size=2)
    return [contender_at(address, "alder"), contender_at(address, "birch"), judge_at(address, "strict")]


def test_run_starts_what_is_known_by_name_and_says_where_to_look(known):
    told = said("run", prompt_set="everyday", models="alder, birch", judges="strict")

    run = Run.objects.get()
    assert f"Run {run.pk} is planned; see /runs/{run.pk}/.\n" == told
    assert (4, 4) == (Output.objects.wanted().count(), Judgment.objects.waiting().count())
    assert "main" == run.board.slug


def test_run_says_the_same_as_json(known):
    told = json.loads(said("run", "--json", prompt_set="everyday", models="alder,birch", judges="strict", board="b"))

    expected = {"run": Run.objects.get().pk, "board": "b", "models": ["alder", "birch"], "judges": ["strict"]}
    assert expected == told


def test_run_registers_new_models_and_judges_at_the_addresses_given(monkeypatch):
    stage.prompt_set("everyday")
    monkeypatch.setenv("SOME_KEY", "sk-canary-0123456789")
    said(
        "run", prompt_set="everyday", models="x,y", base_url="https://models.example.com/v1", key_env="SOME_KEY",
        judges="org/judge-1.5", judge_base_url="https://judges.example.com/v1",
    )  # fmt: skip

    endpoints = Contender.objects.get(name="x").endpoint, Judge.objects.get().endpoint
    assert ["https://models.example.com/v1", "https://judges.example.com/v1"] == [e.base_url for e in endpoints]
    assert ("6789", "") == (endpoints[0].key_hint, endpoints[1].key_hint)
    assert ("org-judge-1-5", "org/judge-1.5") == (Judge.objects.get().slug, endpoints[1].model)


def test_run_takes_the_judge_of_the_environment(known, monkeypatch):
    monkeypatch.setenv("JUDGEBOARD_JUDGE_MODEL", "strict")

    said("run", prompt_set="everyday", models="alder,birch")

    assert ["strict"] == [judge.slug for judge in Run.objects.get().judges.all()]


def test_run_registers_a_judge_with_the_protocol_given(known):
    address = {"judge_base_url": "https://judges.example.com/v1"}
    said("run", prompt_set="everyday", models="alder,birch", judges="grader", protocol="pointwise-100", **address)

    assert ("pointwise-100", True) == Judge.objects.values_list("protocol", "admitted").get(slug="grader")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"protocol": "pairwise-5"}, r"strict judges by pairwise-1, not pairwise-5; change it in the admin"),
        ({"prompt_set": "nothing"}, r"There is no prompt set 'nothing'; known: ab-tokens, everyday, riddles\."),
        ({"models": "alder"}, r"A run needs at least two models"),
        ({"judges": ""}, r"A run needs at least one judge\."),
        ({"models": "alder,nobody"}, r"'nobody' is not known; give --base-url to register it\."),
        ({"judges": "nobody"}, r"'nobody' is not known; give --judge-base-url to register it\."),
        ({"models": "alder,new", "base_url": "ftp://x"}, r"must start with https://"),
        ({"models": "alder,new", "base_url": "http://models.example.com/v1"}, r"Only https addresses are called"),
    ],
)
def test_run_says_what_is_missing_and_starts_nothing(known, given, sentence):
    with pytest.raises(CommandError, match=sentence):
        said("run", **{"prompt_set": "everyday", "models": "alder,birch", "judges": "strict"} | given)

    assert 0 == Run.objects.count()


PRICES = {"usd_in": Decimal(1), "usd_out": Decimal(4), "judge_usd_in": Decimal(2), "judge_usd_out": Decimal(8)}
ALL_KNOWN = {"prompt_set": "everyday", "models": "alder,birch", "judges": "strict"}


def test_run_writes_prices_down_and_keeps_to_the_budget(known):
    said("run", budget=Decimal("2.50"), **PRICES, **ALL_KNOWN)

    prices = {one.name: one.price for one in Endpoint.objects.all()}
    assert {"alder": Price(1, 4), "birch": Price(1, 4), "strict": Price(2, 8)} == prices
    assert {"manage.py run"} == set(Endpoint.objects.values_list("price_source", flat=True))
    assert Decimal("2.50") == Run.objects.get().budget.cap


def test_run_refuses_a_budget_where_a_price_is_missing_and_half_a_price(known):
    with pytest.raises(CommandError, match="No price is known for alder, so the budget could not be kept"):
        said("run", budget=Decimal(1), **ALL_KNOWN)
    with pytest.raises(CommandError, match="A price has both sides: give --judge-usd-in and --judge-usd-out"):
        said("run", judge_usd_in=Decimal(1), **ALL_KNOWN)

    assert 0 == Run.objects.count()


@pytest.mark.parametrize("text", ["much", "-1", "nan", "inf"])
def test_run_says_what_it_takes_for_dollars(known, text):
    with pytest.raises(CommandError, match=r"expected dollars, for example 2\.50, found"):
        said("run", "--budget", text, **ALL_KNOWN)


def test_a_dry_run_says_what_it_would_come_to_and_writes_nothing(known):
    told = said(
        "run", "--dry-run", base_url="https://api.example.com/v1", **PRICES, **ALL_KNOWN | {"models": "alder,new"}
    )

    # 4 answers of 100 and 400 tokens at $1 and $4: $0.0068; 4 verdicts of 1,200 and 250 at $2 and $8: $0.0176.
    assert [
        "4 outputs and 4 judgments would be asked for; nothing was written.",
        "tokens   5,200 in, 2,600 out",
        "cost     $0.0244",
        "time     0.0 minutes (nothing was measured yet of alder, new, strict)",
        # 4 verdicts a model: 1.96 x 173.72 x 2 / 2.
        "ratings  to ±340 Elo points (95 %)",
    ] == told.splitlines()
    assert (0, 0, 0) == (Run.objects.count(), Output.objects.count(), Contender.objects.filter(name="new").count())
    assert {None} == set(Endpoint.objects.values_list("usd_per_million_in", flat=True))


def test_a_dry_run_says_the_same_as_json(known):
    told = json.loads(said("run", "--dry-run", "--json", **ALL_KNOWN))

    assert (4, 4, {"read": 5200, "written": 2600}) == (told["outputs"], told["judgments"], told["tokens"])
    assert ("0", ["alder", "birch", "strict"]) == (told["usd"], told["unpriced"])


def test_run_starts_a_run_that_chooses_its_matches(known):
    told = said("run", precision=30.0, max_calls=100, **ALL_KNOWN)

    run = Run.objects.get()
    assert f"Run {run.pk} is planned, and chooses its matches by equal_width; see /runs/{run.pk}/.\n" == told
    assert (30.0, 100, "equal_width") == (run.precision, run.max_calls, run.rule)
    assert 2 == Draw.objects.count()  # the two models on each of the two prompts


def test_run_says_by_which_rule_it_chooses_as_json(known):
    told = json.loads(said("run", "--json", order=True, rule="rank_gain", **ALL_KNOWN))

    assert "rank_gain" == told["rule"] == Run.objects.get().rule


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"precision": 0.0}, "Expected a precision of at least 1 Elo point, found 0"),
        ({"precision": 20.0, "order": True}, "stops at a precision or at the order, not at both"),
        ({"rule": "best", "order": True}, "no rule 'best' to choose matches by; there are round_robin, uniform"),
        ({"order": True, "pairs_per_prompt": 2}, "has no number of pairs a prompt"),
        ({"max_calls": 0}, "Expected at least one call to a judge, found 0"),
    ],
)
def test_run_refuses_a_choice_that_makes_no_sense(known, given, sentence):
    with pytest.raises(CommandError, match=sentence):
        said("run", **ALL_KNOWN | given)

    assert 0 == Run.objects.count()


def test_run_says_what_it_takes_for_elo_points(known):
    with pytest.raises(CommandError, match="expected Elo points, for example 20, found 'sharp'"):
        said("run", "--precision", "sharp", **ALL_KNOWN)


def test_a_dry_run_says_about_how_many_calls_it_takes_to_the_precision(known):
    asked = {"precision": 200.0} | ALL_KNOWN
    first, *_ = said("run", "--dry-run", **asked).splitlines()
    told = json.loads(said("run", "--dry-run", "--json", **asked))

    # 4 x (1.96 x 173.72 / 200)^2 = 11.6 verdicts; there are two matches only, too few for an audit.
    assert (
        "At most 2 calls to judges and 4 outputs would be asked for until every model is known to ±200 Elo points; "
        "nothing was written."
    ) == first
    assert (2, True, 4, None) == tuple(told[name] for name in ("calls", "at_most", "outputs", "max_calls"))
    assert (0, 0) == (Run.objects.count(), Draw.objects.count())


# --- check_endpoint ---------------------------------------------------------------------------------------------------
def test_check_endpoint_shows_five_ticks():
    with running_simulator() as simulator:
        told = said("check_endpoint", simulator.base_url, model=CONTENDERS[0])

    lines = ["reachable  yes", "key accepted  yes", "model listed  yes", "replies  yes", "parameters accepted  yes"]
    lines += ["structured  NO", "log probabilities  yes"]  # as the simulator is unless told otherwise; no fault
    assert lines == [line.strip() for line in told.splitlines()]


def test_check_endpoint_says_the_same_as_json_and_writes_nothing_down(monkeypatch):
    monkeypatch.setenv("SOME_KEY", "sk-right")
    with running_simulator(Options(api_key="sk-right")) as simulator:
        told = json.loads(said("check_endpoint", "--json", simulator.base_url, model=CONTENDERS[0], key_env="SOME_KEY"))

    assert told["replies"]
    assert told["reply"]
    assert "sk-right" not in json.dumps(told)
    assert 0 == Endpoint.objects.count()


def test_check_endpoint_says_why_an_endpoint_is_no_good(monkeypatch):
    monkeypatch.setenv("SOME_KEY", "sk-wrong")
    out = StringIO()
    refusal = pytest.raises(CommandError, match=r"The endpoint did not accept the key \(401\)\.")
    with running_simulator(Options(api_key="sk-right")) as simulator, refusal:
        call_command("check_endpoint", simulator.base_url, model=CONTENDERS[0], key_env="SOME_KEY", stdout=out)

    lines = ["reachable  yes", "key accepted  NO", "model listed  NO", "replies  NO", "parameters accepted  not tried"]
    lines += ["structured  not tried", "log probabilities  not tried"]
    assert lines == [line.strip() for line in out.getvalue().splitlines()]


def test_check_endpoint_names_a_variable_that_is_not_there(monkeypatch):
    monkeypatch.delenv("SOME_KEY", raising=False)
    with pytest.raises(CommandError, match=r"There is no environment variable SOME_KEY\."):
        said("check_endpoint", "https://api.example.com/v1", model="m", key_env="SOME_KEY")


def test_check_endpoint_refuses_an_address_that_may_not_be_written_down():
    with pytest.raises(CommandError, match=r"must not hold a user name"):
        said("check_endpoint", "https://me:secret@api.example.com/v1", model="m")


def test_check_endpoint_ends_with_one_when_the_endpoint_does_not_reply(child_environment):
    done = typed(child_environment, "check_endpoint", f"http://127.0.0.1:{free_port(0)}/v1", "--model", "m", "--json")

    assert 1 == done.returncode
    assert json.loads(done.stdout)["replies"] is False
    assert "could not be reached" in done.stderr
    assert "Traceback" not in done.stderr


# --- refit ------------------------------------------------------------------------------------------------------------
def test_refit_rates_every_board_or_those_named():
    judge, matches = stage.judge(), stage.matches(3)
    for match in matches:
        stage.judgment(judge, match)
    stage.board(matches[0].prompt.prompt_set, slug="full")
    ensure_board(slug="empty", title="Empty")

    assert {"full: 3 judgments, 0 votes", "empty: 0 judgments, 0 votes"} == set(said("refit").splitlines())
    assert {"board": "full", "judgments": 3, "votes": 0} == json.loads(said("refit", "full", "--json"))


def test_refit_names_the_boards_that_are_not_there():
    ensure_board(slug="main", title="Main")

    with pytest.raises(CommandError, match=r"There is no board nowhere, one\."):
        said("refit", "main", "one", "nowhere")


# --- work -------------------------------------------------------------------------------------------------------------
def test_work_until_done_takes_a_run_to_its_end_and_says_how_much_it_answered(child_environment):
    with running_simulator() as simulator:
        run = small_run(simulator, contenders=2, prompts=2)
        done = typed(child_environment, "work", "--until-done", "--json")

    # 2 x 2 outputs, and 2 matches in both orders.
    assert (0, {"answered": 8}) == (done.returncode, json.loads(done.stdout)), done.stderr
    run.refresh_from_db()
    assert run.finished_at is not None
    assert {JUDGE} == {judgment.judge.name for judgment in Judgment.objects.done()}


def test_work_that_is_terminated_stores_what_is_under_way_and_gives_back_the_rest(child_environment):
    with running_simulator(Options(latency_seconds=0.3)) as simulator:
        small_run(simulator, contenders=2, prompts=40)
        command = [sys.executable, "manage.py", "work"]
        with subprocess.Popen(
            command, cwd=ROOT, env=child_environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            while not simulator.counts["requests"]:
                assert process.poll() is None
                time.sleep(0.05)
            process.send_signal(signal.SIGTERM)
            out, err = process.communicate(timeout=30)
        called = simulator.counts["requests"]

    assert 0 == process.returncode, err
    assert f"{called} answered.\n" == out
    assert called == Output.objects.done().count() < 80
    assert not Output.objects.leased().exists()
    assert not Endpoint.objects.exclude(lane_token=None).exists()
