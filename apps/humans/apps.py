from django.apps import AppConfig


class HumansConfig(AppConfig):
    name = "apps.humans"
