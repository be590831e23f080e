"""What payments looks after: its Stripe events and its jobs."""

from datetime import timedelta

from bookings import lifecycle
from payments import capture, holds, inbox, pruning, work
from payments.sockets import Socket, plug

for outcome in ("succeeded", "processing", "payment_failed", "canceled"):
    plug(f"payment_intent.{outcome}", Socket(capture.apply_event))

work.plug(work.Job("webhook events", inbox.apply_due))
work.plug(work.Job("holds", holds.expire_due, every=timedelta(seconds=10)))
work.plug(work.Job("webhook payloads", pruning.prune_payloads, every=timedelta(hours=1)))
work.plug(work.Job("ended bookings", lifecycle.complete_ended, every=timedelta(minutes=1)))
