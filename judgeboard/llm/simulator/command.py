"""The simulator from the command line: `python -m judgeboard.llm.simulator`."""

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import Sequence

from .faults import Fault, Faults
from .running import listening
from .server import LogProbabilities, Options, ResponseFormat, Simulator


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT. Prints one JSON line with the base URL as soon as it listens.

    Returns 0 after a clean end, 1 when the address cannot be used; exits with 2 on arguments that make no sense.
    """
    parser = _parser()
    arguments = parser.parse_args(argv)
    try:
        options = _options(arguments)
    except ValueError as wrong:
        parser.error(str(wrong))
    try:
        asyncio.run(_serve(Simulator(options), arguments.host, arguments.port))
    except OSError as taken:
        print(f"Cannot listen on {arguments.host} port {arguments.port}: {taken.strerror}.", file=sys.stderr)
        return 1
    return 0


async def _serve(simulator: Simulator, host: str, port: int) -> None:
    ended = asyncio.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signum, ended.set)
    async with listening(simulator, host=host, port=port) as base_url:
        print(json.dumps({"base_url": base_url}), flush=True)
        await ended.wait()


def _options(arguments: argparse.Namespace) -> Options:
    limits = {"retry_after_seconds": arguments.retry_after, "hang_seconds": arguments.hang}
    shares = {fault.value: getattr(arguments, fault) for fault in Fault}
    if any(shares.values()):
        if arguments.faults:
            raise ValueError("Give either --faults or the shares of single kinds, not both.")
        faults = Faults(**shares, **limits)
    else:
        faults = Faults.mixed(arguments.faults, **limits)
    return Options(
        seed=arguments.seed,
        latency_seconds=arguments.latency,
        latency_spread=arguments.latency_spread,
        faults=faults,
        api_key=arguments.api_key,
        response_format=arguments.response_format,
        log_probabilities=arguments.log_probabilities,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="judgeboard simulate",
        description="Serve simulated contenders, judges and people on an OpenAI-compatible endpoint.",
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    add("--port", type=int, default=0, help="port to listen on; 0 takes a free one (default)")
    add("--seed", type=int, default=0, help="seed of answers, verdicts, faults and latency (default: %(default)s)")
    add("--latency", type=_seconds, default=0.0, help="median seconds a completion takes (default: %(default)s)")
    add("--latency-spread", type=float, default=0.35, help="sd of the logarithm of that time (default: %(default)s)")
    add("--api-key", default="", help="key that clients must send (default: none is asked for)")
    add(
        "--response-format",
        type=ResponseFormat,
        default=ResponseFormat.REFUSED,
        help="JSON schemas: refused, ignored or obeyed",
    )
    add(
        "--log-probabilities",
        type=LogProbabilities,
        default=LogProbabilities.TOLD,
        help="log-probabilities: refused, ignored or told",
    )
    add("--faults", type=float, default=0.0, metavar="SHARE", help="share of chat requests that go wrong, all kinds")
    for fault in Fault:
        add(f"--{fault.replace('_', '-')}", type=float, default=0.0, metavar="SHARE", help=f"share of {fault} alone")
    add("--retry-after", type=int, default=1, help="seconds a 429 asks to wait (default: %(default)s)")
    add("--hang", type=_seconds, default=30.0, help="seconds a planted time-out hangs (default: %(default)s)")
    return parser


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"must be a number of seconds from 0 up, but is {text}")
    return seconds
