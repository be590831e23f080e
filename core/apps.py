from django.apps import AppConfig
from django.db.backends.signals import connection_created

from core.storage import pooler


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "Core"

    def ready(self) -> None:
        connection_created.connect(pooler.notice)
