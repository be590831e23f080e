"""The map: method and path to handler."""

from sandbox.account import accounts, balance, payouts
from sandbox.cards import cards, customer_secrets, customers
from sandbox.events import events, webhook_endpoints
from sandbox.paying import charges, intents
from sandbox.request.call import Route
from sandbox.reversals import disputes, files, fraud_warnings, refunds

ROUTES: dict[tuple[str, str], Route] = {
    **accounts.ROUTES,
    **balance.ROUTES,
    **charges.ROUTES,
    **customer_secrets.ROUTES,
    **customers.ROUTES,
    **disputes.ROUTES,
    **events.ROUTES,
    **files.ROUTES,
    **fraud_warnings.ROUTES,
    **intents.ROUTES,
    **cards.ROUTES,
    **payouts.ROUTES,
    **refunds.ROUTES,
    **webhook_endpoints.ROUTES,
}


def find(method: str, path: str) -> tuple[Route, str] | None:
    """The route and the id in its path, if there is one."""
    route = ROUTES.get((method, path))
    if route:
        return route, ""
    parts = path.strip("/").split("/")
    for place in (2, 3):
        if len(parts) > place:
            template = "/" + "/".join([*parts[:place], "{id}", *parts[place + 1 :]])
            route = ROUTES.get((method, template))
            if route:
                return route, parts[place]
    return None
