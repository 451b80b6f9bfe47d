"""Model answers -> outputs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone

from apps.contenders.models import Output
from apps.exchange.fields import question_key, time_of, word
from apps.exchange.files import Row
from apps.exchange.known import KnownPrompt, KnownPrompts, contender_ids
from apps.exchange.prompts import answer_texts
from apps.exchange.report import BadRow, FileReport
from apps.leases.models import Leased

NOT_IMPORTED = "The text was not imported."

Pair = tuple[int, int]  # contender id, prompt id


@dataclass(frozen=True)
class Answer:
    model: str
    key: str
    prompt: KnownPrompt
    texts: list[str]
    answered_at: datetime | None

    @property
    def problem(self) -> str:
        empty = [str(turn) for turn, text in enumerate(self.texts, 1) if not text.strip()]
        return f"The answer to turn {' and '.join(empty)} is empty." if empty else ""


def read_answer(row: Row, prompts: KnownPrompts) -> Answer:
    model, key = word(row.data, "model_id", longest=200), question_key(row.data)
    prompt, texts = prompts[key], answer_texts(row.data)
    if len(texts) > prompt.turns:
        raise BadRow(f"The answer has {len(texts)} turns, but question {key} has {prompt.turns}.")
    return Answer(model, key, prompt, texts, time_of(row.data))


def store_answers(read: list[tuple[int, Answer]], report: FileReport, private_to: User | None = None) -> None:
    """Writes new answers, and fills those that were known only by name; an answer that is there is never changed."""
    ids = contender_ids((answer.model for _, answer in read), private_to)
    known = _known(ids.values(), {answer.prompt.pk for _, answer in read})
    written: list[Output] = []
    for line, answer in read:
        pair = (ids[answer.model], answer.prompt.pk)
        output = known.setdefault(pair, Output(contender_id=pair[0], prompt_id=pair[1], problem=NOT_IMPORTED))
        if output.problem == NOT_IMPORTED:
            written.append(_filled(output, answer))
            report.models[answer.model] = report.models.get(answer.model, 0) + 1
            report.note("has an empty text; it is kept as it is.", bool(answer.problem))
        elif output.texts == answer.texts:
            report.duplicate += 1
        else:
            report.reject(line, f"{answer.model} has another answer to question {answer.key} already; it stays.")
    _write(written)
    report.new += len(written)


def _known(contenders: Iterable[int], prompts: set[int]) -> dict[Pair, Output]:
    rows = Output.objects.filter(contender__in=list(contenders), prompt__in=prompts)
    return {(output.contender_id, output.prompt_id): output for output in rows}


def _filled(output: Output, answer: Answer) -> Output:
    output.texts, output.problem = answer.texts, answer.problem
    output.status, output.answered_at = Leased.Status.DONE, answer.answered_at or timezone.now()
    return output


def _write(outputs: list[Output]) -> None:
    Output.objects.bulk_create([output for output in outputs if output.pk is None], batch_size=500)
    filled = [output for output in outputs if output.pk is not None]
    Output.objects.bulk_update(filled, ["texts", "problem", "status", "answered_at"], batch_size=500)


def output_ids(pairs: Iterable[Pair]) -> dict[Pair, int]:
    """The keys of these outputs. One without a text is written down without it, so that it can be spoken of."""
    wanted = set(pairs)
    found = _ids(wanted)
    missing = sorted(wanted - found.keys())
    Output.objects.bulk_create([_nameless(*pair) for pair in missing], batch_size=2000)
    return found | _ids(set(missing)) if missing else found


def _nameless(contender: int, prompt: int) -> Output:
    return Output(
        contender_id=contender,
        prompt_id=prompt,
        status=Leased.Status.DONE,
        problem=NOT_IMPORTED,
        answered_at=timezone.now(),
    )


def _ids(pairs: set[Pair]) -> dict[Pair, int]:
    contenders, prompts = {contender for contender, _ in pairs}, {prompt for _, prompt in pairs}
    rows = Output.objects.filter(contender__in=contenders, prompt__in=prompts)
    return {(contender, prompt): key for key, contender, prompt in rows.values_list("pk", "contender", "prompt")}
