"""A newcomer's walk through the real stack: pages in a real Chromium, work done by a real worker on a real database.

The `page` fixture fails the test at the first script error or violation of the content security policy.
"""

import subprocess
import sys

import pytest

from apps.endpoints.operations import ensure_endpoint
from apps.humans.models import Vote
from apps.ratings.operations import refit_board
from apps.runs.models import Run
from apps.runs.operations import create_run
from tests import stage

RIVALS = ("sim-ginkgo", "sim-dahlia")
PASSWORD = "a long enough secret"


@pytest.fixture
def board(transactional_db, simulator, settings):
    """Two simulated models, a simulated judge and a wish to compare them on three prompts."""
    settings.ALLOWED_NETWORKS = ["127.0.0.0/8"]
    prompts = stage.prompt_set(size=3)
    board = stage.board(prompts)
    endpoints = {name: at(simulator, name) for name in (*RIVALS, "sim-judge-oak")}
    contenders = [stage.contender(name) for name in RIVALS]
    for contender in contenders:
        contender.endpoint = endpoints[contender.name]
        contender.save()
    judge = stage.judge("oak", endpoint=False)
    judge.endpoint = endpoints["sim-judge-oak"]
    judge.save()
    create_run(board=board, prompt_sets=[prompts], contenders=contenders, judges=[judge])
    return board


def at(simulator, model):
    return ensure_endpoint(base_url=simulator.base_url, model=model, simulated=True)


@pytest.fixture
def work(child_environment):
    """Lets a worker process do all that is wanted on the test's database."""

    def until_done():
        command = [sys.executable, "manage.py", "work", "--until-done", "--json"]
        subprocess.run(command, env=child_environment, check=True, capture_output=True, timeout=60)

    return until_done


def test_from_the_board_to_a_match_and_to_a_blind_vote_by_one_key(live_server, page, board, work, now):
    work()

    page.goto(live_server.url)
    page.get_by_role("heading", name="sim-ginkgo").wait_for()
    page.get_by_role("link", name="sim-ginkgo").first.click()
    page.get_by_role("link", name="sim-dahlia and sim-ginkgo").or_(
        page.get_by_role("link", name="sim-ginkgo and sim-dahlia")
    ).first.click()
    page.get_by_role("heading", name="What the judges said").wait_for()

    page.get_by_role("link", name="Vote", exact=True).click()
    page.get_by_role("heading", name="Which answer is better?").wait_for()
    assert not any(name in page.content() for name in RIVALS)
    page.get_by_label("Vote by single keys").wait_for()  # shown by the script that listens
    page.keyboard.press("1")
    page.get_by_label("Your last vote").get_by_text("You preferred").wait_for()

    assert 1 == Vote.objects.count()
    assert 1 == refit_board(board=board, now=now).n_votes


def test_a_submitted_endpoint_is_checked_run_and_ranked(live_server, page, board, simulator, work):
    work()

    page.goto(f"{live_server.url}/submit/")
    page.goto(page.url.replace("sign-in", "sign-up"))
    page.get_by_label("Username").fill("ada")
    page.locator("[name=password1]").fill(PASSWORD)
    page.locator("[name=password2]").fill(PASSWORD)
    page.locator("main [type=submit]").click()

    page.get_by_label("Base URL").fill(simulator.base_url)
    page.get_by_label("Model name").fill("sim-elm")
    page.locator("[name=key]").fill("sk-walk-0123456789")
    page.get_by_label("Display name").fill("Elm of Ada")
    page.get_by_role("button", name="Check the plan").click()
    counts = page.locator(".plan-counts").first  # what it is expected to cost stands below
    counts.wait_for()
    assert ["3", "6", "12"] == counts.locator("dd").all_inner_texts()  # 2 opponents x 3 prompts x 2 orders
    page.get_by_role("button", name="Start the run").click()
    page.get_by_text("Checking").first.wait_for()
    run = Run.objects.get(newcomer__name="Elm of Ada")

    work()

    # The page asks for itself; nobody reloads it.
    page.get_by_text("Done", exact=True).first.wait_for(timeout=10_000)
    assert "Done. Answers 9 of 9" in page.locator("[data-said]").inner_text()  # read out to whoever listens
    page.goto(f"{live_server.url}/boards/{run.board.slug}/")
    page.get_by_role("link", name="Elm of Ada").first.wait_for()
    assert "sk-walk" not in page.content()
