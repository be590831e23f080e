"""What accounts looks after: sign-ins and counts that ran out."""

from datetime import timedelta

from accounts import forgetting
from core import jobs

jobs.register(jobs.Job("ended sign-ins", forgetting.forget_what_ran_out, every=timedelta(hours=1)))
