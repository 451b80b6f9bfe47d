"""The Celery app. Its messages only say "there is work in lane L"; they may be lost, doubled or late without effect."""

import os

from celery import Celery

from workers.schedule import BEAT_SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "judgeboard.settings")

app = Celery("judgeboard")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = BEAT_SCHEDULE
app.autodiscover_tasks(["workers"])
