"""What a newcomer wants, from the board, in no more clicks than it may take."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from apps.contenders.models import Output
from apps.humans.models import Vote
from apps.runs.models import Run
from tests import stage
from tests.browser.one_site.looking import Looker, looker

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("one site")]


@dataclass
class Newcomer:
    """Stands before the board and counts what it takes."""

    tab: Looker
    clicks: int = 0
    fields: int = 0
    keys: int = 0

    @property
    def page(self):
        return self.tab.page

    def click(self, role: str, name: str | re.Pattern[str], within: str = "body") -> None:
        self.page.locator(within).get_by_role(role, name=name, exact=isinstance(name, str)).first.click()
        self.page.wait_for_load_state()  # and the scripts of the next page are there
        self.clicks += 1

    def unfold(self, summary: str) -> None:
        self.page.locator("summary", has_text=summary).first.click()
        self.clicks += 1

    def fill(self, label: str, words: str) -> None:
        self.page.get_by_label(label).fill(words)
        self.fields += 1

    def choose(self, label: str, path: Path, rows: list[dict]) -> None:
        """A file of theirs, with these rows."""
        path.write_text("\n".join(map(json.dumps, rows)))
        self.page.get_by_label(label).set_input_files(path)
        self.fields += 1

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.keys += 1

    def sees(self, words: str | re.Pattern[str]) -> None:
        self.page.get_by_text(words).locator("visible=true").first.wait_for()


@pytest.fixture
def newcomer(browser, site, request):
    with looker(browser, site, signed_in="account" in request.keywords, viewport={"width": 1280, "height": 900}) as tab:
        tab.open("/")
        yield Newcomer(tab)
        assert [] == tab.complaints


def test_is_the_lead_real(newcomer):
    newcomer.sees("Aster and Briar are tied for first")
    newcomer.sees("1–2")
    assert 0 == newcomer.clicks


def test_who_is_best_at_coding_for_less_than_a_dollar(newcomer):
    newcomer.click("link", "Coding", ".context")
    newcomer.click("link", re.compile(r"≤ \$1\b"), ".narrowing")

    assert ["Briar", "Clove"] == newcomer.page.locator(".ranking .model-name").all_inner_texts()
    assert newcomer.clicks <= 2


def test_why_did_one_lose_to_the_other(newcomer):
    newcomer.click("link", "Clove", ".ranking")
    newcomer.click("link", re.compile(r"^\d+ lost to Aster$"))

    newcomer.sees(re.compile("Answer A is .*clearer.*, and says why"))
    assert newcomer.clicks <= 2


@pytest.mark.account
def test_submit_an_endpoint_and_see_it_move(newcomer):
    newcomer.click("link", "Submit a model")
    newcomer.fill("Base URL", stage.ADDRESS)
    newcomer.fill("Model name", "yarrow-7b")
    newcomer.click("button", "Check the plan")
    newcomer.sees("Calls to your endpoint")
    # What it costs and how precise it gets stands there without asking.
    newcomer.sees("Cost")
    newcomer.sees("Rating known to")
    newcomer.click("button", "Start the run")

    # So does how far it is.
    newcomer.sees("Checking")
    assert Run.objects.filter(newcomer__name="yarrow-7b").exists()
    assert newcomer.clicks <= 4
    assert newcomer.fields <= 2


@pytest.mark.account
def test_import_outputs(newcomer, tmp_path):
    rows = [{"prompt": "Why?", "model": "Yarrow", "output": "Because."}, {"prompt": "Why?", "model": "Yarrow"}]
    newcomer.click("link", "Import")
    newcomer.choose("File", tmp_path / "outputs.jsonl", rows)
    newcomer.click("button", "Check the file")
    newcomer.sees("1 row is new; 0 were there already, 1 is rejected.")
    newcomer.sees("There is no answer: expected one of output")
    newcomer.click("button", "Import 1 row")

    newcomer.sees("imported")
    assert ["Because."] == Output.objects.get(contender__name="Yarrow").texts
    assert newcomer.clicks <= 3
    assert newcomer.fields <= 1


@pytest.mark.account
def test_a_private_prompt_set_on_four_models(newcomer, site, tmp_path):
    newcomer.click("link", "Import")
    newcomer.choose("File", tmp_path / "riddles-of-mine.jsonl", [{"prompt": "Why?"}, {"prompt": "Why not?"}])
    newcomer.click("button", "Check the file")
    newcomer.click("button", "Import 2 rows")
    newcomer.click("link", "Run models on it")
    newcomer.sees("4 models answer 2 prompts.")
    newcomer.sees("Cost")
    newcomer.click("button", "Start the run")

    run = Run.objects.get(board__title="Riddles of mine")
    assert (4, site.owner) == (run.contenders.count(), run.board.private_to)
    newcomer.sees("Queued")
    assert newcomer.clicks <= 6
    assert newcomer.fields <= 1


def test_can_this_judge_be_trusted(newcomer):
    newcomer.sees("Can these judges be trusted?")
    newcomer.sees("66 %")
    assert 0 == newcomer.clicks

    newcomer.click("link", "All comparisons")
    newcomer.sees("Kappa")
    assert newcomer.clicks <= 1


def test_where_do_a_judge_and_people_disagree(newcomer):
    newcomer.click("link", "All comparisons")
    newcomer.click("link", "judges prefer A, people B")

    newcomer.sees("that both judges and people know")
    newcomer.page.locator(".match-list a").first.wait_for()
    assert newcomer.clicks <= 2


def test_ten_votes(newcomer):
    before = Vote.objects.count()
    newcomer.click("link", "Vote")
    for number in range(10):
        newcomer.page.get_by_role("heading", name="Which answer is better?").wait_for()
        with newcomer.page.expect_navigation():
            newcomer.press("1234"[number % 4])

    assert before + 10 == Vote.objects.count()
    assert newcomer.clicks <= 1
    assert newcomer.keys <= 10


def test_a_link_to_this_view(newcomer, browser, site):
    newcomer.click("link", "Coding", ".context")
    newcomer.click("link", "Open", ".narrowing")
    seen, address = newcomer.page.locator("main").inner_text(), newcomer.page.url

    with looker(browser, site) as other:
        other.page.set_viewport_size({"width": 1280, "height": 900})
        other.page.goto(address)
        assert seen == other.page.locator("main").inner_text()


def test_download_all_matches(newcomer, site):
    with newcomer.page.expect_download() as begun:
        newcomer.click("link", "All matches")

    rows = [json.loads(line) for line in Path(begun.value.path()).read_text().splitlines()]
    assert {match.pk for match in site.cast.matches} == {row["match"] for row in rows}
    assert newcomer.clicks <= 1


def test_what_changed_since_last_month(newcomer):
    newcomer.sees("30 days")
    assert 0 == newcomer.clicks


def test_cite_it(newcomer):
    newcomer.unfold("Cite")

    assert "@" in newcomer.page.get_by_label("BibTeX", exact=True).input_value()
    assert newcomer.clicks <= 1


def test_a_badge(newcomer):
    newcomer.click("link", "Aster", ".ranking")
    newcomer.unfold("Embed")

    assert "/badge/" in newcomer.page.get_by_label("Badge, as Markdown", exact=True).input_value()
    assert newcomer.clicks <= 2
