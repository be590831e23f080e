"""`python -m bench`: start everything, measure, and print the table."""

import subprocess
import sys

from bench import machine


def main() -> int:
    with machine.running() as environment:
        command = [sys.executable, "manage.py", "measure", *sys.argv[1:]]
        return subprocess.run(command, cwd=machine.ROOT, env=environment, check=False).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
