from importlib import import_module

from django.apps import AppConfig


class RefundsConfig(AppConfig):
    name = "refunds"
    verbose_name = "Refunds"

    def ready(self) -> None:
        # Late, because models must be loaded first.
        import_module("refunds.handlers")
