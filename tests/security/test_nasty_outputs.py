"""R11 and S10: whatever a model sends is stored and shown, and nothing of it acts."""

from urllib.parse import quote

import pytest

from apps.board.text import LONGEST_MARKDOWN, rendered
from apps.contenders.models import Output
from apps.contenders.operations import want_outputs
from apps.humans.models import Ballot, Voter
from apps.judging.models import Judgment
from apps.leases.models import Leased
from judgeboard.llm.completion import storable
from tests import cast, stage
from tests.security import nasty_board
from tests.security.nasty import NASTY
from tests.security.reading import Reading
from tests.workers.lanes import contender_at, drain_once, judge_at
from tests.workers.scripted import scripted

pytestmark = pytest.mark.django_db

KINDS = list(NASTY)


def read(client, url, *, least_prose=0) -> str:
    """The page, after asserting that it is one and that nothing on it acts."""
    answer = client.get(url)
    assert answer.status_code in (200, 286), url
    html = answer.content.decode()
    reading = Reading(html)
    assert [] == reading.problems, url
    assert reading.prose >= least_prose, url
    return html


# --- stored -----------------------------------------------------------------------------------------------------------
def test_whatever_a_model_answers_is_stored_as_it_came():
    texts = iter(NASTY.values())
    with scripted(lambda asked: next(texts)) as endpoint:
        contender = contender_at(endpoint.base_url, "scripted", concurrency=1)
        want_outputs(contenders=[contender], prompts=stage.prompt_set(size=len(NASTY)).prompts.all())
        drain_once(contender.endpoint)

    outputs = Output.objects.order_by("pk")
    assert {Leased.Status.DONE} == set(outputs.values_list("status", flat=True))
    assert sorted(map(storable, NASTY.values())) == sorted(output.texts[0] for output in outputs)


def test_whatever_a_judge_says_before_its_verdict_is_kept_with_it():
    matches = stage.matches(len(NASTY))
    texts = iter(NASTY.values())
    with scripted(lambda asked: f"{next(texts)}\n\n[[A]]") as endpoint:
        judge = judge_at(endpoint.base_url, "scripted", concurrency=1)
        for match in matches:
            Judgment.objects.create(judge=judge, match=match, order="ab")
        drain_once(judge.endpoint)

    judgments = Judgment.objects.all()
    assert {(Leased.Status.DONE, "model_a")} == set(judgments.values_list("status", "outcome"))
    expected = sorted(storable(f"{text}\n\n[[A]]") for text in NASTY.values())
    assert expected == sorted(judgments.values_list("raw", flat=True))


# --- shown ------------------------------------------------------------------------------------------------------------
def test_match_and_vote_pages_show_it_and_nothing_acts(client, django_user_model):
    voter = Voter.objects.create(name="mary", user=django_user_model.objects.create_user("mary"))
    client.force_login(voter.user)
    for match in nasty_board.matches():
        # Instructions, prompt, reference, two answers; two reasons.
        read(client, f"/b/{match.pk}/", least_prose=7)
        ballot = Ballot.objects.create(voter=voter, match=match, b_first=False)
        read(client, f"/vote/{ballot.token}/", least_prose=4)
        assert 302 == client.post(f"/vote/{ballot.token}/", {"choice": "left"}).status_code
        read(client, f"/vote/{ballot.token}/", least_prose=5)


def test_model_and_prompt_pages_show_it_and_nothing_acts(client):
    nasty_board.matches()
    for n in range(len(NASTY)):
        read(client, f"/models/nasty-{n}/", least_prose=1)
    read(client, "/prompts/")
    read(client, "/prompts/nasty/")


def test_boards_of_nasty_names_show_them_and_nothing_acts(client):
    board = cast.full_board()
    for name, contender in zip(nasty_board.names(200)[10:], board.contenders.values(), strict=False):
        contender.name = name
        contender.save()
    for name, judge in zip(nasty_board.names(200)[20:], board.judges.values(), strict=False):
        judge.name = name
        judge.save()
    board.board.title = nasty_board.names(100)[10]
    board.board.save()

    for url in ("/", "/boards/everyday/", "/judges/", "/agreement/", "/models/aster/", "/methodology/", "/runs/"):
        read(client, url)


def test_run_pages_show_it_to_their_owner_and_nothing_acts(client, django_user_model):
    mary = django_user_model.objects.create_user("mary")
    client.force_login(mary)
    for run in nasty_board.runs(mary):
        read(client, f"/runs/{run.pk}/")  # its moving part included
    read(client, "/runs/")
    read(client, "/submit/?board=nasty")


def test_the_admin_opens_it(admin_client):
    match = nasty_board.matches()[10]
    rows = {
        "contenders_output": match.output_a_id,
        "contenders_contender": match.output_a.contender_id,
        "judging_judgment": match.judgments.first().pk,
        "prompts_prompt": match.prompt_id,
    }
    for table, key in rows.items():
        url = "/admin/" + table.replace("_", "/", 1)
        for page in (f"{url}/", f"{url}/{key}/change/"):
            answer = admin_client.get(page)
            assert 200 == answer.status_code
            assert "<script>alert" not in answer.content.decode().lower()


@pytest.mark.parametrize("kind", KINDS)
def test_addresses_that_hold_it_are_answered_with_a_plain_page(client, kind):
    told = quote(storable(NASTY[kind])[:200], safe="")
    for url in (
        f"/boards/x/?category={told}",
        f"/?category={told}",
        f"/agreement/?board={told}",
        f"/sign-in/?next={told}",
    ):
        answer = client.get(url)
        assert answer.status_code in (200, 302, 404), url
        assert [] == Reading(answer.content.decode()).problems, url


# --- as Markdown ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", KINDS)
def test_rendering_twice_is_as_harmless_as_once(kind):
    """A mutation: what is written out must mean the same when it is read again."""
    for text in (NASTY[kind], NASTY[kind] * 3, f"> {NASTY[kind]}", f"| {NASTY[kind]} |\n|-|\n| x |"):
        html = rendered(storable(text))
        assert [] == Reading(f'<div class="prose">{html}</div>').problems


def test_a_text_too_long_to_be_read_as_markdown_is_shown_whole_and_as_it_is():
    text = "**word** <b>\n" * (LONGEST_MARKDOWN // 12)

    html = rendered(text)

    assert text.count("**word**") == html.count("**word** &lt;b&gt;<br>")
    assert "<strong>word</strong>" in rendered(text[:26])


def test_the_reading_finds_what_must_not_be_there():
    """Or the tests above would pass for the wrong reason."""
    for kind in ("script", "image with a handler", "iframe", "form", "style", "SVG", "MathML", "htmx", "page code"):
        assert Reading(NASTY[kind]).problems, kind
    for html in ('<a href="javascript:alert(1)">', '<a href=" java\nscript:x">', '<img src="https://beacon.invalid">'):
        assert Reading(html).problems, html
    assert Reading('<div class="prose"><form method="post" action="/sign-out/"></form></div>').problems
    assert Reading('<div class="prose"><a href="/sign-out/" rel="nofollow">x</a></div>').problems
