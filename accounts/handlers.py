"""What accounts looks after: sign-ins and counts that ran out, and people who leave."""

from datetime import timedelta

from accounts import deletion, forgetting
from accounts.headless import second_step
from core.work import jobs

jobs.register(jobs.Job("ended sign-ins", forgetting.forget_what_ran_out, every=timedelta(hours=1)))
jobs.register(jobs.Job("deletions", deletion.carry_out_due, every=timedelta(minutes=1)))
second_step.take_over()
