"""A board on which everything that strangers write is nasty: answers, reasons, raw replies, names, cards and prompts."""

from django.utils import timezone

from apps.contenders.models import Contender
from apps.endpoints.models import EndpointCheck
from apps.judging.models import Judge, Score
from apps.matches.models import Match
from apps.prompts.models import PromptSet
from apps.runs.models import Run
from judgeboard.llm.completion import storable
from tests import stage
from tests.security.nasty import NASTY

TEXTS = [storable(text) for text in NASTY.values()]


def names(length: int) -> list[str]:
    """The texts as names: cut to their column, and no two alike."""
    return [f"{n} {text[: length - 5].strip()}" for n, text in enumerate(TEXTS)]


def prompt_set(texts: list[str] = TEXTS) -> PromptSet:
    """One prompt a text."""
    made = stage.prompt_set(slug="nasty", size=len(texts))
    for prompt, text in zip(made.prompts.all(), texts, strict=True):
        prompt.messages = [{"role": "system", "content": text}, {"role": "user", "content": text}]
        prompt.reference = [text]
        prompt.save()
    return made


def contenders() -> list[Contender]:
    """One a text, which is its name and its card."""
    return [
        Contender.objects.create(
            name=name, slug=f"nasty-{n}", card=text, organisation=text[:100], licence=text[:100], family=text[:70]
        )
        for n, (name, text) in enumerate(zip(names(200), TEXTS, strict=True))
    ]


def judge(n: int) -> Judge:
    """One whose name is the text of that number."""
    made = stage.judge(f"judge-{n}")
    made.name = names(200)[n]
    made.save()
    return made


def matches() -> list[Match]:
    """On each prompt two models meet; the judge has its say in one order and rambles in the other."""
    models, rambler, grader = contenders(), judge(10), stage.judge("grader", protocol="pointwise-100")
    made = []
    for n, (prompt, text) in enumerate(zip(prompt_set().prompts.all(), TEXTS, strict=True)):
        pair = (models[n], models[(n + 1) % len(models)])
        match = stage.match(*(stage.output(model, prompt, text) for model in pair))
        said = {"reason": text, "raw": text, "served_model": text[:200], "problem": text[:500]}
        stage.judgment(rambler, match, "ab", **said)
        stage.judgment(rambler, match, "ba", None, status="unusable", **said)
        stage.judgment(grader, match, "merged", None, status="unusable", problem=text[:500])
        Score.objects.create(judge=grader, output=match.output_a, status="unusable", answered_at=timezone.now(), **said)
        made.append(match)
    return made


def one_long_match() -> Match:
    """All the texts in one match of as many turns, so that one page shows them all; the longest are cut."""
    texts = [text[:5_000] for text in TEXTS]
    a, b = contenders()[10:12]
    prompt = stage.prompt_set(slug="long", turns=1).prompts.get()
    prompt.messages = [{"role": "user", "content": text} for text in texts]
    prompt.reference = texts
    prompt.save()
    match = stage.match(stage.output(a, prompt, *texts), stage.output(b, prompt, *reversed(texts)))
    for n, text in enumerate(texts):
        stage.judgment(judge(n), match, reason=text, raw=text, served_model=text[:200])
    return match


def runs(owner) -> list[Run]:
    """One a model; its endpoint answered the check with the text, and failed with it."""
    board, made = stage.board(prompt_set(), slug="nasty"), []
    for model, text in zip(contenders(), TEXTS, strict=True):
        model.endpoint = stage.register_endpoint(name=model.name[:120], base_url=stage.ADDRESS, model="m", owner=owner)
        model.save()
        run = Run.objects.create(board=board, newcomer=model, owner=owner)
        EndpointCheck.objects.create(endpoint=model.endpoint, status="failed", reply=text, problem=text[:500])
        made.append(run)
    return made
