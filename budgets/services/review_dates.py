"""Putting right the facts that due dates follow from, should they ever be wrong; triggers keep them otherwise."""

from django.db import connection, transaction

from budgets.models.review_guards import FACTS_OF_BUDGETS, RECORDED_FROM


@transaction.atomic
def reconcile() -> int:
    """Work the facts out anew for every PHB, in two statements, and return how many rows were not right.

    A partnership's membership or a succession may move the settings that hold for a body without anybody writing a
    budget or a setting: that, and whatever was written past the triggers, is what this finds.
    """
    with connection.cursor() as cursor:
        cursor.execute(FACTS_OF_BUDGETS)
        found: int = cursor.rowcount
        cursor.execute(RECORDED_FROM)
        return found + int(cursor.rowcount)
