"""Which receipts are asked for: light touch, by risk level. Pure, and the same each time it is asked."""

import hashlib
from collections.abc import Iterable
from decimal import Decimal

from .monitoring_states import RiskLevel


def receipts_asked(
    level: str, lines: Iterable[tuple[str, Decimal]], *, over: Decimal, one_in: int, salt: str
) -> set[str]:
    """The keys of the lines whose receipt is asked for; each line a key and an amount (negative is money out).

    Low: none. Medium: one in so many lines, rounded up, chosen by a hash with ``salt`` (the return's reference), so
    that nobody can tell beforehand and everybody finds the same afterwards. High: all above ``over`` pounds.
    """
    spent = {key: -amount for key, amount in lines if amount < 0}
    if level == RiskLevel.HIGH:
        return {key for key, amount in spent.items() if amount > over}
    if level == RiskLevel.LOW or not spent:
        return set()
    in_order = sorted(spent, key=lambda key: hashlib.sha256(f"{salt}:{key}".encode()).digest())
    return set(in_order[: -(-len(in_order) // one_in)])
