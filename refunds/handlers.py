"""What refunds looks after: its Stripe events, its jobs, and money that can't stay."""

from datetime import timedelta

from django.conf import settings

from core.work import jobs
from payments.events.event_handlers import EventHandler, register, register_orphan_return
from refunds import closures, orphans
from refunds.dispute_response import deadlines, filing
from refunds.disputes import fraud_warnings, intake
from refunds.mail import delivery
from refunds.reconciliation import run
from refunds.sending import settlement, submission

for event_type in ("created", "updated", "failed", "succeeded"):
    # Stripe has no refund.succeeded; the setup guide names it, so it is taken for refund.updated.
    register(f"refund.{event_type}", EventHandler(settlement.apply_event))
register("charge.refund.updated", EventHandler(settlement.apply_event))
register("charge.refunded", EventHandler(settlement.apply_charge_event, ask=settlement.ask_refunds))

for moment in ("created", "updated", "closed", "funds_withdrawn", "funds_reinstated"):
    register(f"charge.dispute.{moment}", EventHandler(intake.apply_event, ask=intake.ask))
register("radar.early_fraud_warning.created", EventHandler(fraud_warnings.apply_event))

register_orphan_return(orphans.send_back)
jobs.register(jobs.Job("refunds", submission.submit_due))
jobs.register(jobs.Job("closures", closures.carry_on))
jobs.register(jobs.Job("mail", delivery.send_due, thread="mail"))
# It may take hours: nothing that is due in seconds waits for it.
jobs.register(jobs.Job(run.JOB, run.on_schedule, every=settings.RECONCILE_EVERY, thread="books"))
jobs.register(jobs.Job("dispute deadlines", deadlines.remind, every=timedelta(minutes=10)))
jobs.register(jobs.Job("evidence", filing.look_after, every=timedelta(minutes=1)))
