"""What the configuration looks after: sign-ins and counts that ran out."""

from datetime import timedelta

from config import forgetting
from payments import work

work.plug(work.Job("ended sign-ins", forgetting.forget_what_ran_out, every=timedelta(hours=1)))
