"""The dates that readers of controlled figures may choose. Pure.

Day by day, each person who starts or leaves would be seen to. Month ends are enough to follow the pace, and each is
held against those before it (`reporting.ledger`).
"""

import datetime as dt

from phb_register.dates import ONE_DAY

MONTH_ENDS_ONLY = (
    "Figures for readers who may not see the people behind them are as at the end of a month, so that nobody who "
    "starts or leaves between two days stands out. Choose the last day of a month, like {}"
)


def is_month_end(day: dt.date) -> bool:
    """Whether it is the last day of a month."""
    return (day + ONE_DAY).day == 1


def last_month_end(day: dt.date) -> dt.date:
    """The end of the last month that is over by the end of `day`."""
    return day if is_month_end(day) else day.replace(day=1) - ONE_DAY
