"""What a judge has said, it has said in one way of judging. Another way is another version: a new row."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from apps.judging.models import Judge

DECISIVE = ("endpoint_id", "protocol", "instructions", "temperature", "max_tokens")


@transaction.atomic
def save_judge(*, judge: Judge) -> bool:
    """Saves a judge that was edited. True if it became its next version, since it had judged the way it was.

    The row that judged stays as it is, name and family included.
    """
    before = Judge.objects.select_for_update().filter(pk=judge.pk).first()
    if before is None or not _differs(before, judge) or not before.judgments.exists():
        judge.save()
        return False
    _become_next_version(judge)
    return True


@transaction.atomic
def next_version(*, judge: Judge) -> Judge:
    """A judge of the same settings that has said nothing yet."""
    newer = Judge.objects.select_for_update().get(pk=judge.pk)
    _become_next_version(newer)
    return newer


def _become_next_version(judge: Judge) -> None:
    latest = Judge.objects.filter(slug=judge.slug).aggregate(latest=Max("version"))["latest"]
    judge.pk, judge.version, judge.created_at = None, latest + 1, timezone.now()
    judge._state.adding = True
    judge.save(force_insert=True)


def _differs(before: Judge, after: Judge) -> bool:
    return any(getattr(before, name) != getattr(after, name) for name in DECISIVE)
