from django.apps import AppConfig


class ContendersConfig(AppConfig):
    name = "apps.contenders"
