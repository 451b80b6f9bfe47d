"""An OpenAI-compatible server on loopback with planted skill, bias and faults, for the demo, tests and benchmarks.

Contenders write answers whose readable quality carries their skill; judges and people read the two answers they are
sent and never learn who wrote them. Only `GET /simulator/truth` tells what is planted.

    sentences -> quality -> contenders          what an answer is made of, and what that is worth
    reading -> readers -> chances -> logprobs   who compares two answers, and how probable the verdict was
    cast, chat, faults, counts -> server        who plays, OpenAI's shapes, what goes wrong, what was asked
    running, command                            serving in a thread (tests) and as a process (demo)
"""

from .cast import Cast
from .command import main
from .contenders import Contender, Style
from .faults import Fault, Faults
from .readers import Reader
from .running import RunningSimulator, running_simulator
from .server import LogProbabilities, Options, ResponseFormat

__all__ = [
    "Cast",
    "Contender",
    "Fault",
    "Faults",
    "LogProbabilities",
    "Options",
    "Reader",
    "ResponseFormat",
    "RunningSimulator",
    "Style",
    "main",
    "running_simulator",
]
