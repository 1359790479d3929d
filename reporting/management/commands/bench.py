"""`python manage.py bench`: what the main pages cost beside their SQL, and the memory of the processes."""

from argparse import SUPPRESS, ArgumentParser
from collections.abc import Callable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from budgets.models import PersonalHealthBudget
from phb_register import embedded
from phb_register.models import Person
from reporting.benchmark.commitments import commitments_cost
from reporting.benchmark.england import report
from reporting.benchmark.england.database import database, manage
from reporting.benchmark.england.users import make_readers, readers
from reporting.benchmark.memory import web_process, worker_process
from reporting.benchmark.pages import CODE, Benchmark
from reporting.benchmark.payments import run_costs

#: What is measured on a synthetic England, each in a process of its own, so that one does not warm the next.
ENGLAND_PARTS: dict[str, Callable[[dict[str, Any]], Iterator[str]]] = {
    "fill": lambda options: report.fill(options["england"][0]),
    "pages": lambda options: report.measure_pages(readers(), options["repeats"]),
    "files": lambda options: report.measure_files(readers()),
    "readers": lambda options: report.measure_readers(readers()),
    "import": lambda options: report.measure_import(options["rows"], make_readers()),
}


class Command(BaseCommand):
    """Prints medians of whole requests and of hand-written SQL for the same answer, in the same run."""

    help = (
        "Measure the register list, the dashboard and a submitted referral at the size of the database: medians of "
        "whole requests beside the SQL they need, and the peak memory of a web process and a worker. Then payment "
        "runs and the figures of money, on budgets that are invented and taken back: with the sizes of the "
        "specification about two minutes on an idle machine. `--payments 2022 --budgets 0` is quick. Writes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How often, and whether to start processes."""
        parser.add_argument("--repeats", type=int, default=25, metavar="N", help="requests of each kind (25)")
        parser.add_argument(
            "--people",
            type=int,
            default=10_000,
            metavar="N",
            help="people to invent and try a version of a rule set on (10,000; 0 leaves it out)",
        )
        parser.add_argument(
            "--payments",
            type=int,
            nargs="*",
            default=[2_022, 50_000],
            metavar="N",
            help="sizes of payment runs to invent and measure (2,022 and 50,000; none leaves them out)",
        )
        parser.add_argument(
            "--budgets",
            type=int,
            default=50_000,
            metavar="N",
            help="budgets to invent and work out the money of (50,000; 0 leaves it out)",
        )
        parser.add_argument(
            "--england",
            type=int,
            nargs="+",
            default=[],
            metavar="N",
            help="measure a synthetic England of so many people in place instead, each size in a database of its own",
        )
        parser.add_argument(
            "--rows", type=int, default=200_000, metavar="N", help="rows of the register that --england imports"
        )
        parser.add_argument("--part", choices=list(ENGLAND_PARTS), help=SUPPRESS)
        parser.add_argument("--no-memory", action="store_true", help="leave the processes out")

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure and print. Raises `CommandError` where there is no demonstration to measure."""
        if options["repeats"] < 1:
            raise CommandError("Give --repeats as 1 or more.")
        if options["people"] < 0:
            raise CommandError("Give --people as 0 or more.")
        if options["part"]:
            self._england_part(options)
        elif options["england"]:
            self._england(options)
        else:
            self._demonstration(options)

    def _demonstration(self, options: dict[str, Any]) -> None:
        bench = Benchmark(options["repeats"])
        self.stdout.write(
            f"{Person.objects.count():,} people, {PersonalHealthBudget.objects.count():,} personal health budgets; "
            f"medians of {bench.repeats} requests, in milliseconds\n\n"
        )
        self.stdout.write(f"{'Page':<22}{'first':>9}{'median':>9}{'its SQL':>9}{'ratio':>8}{'queries':>9}")
        for each in bench.run():
            self.stdout.write(
                f"{each.name:<22}{each.first:>9.1f}{each.page:>9.1f}{each.sql:>9.1f}{each.ratio:>7.1f}x{each.queries:>9}"
            )
        number, costs = bench.screening()
        self.stdout.write(f"\n{f'By {number} rule sets, without the database':<50}{'median':>10}{'nothing cached':>16}")
        for cost in costs:
            self.stdout.write(f"{cost.name:<50}{cost.median:>10.2f}{cost.forgotten:>16.2f}")
        if options["people"]:
            self._trials(bench, options["people"])
        if options["payments"]:
            self._payment_runs(options["payments"])
        if options["budgets"]:
            self._commitments(options["budgets"])
        if options["no_memory"]:
            return
        embedded.hold_broker()
        self.stdout.write(f"\n{'Memory, in megabytes':<60}{'before':>10}{'peak':>8}")
        worker, documents = worker_process()
        for weight in (web_process(bench.team, ("/register/", f"/dashboard/{CODE}/")), worker):
            self.stdout.write(f"{weight.name:<60}{weight.before:>10.0f}{weight.peak:>8.0f}")
        self.stdout.write(f"\n{'PDFs of a long local offer, made by that worker':<60}{'pages':>10}{'seconds':>8}")
        for document in documents:
            self.stdout.write(f"{document.name:<60}{document.pages:>10}{document.seconds:>8.1f}")

    def _england(self, options: dict[str, Any]) -> None:
        """Each size in a database of its own: pages, files and readers; and an import, into one without people."""
        repeats = str(options["repeats"])
        for people in options["england"]:
            with database(f"{people}") as address:
                self.stdout.write(f"\nA synthetic England of {people:,} people in place")
                manage(address, "migrate", "--verbosity", "0")
                for part in ("fill", "pages", "files", "readers"):
                    manage(address, "bench", "--part", part, "--england", str(people), "--repeats", repeats)
        if options["rows"]:
            with database("import") as address:
                manage(address, "migrate", "--verbosity", "0")
                manage(address, "bench", "--part", "import", "--rows", str(options["rows"]))

    def _england_part(self, options: dict[str, Any]) -> None:
        """One part, on the synthetic England that this process works on."""
        for line in ENGLAND_PARTS[options["part"]](options):
            self.stdout.write(line)
            self.stdout.flush()

    def _trials(self, bench: Benchmark, people: int) -> None:
        """What resource implications cost with so many people more, as a whole job."""
        invented, costs = bench.trials(people)
        self.stdout.write(
            f"\nResource implications: {people:,} people invented in {invented:.0f} s, then tried; seconds of the "
            "whole job, and megabytes of this process"
        )
        self.stdout.write(
            f"{'Version':<42}{'people':>10}{'changed':>10}{'job':>8}{'its SQL':>9}{'ratio':>8}{'before':>8}{'peak':>8}"
        )
        for each in costs:
            sql = f"{each.sql_seconds:.1f}" if each.sql_seconds else ""
            ratio = f"{each.ratio:.1f}x" if each.ratio else ""
            self.stdout.write(
                f"{each.name:<42}{each.people:>10,}{each.changed:>10,}{each.seconds:>8.1f}{sql:>9}{ratio:>8}"
                f"{each.before:>8.0f}{each.peak:>8.0f}"
            )

    def _commitments(self, budgets: int) -> None:
        """What the figures of money cost at a size."""
        cost = commitments_cost(budgets)
        self.stdout.write(
            f"\nMoney of {cost.budgets:,} budgets invented, each paid for six months; medians in milliseconds\n"
            f"{'Figures':<42}{'first':>9}{'median':>9}{'its SQL':>9}{'ratio':>8}\n"
            f"{cost.timing.name:<42}{cost.timing.first:>9.0f}{cost.timing.page:>9.0f}{cost.timing.sql:>9.0f}"
            f"{cost.timing.ratio:>7.1f}x"
        )

    def _payment_runs(self, sizes: list[int]) -> None:
        """What payment runs cost, step by step."""
        self.stdout.write("\nPayment runs, invented; seconds of each step, and megabytes of this process")
        self.stdout.write(f"{'Step':<42}{'payments':>10}{'run':>8}{'its SQL':>9}{'ratio':>8}{'before':>8}{'peak':>8}")
        for size in sizes:
            for each in run_costs(size):
                sql = f"{each.sql_seconds:.2f}" if each.sql_seconds else ""
                ratio = f"{each.ratio:.1f}x" if each.ratio else ""
                self.stdout.write(
                    f"{each.name:<42}{each.payments:>10,}{each.seconds:>8.2f}{sql:>9}{ratio:>8}"
                    f"{each.before:>8.0f}{each.peak:>8.0f}"
                )
