"""Bring the catalogues of what customers read up to date, or say what they lack."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from operations import translations


class Command(BaseCommand):
    help = "Collect what is marked for translation into locale/, compile it, and say what is untranslated."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if something lacks")
        parser.add_argument("--staff", metavar="FILE", help="only write what staff read, to be translated")

    def handle(self, *args: Any, check: bool, staff: str | None, **options: Any) -> None:
        if staff:
            translations.write_staff_words(Path(staff))
            return
        lacking = 0
        for code in translations.TRANSLATED:
            if not check:
                translations.update(code)
            for text in translations.untranslated(code):
                lacking += 1
                self.stdout.write(f"{code}: {text}")
        self.stdout.write(f"{lacking} untranslated")
        if lacking and check:
            sys.exit(1)
