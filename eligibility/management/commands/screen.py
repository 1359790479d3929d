"""`manage.py screen FILE`: run a file of worked cases against the rules in the register."""

import datetime as dt
from argparse import ArgumentParser
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from eligibility.rules import RulesRefused
from eligibility.rules.case_files import Case, CaseFileRefused, parse_case_file, read_case_value
from eligibility.selectors.rule_sets import RuleBook, commissioners_by_code, rule_book
from eligibility.services.screening import screen_person

BAD_FILE = 2
"""Exit code for a file that cannot be used; 1 means that cases failed."""


class Command(BaseCommand):
    """Prints a line a case and ends `N passed, N failed`."""

    help = "Screen the worked cases of a JSON file and say which do not come out as expected."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="A file of worked cases, in the form docs/eligibility.md shows.")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            data = parse_case_file(_text_of(path))
            commissioners = commissioners_by_code()
            cases = read_case_value(data, commissioners.__contains__)
        except CaseFileRefused as refused:
            listed = "\n".join(f"  {problem}" for problem in refused.problems)
            raise CommandError(f"{path} cannot be used:\n{listed}", returncode=BAD_FILE) from refused

        @cache
        def book(code: str, on: dt.date) -> RuleBook:
            return rule_book(commissioners[code], on)

        failed = 0
        for case in cases:
            differences = _differences(case, book)
            failed += bool(differences)
            self.stdout.write(_line(case, differences))
        self.stdout.write(f"{len(cases) - failed} passed, {failed} failed")
        if failed:
            raise SystemExit(1)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        reason = (error.strerror or "it cannot be read").lower()
        raise CommandError(f"{path}: {reason}. Give the path of a case file.", returncode=BAD_FILE) from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} is not text in UTF-8. Save it so.", returncode=BAD_FILE) from error


def _differences(case: Case, book_of: Callable[[str, dt.date], RuleBook]) -> list[str]:
    try:
        book = book_of(case.commissioner, case.assessed_on)
        screened = screen_person(
            commissioner=book.commissioner, born_on=None, facts=case.facts, on=case.assessed_on, book=book
        )
    except RulesRefused as refused:
        raise CommandError(f"A rule set in the register cannot be read:\n{refused}") from refused
    return case.differences(screened.result)


def _line(case: Case, differences: list[str]) -> str:
    if not differences:
        return f"passed  {case.id}"
    why = f" ({case.why})" if case.why else ""
    return f"failed  {case.id}, line {case.line}: {'; '.join(differences)}{why}"
