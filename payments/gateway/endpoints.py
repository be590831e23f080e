"""Webhook endpoints: where Stripe posts its events, which of them, at which API version."""

from collections.abc import Sequence

from payments.gateway.connection import API_VERSION, Answer, client, named, plain, translated


def endpoints() -> list[Answer]:
    with translated():
        page = client().v1.webhook_endpoints.list({"limit": 100})
        return [plain(endpoint, "webhook_endpoint") for endpoint in page.auto_paging_iter()]


def create_endpoint(url: str, events: Sequence[str]) -> Answer:
    """Make an endpoint at our API version; only this answer ever has its `secret`."""
    wanted = {"url": url, "enabled_events": list(events), "api_version": API_VERSION}
    with translated():
        return plain(client().v1.webhook_endpoints.create(wanted), "webhook_endpoint")  # type: ignore[arg-type]


def repair_endpoint(endpoint: str, events: Sequence[str]) -> Answer:
    """Enable an endpoint and give it these events. Its API version can't be changed."""
    wanted = {"enabled_events": list(events), "disabled": False}
    with translated():
        return plain(client().v1.webhook_endpoints.update(named(endpoint), wanted), "webhook_endpoint")  # type: ignore[arg-type]
