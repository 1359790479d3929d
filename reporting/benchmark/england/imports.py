"""What it costs to import the register of another body, beside a bare COPY of what came of it."""

import csv
import datetime as dt
import io
import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.core.management.base import CommandError
from django.db import connection, transaction
from nhs_number.validate import calculate_checksum

from budgets.rules.register_import import COLUMNS
from budgets.services.register_imports import IMPORTS
from budgets.services.register_writing import WRITTEN
from phb_register import clock
from phb_register.file_import_states import ImportStatus
from phb_register.models import Commissioner, User
from reporting.benchmark.england.filling import column_of
from reporting.benchmark.england.plan import FAMILY_ENDS, FAMILY_STARTS, GIVEN
from reporting.benchmark.worker import megabytes

COHORTS = ("chc", "chc", "chc", "continuing-care", "s117", "ld-autism-adult", "mental-health", "wheelchair")
METHODS = ("notional",) * 16 + ("direct_payment",) * 3 + ("third_party",)


@dataclass(frozen=True)
class ImportCost:
    """Seconds of an import from the file to the register, and of what any way of writing the same rows must do."""

    rows: int
    seconds: float
    copy_file: float
    copy_rows: float
    before: float
    peak: float


def register_rows(rows: int, bodies: list[str], today: dt.date) -> Iterator[dict[str, str]]:
    """A register of so many people, each with a referral and a budget. Seeded: always the same."""
    drawn = random.Random(20150401)  # noqa: S311  nothing secret is drawn
    starts, ends, given = FAMILY_STARTS.split(), FAMILY_ENDS.split(), GIVEN.split()
    numbers = _numbers()
    for _ in range(rows):
        referred = today - dt.timedelta(days=drawn.randrange(60, 1500))
        agreed = referred + dt.timedelta(days=drawn.randrange(1, 40))
        has_ended = drawn.random() < 0.2
        cohort = drawn.choice(COHORTS)
        age = drawn.randrange(5, 11) if cohort == "continuing-care" else drawn.randrange(25, 90)
        yield {
            "nhs_number": next(numbers),
            "family_name": drawn.choice(starts) + drawn.choice(ends),
            "given_name": drawn.choice(given),
            "born_on": (today - dt.timedelta(days=age * 365 + drawn.randrange(365))).isoformat(),
            "sex": drawn.choice(("female", "male")),
            "ethnic_category": drawn.choice("ABCDEFGHJKLMNPRSZ"),
            "postcode": f"ZZ{drawn.randrange(10, 99)} {drawn.randrange(10)}AB",
            "gp_practice": f"Z{drawn.randrange(99999):05d}",
            "commissioner": drawn.choice(bodies),
            "cohort": cohort,
            "fast_track": "no",
            "lives_in": "home",
            "funding": "nhs",
            "nhs_share": "100",
            "methods": drawn.choice(METHODS),
            "referred_on": referred.isoformat(),
            "agreed_on": agreed.isoformat(),
            "started_on": agreed.isoformat(),
            "ended_on": (agreed + dt.timedelta(days=15)).isoformat() if has_ended else "",
            "end_reason": "no_longer_eligible" if has_ended else "",
            "annual_amount": f"{drawn.randrange(1000, 60000)}.00",
            "previous_annual_amount": f"{drawn.randrange(1000, 60000)}.00",
        }


def write_register(file: IO[str], rows: int, today: dt.date) -> None:
    """Write such a register as CSV, for bodies that are open today."""
    oldest = today - dt.timedelta(days=1500)
    open_throughout = Commissioner.objects.bodies().open_on(today).open_on(oldest)
    writer = csv.DictWriter(file, fieldnames=[column.name for column in COLUMNS.all])
    writer.writeheader()
    writer.writerows(register_rows(rows, sorted(open_throughout.values_list("code", flat=True)), today))


def import_cost(rows: int, *, commissioner: Commissioner, by: User) -> ImportCost:
    """Import so many rows into the register of this database, as `import_register` does: checks, history and all."""
    text = io.StringIO()
    write_register(text, rows, clock.today())
    content = text.getvalue().encode()
    before = megabytes(_own_pid(), "VmRSS")
    begun = time.perf_counter()
    taken = IMPORTS.upload(commissioner=commissioner, filename="register.csv", content=content, by=by)
    IMPORTS.run_at_once(file_import=taken, by=by, progress=_nobody)
    seconds = time.perf_counter() - begun
    taken.refresh_from_db()
    if taken.status != ImportStatus.IMPORTED or taken.counts["referrals"] != rows:
        raise CommandError(f"The invented register was not imported whole: {taken.problems[:3]}")
    peak = megabytes(_own_pid(), "VmHWM")
    return ImportCost(
        rows=rows,
        seconds=seconds,
        copy_file=_copy_file(text),
        copy_rows=_copy_rows(taken.pk),
        before=before,
        peak=peak,
    )


def _copy_file(text: io.StringIO) -> float:
    """Seconds to copy the file as it is into one table without an index."""
    columns = ", ".join(f"{column.name} text" for column in COLUMNS.all)
    text.seek(0)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bench_file ({columns})")
        begun = time.perf_counter()
        cursor.cursor.copy_expert("COPY bench_file FROM STDIN (FORMAT csv, HEADER)", text)
        took = time.perf_counter() - begun
        transaction.set_rollback(True)
    return took


def _copy_rows(import_id: int) -> float:
    """Seconds to copy the rows that came of the import into tables like theirs: same indexes, no triggers."""
    took = 0.0
    with transaction.atomic(), connection.cursor() as cursor:
        for model in WRITTEN:
            table = model._meta.db_table
            columns = ", ".join(
                connection.ops.quote_name(column_of(field))
                for field in model._meta.local_concrete_fields
                if not getattr(field, "generated", False)
            )
            with tempfile.TemporaryFile() as rows:
                cursor.cursor.copy_expert(f"COPY {table} ({columns}) TO STDOUT", rows)
                rows.seek(0)
                cursor.execute(f"CREATE TABLE bench_{table} (LIKE {table} INCLUDING ALL)")
                begun = time.perf_counter()
                cursor.cursor.copy_expert(f"COPY bench_{table} ({columns}) FROM STDIN", rows)
                took += time.perf_counter() - begun
        transaction.set_rollback(True)
    return took


def _numbers() -> Iterator[str]:
    """Valid NHS numbers of the 999 range; there are some 900,000."""
    for middle in range(1_000_000):
        prefix = f"999{middle:06d}"
        check = calculate_checksum(prefix)
        if check is not None and check < 10:
            yield f"{prefix}{check}"


def _own_pid() -> int:
    return int(Path("/proc/self").resolve().name)


def _nobody(done: int, total: int) -> None:
    """Nobody watches."""
