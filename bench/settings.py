"""The site's own settings; the floor (bench/floor.py) is served beside it, by the same processes."""

from config.settings import *  # noqa: F403
from config.settings import MIDDLEWARE

ROOT_URLCONF = "bench.floor"
# The webhook goes past most middleware, so its floor does too: just behind the same first one.
MIDDLEWARE = [MIDDLEWARE[0], "bench.floor.floor_goes_straight", *MIDDLEWARE[1:]]
