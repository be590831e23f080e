"""What refunds looks after: its Stripe events, its jobs, and money that can't stay."""

from datetime import timedelta

from django.conf import settings

from payments import work
from payments.sockets import Socket, plug, plug_orphanage
from refunds import (
    closures,
    disputes,
    disputes_deadlines,
    evidence_filing,
    fraud_warnings,
    mailing,
    orphans,
    settlement,
    submission,
)
from refunds.reconciliation import run

for event_type in ("created", "updated", "failed", "succeeded"):
    # Stripe has no refund.succeeded; the setup guide names it, so it is taken for refund.updated.
    plug(f"refund.{event_type}", Socket(settlement.apply_event))
plug("charge.refund.updated", Socket(settlement.apply_event))
plug("charge.refunded", Socket(settlement.apply_charge_event, ask=settlement.ask_refunds))

for moment in ("created", "updated", "closed", "funds_withdrawn", "funds_reinstated"):
    plug(f"charge.dispute.{moment}", Socket(disputes.apply_event, ask=disputes.ask))
plug("radar.early_fraud_warning.created", Socket(fraud_warnings.apply_event))

plug_orphanage(orphans.send_back)
work.plug(work.Job("refunds", submission.submit_due))
work.plug(work.Job("closures", closures.carry_on))
work.plug(work.Job("mail", mailing.send_due))
work.plug(work.Job(run.JOB, run.on_schedule, every=settings.RECONCILE_EVERY))
work.plug(work.Job("dispute deadlines", disputes_deadlines.remind, every=timedelta(minutes=10)))
work.plug(work.Job("evidence", evidence_filing.look_after, every=timedelta(minutes=1)))
