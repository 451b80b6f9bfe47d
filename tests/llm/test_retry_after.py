import pytest
from hypothesis import given
from hypothesis import strategies as st

from judgeboard.llm.retry_after import LONGEST, read_retry_after

NOON = 1_782_820_800.0  # 2026-06-30 12:00:00 UTC


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "Tue, 30 Jun 2026 12:00:30 GMT"}, 30.0),
        ({"retry-after": "Tue, 30 Jun 2026 11:00:00 GMT"}, 0.0),  # in the past: at once
        ({"retry-after-ms": "1500"}, 1.5),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),  # the finer one wins
        ({"retry-after-ms": "soon", "retry-after": "9"}, 9.0),
        (
            {"retry-after": "Tue, 30 Jun 2026 12:00:30 -0000"},
            30.0,
        ),  # no zone told: Greenwich, whatever this machine's is
        ({"retry-after": "9999"}, 9999.0),
        ({"retry-after": "999999"}, LONGEST),
        ({"retry-after": "-5"}, 0.0),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "when it suits you"}, None),
    ],
)
def test_retry_after_is_read_in_every_form(headers, seconds):
    assert seconds == read_retry_after(headers, now=NOON)


@pytest.mark.parametrize("date", ["Tue, 30 Jun 2026 15:00:00 GMT", "Tue, 30 Jun 2026 09:00:00 GMT"])
def test_a_date_is_read_against_the_clock_of_whoever_names_it(date):
    """Three hours fast, three hours slow: half a minute from now is said in terms of that clock."""
    headers = {"date": date, "retry-after": date.replace(":00 GMT", ":30 GMT")}

    assert 30.0 == read_retry_after(headers, now=NOON)


def test_of_a_clock_that_cannot_be_read_ours_is_taken():
    headers = {"date": "noon or so", "retry-after": "Tue, 30 Jun 2026 12:00:30 GMT"}

    assert 30.0 == read_retry_after(headers, now=NOON)


@given(st.text(), st.text())
def test_no_header_stops_us_for_longer_than_a_day_or_makes_us_fail(ms, seconds):
    wait = read_retry_after({"retry-after-ms": ms, "retry-after": seconds}, now=NOON)

    assert wait is None or 0.0 <= wait <= LONGEST
