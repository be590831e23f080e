"""Is the process up, and can it serve: for the operator's load balancer."""

from django.db import Error
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.storage import database as connections
from operations.setup import database


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the process answers at all."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, can be written to and is migrated, else 503 with what is wrong."""
    problems = _problems()
    body = {"status": "unavailable" if problems else "ok", "problems": problems}
    return JsonResponse(body, status=503 if problems else 200)


def _problems() -> list[str]:
    try:
        waiting, is_read_only = database.waiting_migrations(), database.is_read_only()
    except Error:
        connections.drop()
        return ["The database can't be reached."]
    problems = [f"{waiting} migrations are not applied: run `manage.py migrate`."] if waiting else []
    if is_read_only:
        connections.drop()
        problems.append("The database can only be read.")
    return problems
