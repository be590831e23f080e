"""Is the process up, and can it serve: for the operator's load balancer."""

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from operations.setup import database


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the process answers at all."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and is migrated, else 503 with what is wrong."""
    problems = _problems()
    body = {"status": "unavailable" if problems else "ok", "problems": problems}
    return JsonResponse(body, status=503 if problems else 200)


def _problems() -> list[str]:
    try:
        waiting = database.waiting_migrations()
    except DatabaseError:
        return ["The database can't be reached."]
    return [f"{waiting} migrations are not applied: run `manage.py migrate`."] if waiting else []
