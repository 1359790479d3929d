"""Invented budgets that can be paid, in any number: copies of one that the demonstration pays. For measuring only.

A new column needs no change here, because whole rows are copied and only changed where it matters. They are written
with the guards asleep and are rolled back with the transaction around them.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.management.base import CommandError
from django.db import connection

from budgets.models import Payment, PaymentSchedule
from budgets.payment_enums import Frequency, PaymentState, RunStatus
from phb_register.models import Commissioner, CommissionerKind, Membership, User
from phb_register.roles import Role
from reporting.benchmark.population import chance
from reporting.benchmark.timing import rows_of

# £5,200.00 to £99,999.99 a year, to the penny.
AMOUNT = f"(520000 + {chance(1, 9480000)})::numeric / 100"


@dataclass(frozen=True)
class Copied:
    """A table, which of its rows is the model, and the columns that differ in a copy (SQL, by the number `n`)."""

    table: str
    model: str
    differs: dict[str, str]

    def sql(self, columns: Sequence[str]) -> str:
        """Insert a copy for each number. Where there is no model, nothing is copied."""
        differs = {"id": "%(first)s + n", **self.differs}
        values = ", ".join(differs.get(column, f"model.{column}") for column in columns)
        return f"""
            INSERT INTO {self.table} ({", ".join(columns)}) OVERRIDING SYSTEM VALUE
            SELECT {values} FROM generate_series(1, %(budgets)s) AS n
            CROSS JOIN (SELECT * FROM {self.table} WHERE {self.model} LIMIT 1) AS model
        """  # noqa: S608  the parts are constants of this module


COLUMNS = """
    SELECT column_name FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name = %(table)s AND is_generated = 'NEVER'
    ORDER BY ordinal_position
"""
OWN = "%(first)s + n"
OF_MODEL = "phb_id = %(phb)s"
TABLES = (
    Copied(
        "phb_register_person",
        "id = %(person)s",
        {
            "reference": "gen_random_uuid()",
            "nhs_number": "NULL",
            "nhs_number_missing_reason": "'not_traced'",
            "commissioner_id": "%(commissioner)s",
        },
    ),
    Copied(
        "eligibility_referral",
        "id = %(referral)s",
        {
            "reference": "gen_random_uuid()",
            "submission_key": "gen_random_uuid()",
            "person_id": OWN,
            "commissioner_id": "%(commissioner)s",
        },
    ),
    Copied(
        "budgets_personalhealthbudget",
        "id = %(phb)s",
        {
            "reference": "gen_random_uuid()",
            "person_id": OWN,
            "referral_id": OWN,
            "commissioner_id": "%(commissioner)s",
            "annual_amount": AMOUNT,
        },
    ),
    Copied(
        "budgets_budgetproposal",
        "id = (SELECT max(proposal_id) FROM budgets_agreedbudget WHERE phb_id = %(phb)s)",
        {"reference": "gen_random_uuid()", "submission_key": "gen_random_uuid()", "referral_id": OWN},
    ),
    Copied(
        "budgets_agreedbudget",
        f"{OF_MODEL} AND proposal_id IS NOT NULL",
        {"phb_id": OWN, "proposal_id": OWN, "number": "1", "applies_from": "%(starts_on)s", "annual_amount": AMOUNT},
    ),
    Copied(
        "budgets_methodpart",
        f"{OF_MODEL} AND method = %(method)s AND (ends_on IS NULL OR ends_on > starts_on)",
        {"phb_id": OWN, "annual_amount": AMOUNT, "starts_on": "%(starts_on)s", "ends_on": "NULL"},
    ),
    Copied(
        "budgets_supportplan",
        "referral_id = %(referral)s AND status = 'signed'",
        {"reference": "gen_random_uuid()", "referral_id": OWN, "in_force_from": "%(starts_on)s"},
    ),
    Copied(
        "budgets_directpaymentarrangement",
        f"{OF_MODEL} AND ends_on IS NULL",
        {"reference": "gen_random_uuid()", "phb_id": OWN, "starts_on": "%(starts_on)s"},
    ),
    Copied(
        "budgets_paymentschedule",
        "id = %(schedule)s",
        {
            "phb_id": OWN,
            "frequency": f"'{Frequency.MONTHLY}'",
            "paid_when": "'advance'",
            "wait_days": "0",
            "starts_on": "%(starts_on)s",
            "ends_on": "NULL",
        },
    ),
)


REVIEWS = """
    INSERT INTO budgets_reviewdue (phb_id, commissioner_id, started_on)
    SELECT id, commissioner_id, started_on FROM budgets_personalhealthbudget
    WHERE commissioner_id = %(commissioner)s
"""


@dataclass(frozen=True)
class Body:
    """A commissioner of its own for measuring, with two people of finance, and when its budgets start."""

    commissioner: Commissioner
    finance: User
    second: User
    starts_on: dt.date


def invent_budgets(budgets: int, starts_on: dt.date) -> Body:
    """So many budgets in place since long, to be paid monthly from a day on. Inside a transaction that is rolled back.

    Raises `CommandError` where no budget was paid yet that could be copied.
    """
    model = _model(starts_on)
    body = _body(starts_on)
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            raise CommandError("Inventing budgets needs a database role that is a superuser. Leave --payments out.")
        tables = ", ".join(f"(SELECT coalesce(max(id), 0) FROM {each.table})" for each in TABLES)  # noqa: S608
        cursor.execute(f"SELECT {tables}")
        params = {
            "budgets": budgets,
            "first": max(cursor.fetchone()),
            "commissioner": body.commissioner.pk,
            "starts_on": starts_on,
            "method": model.method,
            "person": model.phb.person_id,
            "referral": model.phb.referral_id,
            "phb": model.phb_id,
            "schedule": model.pk,
        }
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in TABLES:
            columns = [name for (name,) in rows_of(COLUMNS, {"table": table.table})]
            cursor.execute(table.sql(columns), params)
        cursor.execute(REVIEWS, params)
        cursor.execute("SET LOCAL session_replication_role = origin")
        for table in TABLES:
            cursor.execute(f"ANALYZE {table.table}")
    return body


def _model(starts_on: dt.date) -> PaymentSchedule:
    """A schedule that was paid on the day; of a direct payment if there is one, of which most is asked."""
    paid = Payment.objects.filter(run__status=RunStatus.RELEASED, run__pays_on=starts_on, state=PaymentState.INCLUDED)
    found = paid.select_related("schedule__phb").order_by("method", "pk").first()
    if found is None:
        raise CommandError(
            "No budget was paid on the first day of the financial year. Load the demonstration first: "
            "python manage.py load_demo"
        )
    schedule: PaymentSchedule = found.schedule
    return schedule


def _body(starts_on: dt.date) -> Body:
    commissioner = Commissioner.objects.create(
        code="BENCH", name="For measuring", kind=CommissionerKind.ICB, opened_on=dt.date(2013, 4, 1)
    )
    users = [User.objects.create(email=f"bench-{n}@example.nhs.uk", full_name=f"Bench {n}") for n in (1, 2)]
    for user in users:
        Membership.objects.create(
            user=user, role=Role.FINANCE, commissioner=commissioner, starts_on=dt.date(2013, 4, 1)
        )
    return Body(commissioner, users[0], users[1], starts_on)
