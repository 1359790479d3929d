"""The dates that readers of controlled figures may choose. Pure.

Day by day, each person who starts or leaves would be seen to. Month ends are enough to follow the pace, and each is
held against those before it (`reporting.ledger`).
"""

MONTH_ENDS_ONLY = (
    "Figures for readers who may not see the people behind them are as at the end of a month, so that nobody who "
    "starts or leaves between two days stands out. Choose the last day of a month, like {}"
)
