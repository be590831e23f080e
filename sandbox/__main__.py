"""`python -m sandbox --port 12111`: start the Stripe stand-in."""

import argparse
import signal
import sys
import threading
from collections.abc import Sequence

from sandbox.app import app_for
from sandbox.machine import FixedEndpoint, Machine
from sandbox.wire import Server

_LOOPBACK = ("127.0.0.1", "localhost")
_TICK_SECONDS = 0.1


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until told to stop."""
    options = _options(arguments)
    machine = Machine(
        settle_after=options.settle_after,
        seed=options.seed,
        delivery_workers=options.delivery_workers,
    )
    machine.state.watch.on = options.check_types
    events = options.webhook_events.split(",")
    pairs = zip(options.webhook, options.webhook_secret, strict=True)
    machine.fixed_endpoints = [FixedEndpoint(url, secret, events) for url, secret in pairs]
    machine.register_fixed_endpoints()
    _serve(machine, options.port)
    return 0


def _serve(machine: Machine, port: int) -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with Server(("127.0.0.1", port), app_for(machine)) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}"
        sys.stdout.write(f"sandbox listening on {address}\n")
        sys.stdout.flush()
        _keep_time(machine, stop)
        server.shutdown()
    machine.delivery.close()


def _keep_time(machine: Machine, stop: threading.Event) -> None:
    by_itself = machine.state.clock.settle_after is not None
    while not stop.wait(_TICK_SECONDS):
        if by_itself:
            with machine.state.lock:
                machine.state.clock.run_due()


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="loopback only")
    parser.add_argument("--port", type=int, default=12111, help="0 picks a free one")
    parser.add_argument("--webhook", action="append", default=[], metavar="URL")
    parser.add_argument("--webhook-secret", action="append", default=[], metavar="whsec_…")
    parser.add_argument("--webhook-events", default="*", metavar="TYPE,…")
    parser.add_argument(
        "--settle-after",
        type=_seconds_or_manual,
        default=2.0,
        metavar="SECONDS|manual",
        help="when 'some time later' comes (default 2); manual leaves it to the control calls",
    )
    parser.add_argument("--seed", type=int, default=0, help="for faults and disorder")
    parser.add_argument("--delivery-workers", type=int, default=1, help="1 keeps events in order")
    parser.add_argument(
        "--check-types", action="store_true", help="hold every answer and event against Stripe's types"
    )
    options = parser.parse_args(arguments)
    if options.host not in _LOOPBACK:
        parser.error("the sandbox serves loopback only (127.0.0.1)")
    if len(options.webhook) != len(options.webhook_secret):
        parser.error("each --webhook needs its --webhook-secret")
    return options


def _seconds_or_manual(text: str) -> float | None:
    return None if text == "manual" else float(text)


if __name__ == "__main__":
    sys.exit(main())
