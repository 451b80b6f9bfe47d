"""Readers of the real data that lies beside the repository; tests that need it are skipped where it is absent."""

import csv
import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from judgeboard.arena.outcome import Outcome, read_outcome
from judgeboard.arena.tallies import Tallies
from judgeboard.arena.verdicts import Row, Verdicts

ROOT = Path(__file__).parents[2]
DATA = ROOT / "../shared/data"
GOLDEN = ROOT / "tests/golden/arena"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the real data does not lie beside the repository")

MODELS = ("alpaca-13b", "claude-v1", "gpt-3.5-turbo", "gpt-4", "llama-13b", "vicuna-13b-v1.2")


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as lines:
        return list(csv.DictReader(lines))


def human_votes(keep: Callable[[dict[str, Any]], bool] = lambda row: True) -> Verdicts:
    return _mt_bench("human_votes.jsonl", keep)


def gpt4_verdicts(keep: Callable[[dict[str, Any]], bool] = lambda row: True) -> Verdicts:
    return _mt_bench("gpt4_pair_verdicts.jsonl", keep)


def gpt4_words() -> list[str]:
    """The winner column, in the order of `gpt4_verdicts`."""
    return [row["winner"] for row in _json_lines(DATA / "mt_bench/gpt4_pair_verdicts.jsonl")]


def _mt_bench(file: str, keep: Callable[[dict[str, Any]], bool]) -> Verdicts:
    raters: dict[str, int] = {}
    rows = [_mt_bench_row(row, raters) for row in _json_lines(DATA / "mt_bench" / file) if keep(row)]
    return Verdicts.from_rows(rows, MODELS)


def _mt_bench_row(row: dict[str, Any], raters: dict[str, int]) -> Row:
    """Sides by the alphabet, whichever file: the same two models of one question and turn are one match."""
    outcome, sides = read_outcome(row["winner"]), [row["model_a"], row["model_b"]]
    if sides != sorted(sides):
        sides, outcome = sides[::-1], outcome.flipped()
    a, b = map(MODELS.index, sides)
    match = ((row["question_id"] * 2 + row["turn"] - 1) * len(MODELS) + a) * len(MODELS) + b
    return sides[0], sides[1], outcome, row["question_id"], raters.setdefault(row["judge"], len(raters)), -1, match


def judged_in_both_orders(file: str) -> Verdicts:
    """The kmtbench pairs whose two replies held a verdict: two rows each, the second shown in the other order."""
    return Verdicts.from_rows(list(_kmtbench_rows(file)))


def _kmtbench_rows(file: str) -> Iterator[Row]:
    shown_second_first = {"A": Outcome.MODEL_B, "B": Outcome.MODEL_A, "tie": Outcome.TIE}
    for number, row in enumerate(_json_lines(DATA / "kmtbench" / file)):
        if "error" in (row["winner_ab"], row["winner_ba"]):
            continue
        names = row["model_a"], row["model_b"]
        yield *names, read_outcome(row["winner_ab"]), row["question_id"], 0, 0, number
        yield *names, shown_second_first[row["winner_ba"]], row["question_id"], 0, 1, number


def arena_tallies() -> Tallies:
    table = json.loads((DATA / "arena_elo/chatbotarena_20240814_pair_counts.json").read_text())
    (left, right), counts, size = np.array(table["X"]).T, np.array(table["Y"]), len(table["models"])

    def square(column: int) -> np.ndarray:
        matrix = np.zeros((size, size), dtype=np.int64)
        np.add.at(matrix, (left, right), counts[:, column])
        return matrix

    wins, losses, ties, both_bad = map(square, range(4))
    return Tallies(tuple(table["models"]), wins + losses.T, ties + ties.T, both_bad + both_bad.T)


def published_arena_scores() -> dict[str, float]:
    rows = read_csv(DATA / "arena_elo/bt_vs_published_20240813.csv")
    scores = {row["model"]: row["arena_published_20240813"] for row in rows}
    return {model: float(score) for model, score in scores.items() if score}


def evalica_comparisons(name: str) -> Verdicts:
    rows = read_csv(DATA / f"rating_fixtures/{name}.csv")
    return Verdicts.from_rows(
        (row["left"], row["right"], row["winner"], 0, 0, -1, number) for number, row in enumerate(rows)
    )


def evalica_scores(name: str, algorithm: str) -> dict[str, float]:
    rows = read_csv(DATA / f"rating_fixtures/{name}-golden.csv")
    return {row["item"]: float(row["score"]) for row in rows if row["algorithm"] == algorithm}


def coding_counts(name: str) -> np.ndarray:
    """int[units, values] of a table whose rows are raters and whose columns are units; empty means not coded."""
    with (DATA / f"rating_fixtures/{name}.csv").open(newline="") as lines:
        raters = list(csv.reader(lines))
    values = sorted({value for row in raters for value in row if value})
    return np.array([[unit.count(value) for value in values] for unit in zip(*raters, strict=True)])


def _json_lines(path: Path) -> Iterator[dict[str, Any]]:
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    yield from map(json.loads, content.splitlines())
