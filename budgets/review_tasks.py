"""Nightly work on reviews."""

import logging

from celery import shared_task

from budgets.services.review_dates import reconcile

log = logging.getLogger(__name__)


@shared_task(name="budgets.reconcile_review_dates")
def reconcile_review_dates() -> int:
    """Put right what due dates follow from, should anything have been written past the triggers. Beat calls it."""
    found = reconcile()
    if found:
        log.warning("Put right what the next review follows from, rows: %s", found)
    return found
