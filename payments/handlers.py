"""What payments looks after: its Stripe events and its jobs."""

from datetime import timedelta

from bookings import audit, lifecycle
from core.work import jobs
from payments import capture, holds, traces
from payments.books import payouts, proving
from payments.events import inbox, pruning
from payments.events.event_handlers import EventHandler, register

for outcome in ("succeeded", "processing", "payment_failed", "canceled"):
    register(f"payment_intent.{outcome}", EventHandler(capture.apply_event))

for change in ("created", "updated", "paid", "failed", "canceled"):
    register(f"payout.{change}", EventHandler(payouts.apply_event))
register(
    "payout.reconciliation_completed",
    EventHandler(payouts.apply_completed, ask=payouts.ask_for_lines),
)

audit.register_follower(proving.follow_person)
jobs.register(jobs.Job("webhook events", inbox.apply_due))
jobs.register(jobs.Job("holds", holds.expire_due, every=timedelta(seconds=10)))
jobs.register(jobs.Job("webhook payloads", pruning.prune_payloads, every=timedelta(hours=1)))
jobs.register(jobs.Job("purchase traces", traces.empty_old, every=timedelta(hours=6)))
jobs.register(jobs.Job("month totals", proving.prove_open, every=timedelta(hours=1), thread="books"))
jobs.register(jobs.Job("ended bookings", lifecycle.complete_ended, every=timedelta(minutes=1)))
