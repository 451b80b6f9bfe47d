"""Judgments without a tie: a good answer beside a poor one, each match in both orders."""

from benchmarks.peers.asking.exchange import Judgment
from benchmarks.schedule import SEED
from judgeboard.llm.simulator.cast import PLAIN
from judgeboard.llm.simulator.contenders import Contender, answer

# So far apart that chance and taste change nothing; ten sentences are about 1,200 characters, a usual answer.
GOOD, POOR = Contender("good", 3000, 10, PLAIN, "sim"), Contender("poor", -1000, 10, PLAIN, "sim")


def judgments(count: int) -> list[Judgment]:
    """So many, which is an even number."""
    return [judgment for number in range(count // 2) for judgment in _in_both_orders(f"What of number {number}?")]


def _in_both_orders(question: str) -> tuple[Judgment, Judgment]:
    good, poor = (answer(contender, [question], seed=SEED, sampling="") for contender in (GOOD, POOR))
    return Judgment(question, good, poor, better="a"), Judgment(question, poor, good, better="b")
