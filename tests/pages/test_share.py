"""What a page offers to whoever shows it elsewhere: link, citation, frame, badge, files, feed."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from datetime import timedelta
from html import unescape

import pytest
from asgiref.sync import async_to_sync
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from apps.board.citation import Citation
from apps.contenders.models import Contender
from apps.matches.models import Match
from apps.ratings.models import Board
from tests import cast, stage
from tests.cast import text_of
from workers.figures import draw, draw_now

pytestmark = pytest.mark.django_db

HOST = "http://testserver"
ATOM = {"a": "http://www.w3.org/2005/Atom"}
SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


@pytest.fixture
def full():
    told = cast.full_board()
    cast.rate_alone(told, "Wig", {"Aster": (1000, 970, 1030, 2, 2), "Briar": (1200, 1170, 1230, 1, 1)})
    return told


def page(client, address, **query) -> str:
    return client.get(address, query).content.decode()


def copied(page: str) -> dict[str, str]:
    """By label, what stands in the fields to copy from."""
    fields = re.findall(r'<label for="(share-[^"]*)">([^<]*)</label>\s*<textarea id="\1" readonly[^>]*>([^<]*)', page)
    return {label: unescape(text) for _, label, text in fields}


def meta(page: str, name: str) -> str:
    return unescape(re.search(rf'<meta property="{name}" content="([^"]*)">', page)[1])


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/boards/everyday/",
        "/agreement/",
        "/judges/",
        "/models/aster/",
        "/releases/",
        "/releases/everyday/2025-03-04/",
        "/prompts/",
        "/prompts/everyday/",
        "/methodology/",
    ],
)
def test_every_public_page_has_the_doors_in_one_place(client, full, address):
    shown = page(client, address)

    assert 1 == shown.count('<section class="sharing"')
    assert "This view, for good" in copied(shown)
    assert meta(shown, "og:title")


def test_pages_with_a_form_of_ones_own_have_none(client, full):
    assert "sharing" not in page(client, "/sign-in/")


def test_the_link_names_the_release_and_all_that_was_asked_for(client, full):
    link = copied(page(client, "/boards/everyday/", rater="wig", weights="open"))["This view, for good"]

    assert f"{HOST}/boards/everyday/?release=2025-03-04&rater=wig&weights=open" == link


def test_the_canonical_address_leaves_filters_and_order_out(client, full):
    shown = page(client, "/boards/everyday/", rater="wig", weights="open", sort="model")

    assert f'<link rel="canonical" href="{HOST}/boards/everyday/?rater=wig">' in shown
    assert f"{HOST}/boards/everyday/?rater=wig" == meta(shown, "og:url")


def test_a_card_says_who_leads_and_how_far_judges_agree_with_people(client, full):
    shown = page(client, "/")

    assert "Aster and Briar are tied for first · Everyday" == meta(shown, "og:title")
    assert "The judges side with people on 66 % of 1,343 votes; two people agree on 63 %." == meta(
        shown, "og:description"
    ).replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_names_in_a_card_are_escaped(client, full):
    Contender.objects.filter(name="Aster").update(name='"><script>alert(1)</script>')

    assert "<script>alert" not in page(client, "/")


def test_a_page_is_cited_with_its_release_and_the_digest_of_its_evidence(client, full):
    told = copied(page(client, "/agreement/"))

    assert (
        "judgeboard. “Agreement of judges and people on Everyday”. Release of 4 March 2025. "
        f"{HOST}/agreement/?board=everyday&release=2025-03-04"
    ) == told["In words"]
    assert told["BibTeX"].startswith("@misc{judgeboard-agreement-2025-03-04,")
    assert f"note = {{Digest of the evidence: {'0f' * 32}}}" in told["BibTeX"]


def test_markup_to_be_copied_is_as_it_has_to_be_pasted(client, full):
    Board.objects.update(title='</textarea>"Every" day')

    frame = copied(page(client, "/boards/everyday/"))["Frame, as HTML"]

    assert 'title="&lt;/textarea&gt;&quot;Every&quot; day"' in frame
    assert frame.startswith("<iframe src=")


def test_what_bibtex_takes_for_commands_is_escaped():
    bibtex = Citation(key="k", title=r"50 % {of} A_B & \co", url="https://example.org/").bibtex

    assert r"title = {{50 \% \{of\} A\_B \& \textbackslash{}co}}" in bibtex


def test_the_table_as_a_file_holds_the_rows_asked_for_in_their_order(client, full):
    answer = client.get("/boards/everyday/table.csv", {"weights": "open", "sort": "-model"})

    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert ["Clove", "Briar"] == [row["model"] for row in rows]
    assert "980.0" == rows[0]["rating"]
    assert 'attachment; filename="everyday-open--model.csv"' == answer["Content-Disposition"]


def test_the_same_as_json_is_what_the_api_tells(client, full):
    cast.stand(full, fitted_at=cast.NOON - timedelta(days=40))

    rows = json.loads(client.get("/boards/everyday/table.json").content)

    told = client.get(reverse("api:leaderboard", args=["everyday"])).json()["rows"]
    assert [row["model"] for row in told] == [row["model"] for row in rows]
    assert told[0]["rating"] == rows[0]["rating"]


def test_a_file_is_refused_where_a_page_would_leave_a_word_aside(client, full):
    answer = client.get("/boards/everyday/table.csv", {"rater": "mallet"})

    assert (404, True) == (answer.status_code, "“mallet” has no ranking of its own" in answer.content.decode())


@pytest.mark.parametrize("address", ["/boards/moon/table.csv", "/boards/everyday/table.exe"])
def test_there_is_no_other_file(client, full, address):
    assert 404 == client.get(address).status_code


def test_the_page_leads_to_the_files_of_what_it_shows(client, full):
    shown = page(client, "/boards/everyday/", weights="open")

    assert f"{HOST}/boards/everyday/table.csv?release=2025-03-04&amp;weights=open" in shown
    assert f"{HOST}/api/boards/everyday/leaderboard?release=2025-03-04&amp;weights=open" not in shown


def test_a_frame_is_for_every_site_and_knows_nobody(client, full, admin_client):
    answer = admin_client.get("/embed/everyday/")

    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert "script-src" not in answer["Content-Security-Policy"]
    assert {"X-Frame-Options", "Set-Cookie"}.isdisjoint(answer.headers)
    assert "Cookie" not in answer.get("Vary", "")
    assert not answer.cookies
    assert "<script" not in answer.content.decode()
    assert "public, max-age=300" == answer["Cache-Control"]
    assert client.get("/embed/everyday/").content == answer.content


def test_other_pages_cannot_be_framed(client, full):
    answer = client.get("/boards/everyday/")

    assert "DENY" == answer["X-Frame-Options"]
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


def test_a_frame_shows_what_was_asked_for_and_leads_to_its_page(client, full):
    answer = client.get("/embed/everyday/", {"rater": "wig", "weights": "open", "theme": "dark"})

    said = text_of(answer)
    assert "Briar leads in the eyes of Wig" in said
    assert "Aster" not in said
    assert "no filter" not in said
    assert f'href="{HOST}/boards/everyday/?rater=wig&amp;weights=open"' in answer.content.decode()
    assert '<html lang="en" data-theme="dark">' in answer.content.decode()


def test_an_empty_frame_says_why(client, full):
    stage.board(slug="empty")

    assert "Nothing is rated here yet." in text_of(client.get("/embed/empty/"))
    assert "No model on this board matches." in text_of(client.get("/embed/everyday/", {"name": "zzz"}))
    assert 404 == client.get("/embed/moon/").status_code


def oembed(client, url, **query):
    return client.get("/oembed", {"url": url} | query)


def test_a_page_says_where_its_frame_is_told_and_the_frame_shows_the_same(client, full):
    shown = page(client, "/boards/everyday/", rater="wig")
    address = unescape(re.search(r'type="application/json\+oembed" href="([^"]*)"', shown)[1])

    told = client.get(address.removeprefix(HOST)).json()

    assert ("1.0", "rich", "Everyday") == (told["version"], told["type"], told["title"])
    assert f'src="{HOST}/embed/everyday/?rater=wig"' in told["html"]


@pytest.mark.parametrize(
    ("address", "frame"),
    [
        ("/", "/embed/everyday/"),
        ("/releases/everyday/2025-03-04/", "/embed/everyday/?release=2025-03-04"),
        ("/boards/everyday/?weights=open&junk=1", "/embed/everyday/?weights=open"),
    ],
)
def test_boards_and_releases_have_frames(client, full, address, frame):
    assert f'src="{HOST}{frame}"' in oembed(client, HOST + address).json()["html"]


@pytest.mark.parametrize(
    "address",
    ["", "/boards/everyday/", "https://elsewhere.example/boards/everyday/", f"{HOST}/runs/", f"{HOST}/boards/moon/", f"{HOST}/nowhere", "http://[", "\x00"],
)  # fmt: skip
def test_nothing_else_has_one(client, full, address):
    assert 404 == oembed(client, address).status_code


def test_a_frame_is_no_larger_than_asked_for(client, full):
    told = oembed(client, f"{HOST}/", maxwidth="320", maxheight="many").json()

    assert (320, 480) == (told["width"], told["height"])
    assert 'width="320" height="480"' in told["html"]
    assert 200 == oembed(client, f"{HOST}/", maxwidth="1").json()["width"]


def test_oembed_in_xml_is_not_implemented(client, full):
    assert 501 == oembed(client, f"{HOST}/", format="xml").status_code


def test_a_badge_says_where_the_model_stands(client, full):
    told = client.get("/badge/everyday/aster.json").json()
    drawn = client.get("/badge/everyday/aster.svg")

    assert (1, "Everyday", "rank 1–2 of 4, 1180 (1150–1210)") == (told["schemaVersion"], told["label"], told["message"])
    assert "image/svg+xml" == drawn["Content-Type"]
    assert "public, max-age=300" == drawn["Cache-Control"]
    assert "Everyday: rank 1–2 of 4, 1180 (1150–1210)" == ET.fromstring(drawn.content).get("aria-label")


def test_a_badge_may_be_of_a_judge_or_of_people(client, full):
    assert "rank 2 of 2, 1000 (970–1030)" == client.get("/badge/everyday/aster.json?rater=wig").json()["message"]
    assert "not measured" == client.get("/badge/everyday/dill.json?rater=people").json()["message"]


def test_a_badge_of_a_simulated_model_says_so(client):
    cast.full_board(simulated=True)

    assert "(simulated)" in client.get("/badge/everyday/aster.json").json()["message"]


def test_a_long_or_hostile_title_does_not_break_a_badge(client, full):
    Board.objects.update(title="<&>" * 40)

    assert ET.fromstring(client.get("/badge/everyday/aster.svg").content).get("aria-label").startswith("<&><&>")


@pytest.mark.parametrize("address", ["moon/aster", "everyday/moon"])
@pytest.mark.parametrize("form", ["svg", "json"])
def test_there_is_no_badge_of_what_does_not_exist(client, full, address, form):
    assert 404 == client.get(f"/badge/{address}.{form}").status_code


def test_a_model_offers_its_badge(client, full):
    told = copied(page(client, "/models/aster/"))

    image, link = f"{HOST}/badge/everyday/aster.svg", f"{HOST}/models/aster/?board=everyday"
    assert f"[![Aster on Everyday]({image})]({link})" == told["Badge, as Markdown"]


def test_a_model_that_stands_nowhere_offers_none(client, full):
    stage.contender("Elm")

    assert ["This view, for good", "In words", "BibTeX"] == list(copied(page(client, "/models/elm/")))


def test_the_feed_tells_the_releases_newest_first(client, full):
    cast.stand(full, models=cast.MODELS[:3], fitted_at=cast.NOON - timedelta(days=40), n_judgments=4)

    feed = ET.fromstring(client.get("/boards/everyday/releases.atom").content)

    entries = feed.findall("a:entry", ATOM)
    assert [
        "4 March 2025: Aster and Briar are tied for first",
        "23 January 2025: Aster and Briar are tied for first",
    ] == [entry.find("a:title", ATOM).text for entry in entries]
    assert f"{HOST}/releases/everyday/2025-03-04/" == entries[0].find("a:link", ATOM).get("href")
    assert "Joined: Dill. Added: +1200 judgments." == entries[0].find("a:summary", ATOM).text
    assert 404 == client.get("/boards/moon/releases.atom").status_code


def test_board_and_releases_lead_to_the_feed(client, full):
    for address in ("/", "/releases/"):
        assert 'type="application/atom+xml" href="/boards/everyday/releases.atom"' in page(client, address)


def test_the_sitemap_knows_boards_releases_models_and_prompt_sets(client, full):
    sections = ET.fromstring(client.get("/sitemap.xml").content).findall("s:sitemap/s:loc", SITEMAP)

    found = {
        location.text.removeprefix(HOST)
        for section in sections
        for location in ET.fromstring(client.get(section.text).content).findall("s:url/s:loc", SITEMAP)
    }
    assert {"/", "/boards/everyday/", "/releases/everyday/2025-03-04/", "/models/aster/", "/prompts/everyday/"} <= found
    assert {200} == {client.get(address).status_code for address in found}


def test_robots_are_told_what_not_to_ask_for(client, full):
    said = client.get("/robots.txt").content.decode()

    assert "Disallow: /vote/" in said
    assert f"Sitemap: {HOST}/sitemap.xml" in said


# --- pictures -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def drawn(full):
    draw_now(full.board, now=cast.NOON)
    return full


def test_before_it_is_drawn_a_page_has_no_picture(client, full):
    shown = page(client, "/")

    assert "og:image" not in shown
    assert '<meta name="twitter:card" content="summary">' in shown


def test_the_board_has_a_picture_of_its_verdict(client, drawn):
    shown = page(client, "/")

    assert '<meta name="twitter:card" content="summary_large_image">' in shown
    assert meta(shown, "og:image:alt") == (
        "Aster and Briar are tied for first on Everyday. Aster, rank 1–2, 1180 (1150 to 1210); Briar, rank 1–2, 1140 "
        "(1110 to 1170); Clove, rank 3, 980 (950 to 1010); Dill, rank 4, 860 (825 to 895)."
    )
    answer = client.get(meta(shown, "og:image"))
    assert "image/png" == answer["Content-Type"]
    assert answer.content.startswith(b"\x89PNG")
    assert "immutable" in answer["Cache-Control"]


def test_a_model_has_a_picture_of_its_place_once_somebody_has_looked(client, drawn):
    assert "og:image" not in page(client, "/models/clove/")
    async_to_sync(draw)(drawn.leaderboard.pk, now=timezone.now())
    cache.clear()

    told = meta(page(client, "/models/clove/"), "og:image:alt")

    assert told.startswith("Clove has rank 3 of 4 on Everyday. Aster, rank 1–2, 1180")


def test_comparisons_and_matches_have_the_picture_of_their_board(client, drawn):
    board = meta(page(client, "/"), "og:image")
    match = Match.objects.first()

    assert board == meta(page(client, "/compare/aster/briar/"), "og:image")
    assert board == meta(page(client, f"/b/{match.pk}/"), "og:image")


def test_another_view_has_no_picture_of_the_judges(client, drawn):
    assert "og:image" not in page(client, "/", rater="people")


def test_a_chart_of_a_page_is_no_picture(client, drawn):
    other = drawn.leaderboard.figures.exclude(name="card").first()

    assert 404 == client.get(f"/figures/{other.pk}.png").status_code


def test_the_picture_is_not_among_the_charts_of_a_page(client, drawn):
    assert 'id="card"' not in page(client, "/boards/everyday/figures/")
