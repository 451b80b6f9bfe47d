import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone


def new_upload_token():
    return secrets.token_urlsafe(16)


class Upload(models.Model):
    """A file between its preview and its import. Once it is imported only the report is kept."""

    token = models.CharField(max_length=32, unique=True, default=new_upload_token)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="uploads")
    name = models.CharField(max_length=120)
    packed = models.BinaryField(default=bytes)
    prompt_set = models.CharField(max_length=60, blank=True, help_text="Empty: named after the file.")
    for_everybody = models.BooleanField(default=False)
    report = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    imported_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        indexes = [models.Index(fields=["owner", "created_at"])]

    def __str__(self):
        return self.name
