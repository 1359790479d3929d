"""The one place that asks what day it is; rules are given dates and never ask."""

import datetime as dt

from django.utils import timezone


def today() -> dt.date:
    """Today's date in England (``Europe/London``), also when the server's own clock is on UTC."""
    return timezone.localdate()


def now() -> dt.datetime:
    """The present moment, with its time zone."""
    return timezone.now()
