"""What the page of variation charts. Pure."""

from django.db.models import TextChoices


class Series(TextChoices):
    """A monthly series with an XmR chart of its own."""

    STARTED = "started", "Budgets started"
    CHANGE = "change", "Change in budgets in place"
    RECEIVED = "received", "Referrals received"
    DAYS = "days", "Days to decision"
