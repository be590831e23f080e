"""Play the story and go on serving until Ctrl-C; with DEMO_EXIT=1 stop after the story."""

import os
import signal
import subprocess
import sys
import threading

from demo.house import FOLDER, NotAsTold, running, stop_on_signals
from demo.story import play

FAREWELL = """
Everything came out as told, and goes on serving:
  staff     {url}/admin/          admin / demo
  customers {url}/api/v1/docs/    ann, ben, cleo, dan, eve, finn / demo
  Stripe    {stripe}/    play the phone and the bank
Ctrl-C ends it.
"""


def main() -> int:
    stop_on_signals()
    print("Setting up the database, the Stripe sandbox, the site and a worker ...", flush=True)
    is_told = False
    try:
        with running() as house:
            play(house)
            is_told = True
            if os.environ.get("DEMO_EXIT") == "1":
                print("\nEverything came out as told.")
                return 0
            print(FAREWELL.format(url=house.url, stripe=house.sandbox.base_url), flush=True)
            threading.Event().wait()
    except (NotAsTold, subprocess.CalledProcessError) as error:
        print(f"\nNOT AS TOLD: {error}\nThe processes' own words are in {FOLDER}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nEnded.")
    return 0 if is_told else 128 + signal.SIGINT


if __name__ == "__main__":
    sys.exit(main())
