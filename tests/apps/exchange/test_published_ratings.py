from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.exchange.published import BUILTIN, COLUMNS, LoadCounts, UnreadableRatings, load_published_ratings
from apps.ratings.models import PublishedRating
from tests import stage

pytestmark = pytest.mark.django_db

HEADER = ",".join(COLUMNS)
ROW = "Arena,https://example.com,2024-05-01,Alder,1200,1190,1210"


def table(folder: Path, *lines: str) -> Path:
    path = folder / "ratings.csv"
    path.write_text("\n".join([HEADER, *lines]) + "\n")
    return path


def test_the_arena_of_may_2024_has_its_source_and_no_bounds():
    counts = load_published_ratings()

    opus = PublishedRating.objects.get(name="Claude 3 Opus")
    assert LoadCounts(new=23, changed=0, unchanged=0, linked=0) == counts
    assert (1251, None, None, "2024-05-01") == (opus.rating, opus.lower, opus.upper, f"{opus.published_on}")
    assert ("LMSYS Chatbot Arena", True) == (opus.source, opus.source_url.startswith("https://"))


def test_loaded_again_nothing_changes():
    load_published_ratings()

    assert LoadCounts(new=0, changed=0, unchanged=23, linked=0) == load_published_ratings()


def test_a_model_of_the_same_name_is_tied_to_its_rating():
    stage.contender("gpt-4-0314")

    counts = load_published_ratings()

    assert 1 == counts.linked
    assert "gpt-4-0314" == PublishedRating.objects.get(name="GPT-4-0314").contender.name


def test_a_corrected_rating_replaces_the_old_one(tmp_path):
    load_published_ratings(table(tmp_path, ROW))

    counts = load_published_ratings(table(tmp_path, ROW.replace("1200", "1201")))

    assert (0, 1, 0) == (counts.new, counts.changed, counts.unchanged)
    assert 1201 == PublishedRating.objects.get().rating


BAD = {
    ROW.replace("1200", "high"): "line 3: expected a date such as 2024-05-01 and numbers",
    ROW.replace("1200", "nan"): "line 3: a rating is a finite number; found nan",
    ROW.replace("2024-05-01", "May"): "line 3: expected a date such as 2024-05-01",
    ROW.replace("Alder", ""): "line 3: This field cannot be blank",
    ROW.replace("Alder", "x" * 201): "line 3: Ensure this value has at most 200 characters",
}


@pytest.mark.parametrize(("line", "reason"), BAD.items(), ids=BAD.values())
def test_a_bad_line_is_named_and_nothing_is_loaded(tmp_path, line, reason):
    with pytest.raises(UnreadableRatings, match=reason):
        load_published_ratings(table(tmp_path, ROW, line))

    assert not PublishedRating.objects.exists()


def test_missing_columns_are_named(tmp_path):
    path = tmp_path / "ratings.csv"
    path.write_text("name,rating\nAlder,1200\n")

    with pytest.raises(
        CommandError, match=r"ratings\.csv lacks the columns lower, published_on, source, source_url, upper"
    ):
        call_command("load_published", path)


def test_the_command_says_what_it_did():
    out = StringIO()

    call_command("load_published", stdout=out)

    assert f"{BUILTIN.name}: 23 new, 0 corrected, 0 unchanged; 0 tied to models of this site.\n" == out.getvalue()
