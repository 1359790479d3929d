"""A register as it is some days after everything on it was entered, and budgets that an undone import took back."""

from django.db import connection

from budgets.models import PersonalHealthBudget
from phb_register.bulk import settle
from reporting.selectors.known import TRACKED


def entered_days_ago(days: int) -> None:
    """Have the history say that everything there is was entered so many days earlier."""
    settle()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for model in TRACKED:
            table = model.pgh_event_model._meta.db_table  # type: ignore[attr-defined]
            cursor.execute(f"UPDATE {table} SET pgh_created_at = pgh_created_at - interval '{days} days'")  # noqa: S608
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def take_away(phb: PersonalHealthBudget) -> None:
    """The budget alone, as undoing an import would."""
    settle()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, column in (
            ("budgets_reviewdue", "phb_id"),
            ("budgets_fundingshare", "phb_id"),
            ("budgets_methodpart", "phb_id"),
            ("budgets_agreedbudget", "phb_id"),
            ("budgets_personalhealthbudget", "id"),
        ):
            cursor.execute(f"DELETE FROM {table} WHERE {column} = %s", [phb.pk])  # noqa: S608
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
