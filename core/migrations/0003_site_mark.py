"""This installation's mark, made once for the database: its backups keep it."""

import uuid
from typing import Any

from django.db import migrations
from django.utils import timezone


def make(apps: Any, schema_editor: Any) -> None:
    marks = apps.get_model("core", "Mark").objects
    marks.get_or_create(name="site", defaults={"at": timezone.now(), "note": {"mark": uuid.uuid4().hex[:16]}})


class Migration(migrations.Migration):
    dependencies = [("core", "0002_put_off")]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
