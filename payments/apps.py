from importlib import import_module

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "payments"
    verbose_name = "Payments"

    def ready(self) -> None:
        # Late, because models must be loaded first.
        import_module("payments.events.checks")
        import_module("payments.handlers")
