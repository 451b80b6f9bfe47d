"""A log of Inspect (`inspect eval --log-format json`): one JSON object with a header and all samples of one model."""

import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

HEAD = re.compile(rb'\s*\{\s*"version"\s*:\s*\d+\s*,\s*"status"\s*:')
READ = ("id", "epoch", "input", "target", "output")  # of a sample; what happened on the way nests deep
MOST_BYTES = 512 * 2**20  # an object is read whole


class BrokenLog(ValueError):
    """Says in one sentence why the log cannot be read."""


def is_head(first: bytes) -> bool:
    """Whether a file that begins so is such a log."""
    return HEAD.match(first.removeprefix(b"\xef\xbb\xbf")) is not None


def samples(file: BinaryIO) -> Iterator[tuple[int, Any, str]]:
    """Each sample with its number from 1 on, and the model that answered it. Raises BrokenLog."""
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise BrokenLog(f"The log is larger than {MOST_BYTES // 2**20} MiB.")
    try:
        log = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as problem:
        raise BrokenLog(f"The log is not JSON: {problem}.") from None
    header, found = (log.get(name) if isinstance(log, dict) else None for name in ("eval", "samples"))
    model = header.get("model") if isinstance(header, dict) else None
    if not isinstance(model, str) or not isinstance(found, list):
        raise BrokenLog("The log has no samples, or does not say which model answered them (eval.model, samples).")
    for number, sample in enumerate(found, 1):
        yield number, _of_interest(sample), model


def _of_interest(sample: Any) -> Any:
    return {name: sample[name] for name in READ if name in sample} if isinstance(sample, dict) else sample
