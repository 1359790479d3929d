"""Everything that is measured on one synthetic England, as lines."""

import datetime as dt
import os
import time
from collections.abc import Iterator

from django.core.management.base import CommandError
from django.db import connection, transaction

from budgets.models import PersonalHealthBudget
from phb_register import clock, embedded
from phb_register.models import Commissioner, Person
from reporting.benchmark.england import people as country
from reporting.benchmark.england.database import is_in_use
from reporting.benchmark.england.imports import import_cost
from reporting.benchmark.england.pages import Pages
from reporting.benchmark.england.server import BARE, download, throughput
from reporting.benchmark.england.users import BODY, NATION, Readers, make_denominators, make_readers
from reporting.benchmark.england.workbook import workbook_cost

SITE = "phb_register.wsgi"
#: The register of an ICB's team, its dashboard and its home page: what most readers open most of the time.
READ_AT_ONCE = ("/register/", f"/dashboard/{BODY}/", "/people/")


def fill(people: int) -> Iterator[str]:
    """Invent so many people in place in this database, which must be a synthetic England of its own."""
    if not is_in_use():
        raise CommandError("An England is invented in a database of its own. Use: manage.py bench --england 200000")
    begun = time.perf_counter()
    with transaction.atomic():
        readers = make_readers()
        make_denominators(people, clock.today())
        counts = country.build(people, readers.everywhere.pk, clock.today())
    with connection.cursor() as cursor:
        # As autovacuum would have done by the time that anybody reads.
        for model in country.FILLED:
            cursor.execute(f"VACUUM {model._meta.db_table}")
    rows = ", ".join(f"{number:,} {table}" for table, number in counts.items())
    yield f"Invented in {time.perf_counter() - begun:.0f} s: {rows}"


def measure_pages(readers: Readers, repeats: int) -> Iterator[str]:
    """Dashboards and lists beside their SQL."""
    in_place = PersonalHealthBudget.objects.in_place_on(clock.today()).count()
    yield (
        f"{Person.objects.count():,} people, {in_place:,} budgets in place of "
        f"{PersonalHealthBudget.objects.count():,}; medians of {repeats} requests, in milliseconds"
    )
    yield f"{'Page':<30}{'first':>9}{'median':>9}{'its SQL':>9}{'ratio':>8}{'queries':>9}  {'may cost':<14}"
    for each in Pages(readers, repeats).run():
        timing = each.timing
        limits = (f"{each.most:.0f}" if each.most else "", f"{each.most_times:g}x" if each.most_times else "")
        allowed = ", ".join(filter(None, limits))
        yield (
            f"{timing.name:<30}{timing.first:>9.1f}{timing.page:>9.1f}{timing.sql:>9.1f}{timing.ratio:>7.1f}x"
            f"{timing.queries:>9}  {allowed:<9}{'' if each.is_kept else ' over'}"
        )


def measure_files(readers: Readers) -> Iterator[str]:
    """The register as CSV over the web server, and as a workbook."""
    embedded.hold_broker()
    csv = download(readers.everywhere, "/lists/register.csv?state=in_place")
    yield "\nFiles: rows, seconds to the first byte and to the last, megabytes of the process before and at its peak"
    yield (
        f"{'Register as CSV, over gunicorn':<42}{csv.rows:>10,}{csv.first_byte:>8.2f}{csv.seconds:>8.2f}"
        f"{csv.before:>8.0f}{csv.peak:>8.0f}  may cost 10 s, 1 s to the first byte, 100 MB"
    )
    book = workbook_cost(readers.everywhere, workbook_query())
    yield (
        f"{'Register as XLSX, its job':<42}{book.rows:>10,}{'':>8}{book.seconds:>8.2f}{book.before:>8.0f}"
        f"{book.peak:>8.0f}  may cost 15 s for 50,000"
    )


def measure_readers(readers: Readers) -> Iterator[str]:
    """Many readers at once, beside a bare view."""
    cores = os.cpu_count() or 1
    yield "\n16 readers at once on gunicorn workers with 8 threads each: requests a second, milliseconds"
    yield f"{'What they read':<42}{'requests':>10}{'a second':>10}{'median':>9}{'p95':>9}{'failed':>8}"
    for name, addresses, application, workers in (
        ("Register, dashboard, people: one worker", READ_AT_ONCE, SITE, 1),
        ("A bare Django view: one worker", ("/hello/",), BARE, 1),
        (f"The same pages: a worker a core ({cores})", READ_AT_ONCE, SITE, cores),
        (f"A bare Django view: a worker a core ({cores})", ("/hello/",), BARE, cores),
    ):
        found = throughput(name, readers.body, addresses, application, workers)
        yield (
            f"{found.name:<42}{found.requests:>10,}{found.a_second:>10.1f}{found.median:>9.0f}{found.p95:>9.0f}"
            f"{found.failed:>8}"
        )


def measure_import(rows: int, readers: Readers) -> Iterator[str]:
    """A register imported into this database, which holds no other then."""
    cost = import_cost(rows, commissioner=Commissioner.objects.get(code=NATION), by=readers.everywhere)
    yield "\nImport of a register, seconds; megabytes of the process before and at its peak"
    heads = (("Rows", 10), ("import", 9), ("bare COPY", 11), ("ratio", 8), ("of the file", 13))
    yield "".join(f"{head:>{width}}" for head, width in heads) + f"{'before':>8}{'peak':>8}"
    yield (
        f"{cost.rows:>10,}{cost.seconds:>9.1f}{cost.copy_rows:>11.1f}"
        f"{cost.seconds / cost.copy_rows:>7.1f}x{cost.copy_file:>13.2f}{cost.before:>8.0f}{cost.peak:>8.0f}"
        "  may cost 180 s"
    )


def workbook_query(rows: int = 50_000) -> str:
    """The filters of the register that leave about so many rows: those agreed by a day, whatever became of them."""
    agreed = PersonalHealthBudget.objects.order_by("agreed_on", "pk")
    days = agreed.values_list("agreed_on", flat=True)
    day: dt.date = days[min(rows, agreed.count()) - 1]
    return f"state=any&as_at_0={day.day}&as_at_1={day.month}&as_at_2={day.year}"
