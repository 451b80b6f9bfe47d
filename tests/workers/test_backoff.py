"""When a question that met a passing fault is asked again."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from judgeboard.llm.errors import RateLimited, TimedOut, Unavailable
from judgeboard.llm.retry_after import LONGEST
from workers.backoff import LONGEST_WAIT, MOST_FAULTS, next_chance

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)
EARLY_FAULTS = st.integers(1, MOST_FAULTS - 1)
WINDOWS = st.floats(0, LONGEST)
A_TICK = 1e-6  # datetimes are rounded to microseconds


def seconds_until(moment):
    return (moment - NOW).total_seconds()


@given(EARLY_FAULTS, WINDOWS)
def test_nobody_is_asked_again_inside_the_window_they_named(faults, window):
    chance = next_chance(RateLimited("Slow down.", window), faults=faults, now=NOW)

    assert seconds_until(chance) >= window - A_TICK


@given(EARLY_FAULTS, WINDOWS)
def test_a_window_is_outlasted_by_a_minute_at_most(faults, window):
    chance = next_chance(RateLimited("Slow down.", window), faults=faults, now=NOW)

    assert seconds_until(chance) <= max(window, LONGEST_WAIT) + A_TICK


@given(EARLY_FAULTS, st.sampled_from([TimedOut("Late."), Unavailable("Down."), RateLimited("Slow down.")]))
def test_without_a_window_the_wait_doubles_its_bound_up_to_a_minute(faults, fault):
    chance = next_chance(fault, faults=faults, now=NOW)

    # After 1, 2, 3, 4, 5 faults at most 1, 2, 4, 8, 16 seconds.
    assert 0 <= seconds_until(chance) <= min(60, 0.5 * 2**faults) + A_TICK


@given(st.integers(MOST_FAULTS, 1000), st.none() | WINDOWS)
def test_the_sixth_fault_was_the_last(faults, window):
    assert next_chance(RateLimited("Slow down.", window), faults=faults, now=NOW) is None


def test_rows_that_failed_together_do_not_come_back_together():
    chances = {next_chance(Unavailable("Down."), faults=5, now=NOW) for _ in range(50)}

    # 50 draws over 16 seconds in microseconds: two alike are rarer than one in ten thousand, forty alike impossible.
    assert len(chances) > 10
    assert max(chances) - min(chances) > timedelta(seconds=1)
