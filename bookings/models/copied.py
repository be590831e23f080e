"""Fields of what is copied when something is sold: filled in on the first save, whoever makes the row."""

from typing import Any

from django.db import models
from django.db.models import Model


class Copied(models.Field):  # type: ignore[type-arg]  # not generic when it runs
    """`source` names the method of the row that tells the value, where none was given."""

    def __init__(self, source: str = "", *args: Any, **kwargs: Any) -> None:
        self.source = source
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """For the database it is the field it is made of."""
        name, _, args, kwargs = super().deconstruct()
        plain = next(base for base in type(self).__bases__ if base is not Copied)
        return name, f"django.db.models.{plain.__name__}", args, kwargs

    def pre_save(self, model_instance: Model, add: bool) -> Any:
        if add and getattr(model_instance, self.attname) in (None, ""):
            setattr(model_instance, self.attname, getattr(model_instance, self.source)())
        return super().pre_save(model_instance, add)


class CopiedText(Copied, models.CharField):  # type: ignore[type-arg]
    pass


class CopiedMoment(Copied, models.DateTimeField):  # type: ignore[type-arg]
    pass


class CopiedNumber(Copied, models.DecimalField):  # type: ignore[type-arg]
    pass
