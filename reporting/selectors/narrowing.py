"""Filters and switches as conditions in SQL over one budget: the same for figures, lists and lines. No reads here."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from budgets.enums import Method
from budgets.rules.agreement import adult_if_born_by
from reporting import measures as m
from reporting.rules.counting import DEFAULT_POLICY, CountingPolicy
from reporting.rules.filters import AgeGroup, Filters, Funding

# The day on which a budget's method is looked at: the as-at date; of one that has ended by then, its last day; of one
# that has not started, its first.
_DAY = "GREATEST(LEAST(%(as_at)s::date, {phb}.ended_on - 1), COALESCE({phb}.started_on, {phb}.agreed_on))"
_MANAGED_BY = """EXISTS (
    SELECT FROM budgets_methodpart AS managed
    WHERE managed.phb_id = {phb}.id AND managed.method IN ({methods}) AND managed.starts_on <= {day}
        AND (managed.ends_on IS NULL OR managed.ends_on > {day})
)"""
_JOINT = """EXISTS (
    SELECT FROM budgets_fundingshare AS share
    WHERE share.phb_id = {phb}.id AND share.percent < 100 AND share.starts_on <= %(as_at)s
        AND (share.ends_on IS NULL OR share.ends_on > %(as_at)s)
)"""
_CHILD = """EXISTS (
    SELECT FROM phb_register_person AS young WHERE young.id = {phb}.person_id AND young.born_on > %(adults_born_by)s
)"""
_COHORT = "{phb}.cohort_id = (SELECT id FROM offers_cohort WHERE code = %(only_cohort)s)"


def conditions(phb: str, only: Filters, policy: CountingPolicy) -> list[str]:
    """The conditions that the row `phb` is among those asked for, and that it counts."""
    found = []
    if only.cohort:
        found.append(_COHORT.format(phb=phb))
    if only.age_group:
        found.append(("" if only.age_group == AgeGroup.CHILDREN else "NOT ") + _CHILD.format(phb=phb))
    if only.funding:
        found.append(("" if only.funding == Funding.JOINT else "NOT ") + _JOINT.format(phb=phb))
    if only.method:
        found += _strongest(phb, only.method)
    if not policy.counts_joint:
        found.append("NOT " + _JOINT.format(phb=phb))
    if not policy.counts_notional:
        found.append(_managed_by(phb, [method for method in Method.values if method != Method.NOTIONAL]))
    return found


def of_people(row: str, counted: str, only: Filters, policy: CountingPolicy, *, came_of: str = "") -> list[str]:
    """The conditions that the row `row`, which names a person, is among those asked for: by that person's age, and
    by a budget of theirs that was agreed by then.

    Before there is a budget there is no method, nor anybody who pays. `counted` is the condition in SQL that the
    commissioner of `came`, the budget, counts; `came_of` is a further one, such as that it came of a referral.
    """
    found = conditions(row, Filters(age_group=only.age_group), DEFAULT_POLICY) if only.age_group else []
    if of_budget := only.without("age_group"):
        asked = [f"came.person_id = {row}.person_id", counted, "came.agreed_on <= %(as_at)s"]
        asked += [came_of] if came_of else []
        asked += conditions("came", of_budget, policy)
        # Made of constants and the names of columns; every value is a parameter.
        found.append(f"EXISTS (SELECT FROM budgets_personalhealthbudget AS came WHERE {' AND '.join(asked)})")
    return found


def params(only: Filters, as_at: dt.date) -> dict[str, Any]:
    """What the conditions need beside the as-at date."""
    return {"only_cohort": only.cohort, "adults_born_by": adult_if_born_by(as_at)}


def _strongest(phb: str, method: str) -> list[str]:
    """Managed in this way, and in no stronger one; in none, where `method` says that it is not recorded."""
    if method == m.NOT_RECORDED:
        return ["NOT " + _managed_by(phb, m.METHOD_PRECEDENCE)]
    stronger = m.METHOD_PRECEDENCE[: m.METHOD_PRECEDENCE.index(method)]
    found = [_managed_by(phb, [method])]
    return [*found, "NOT " + _managed_by(phb, stronger)] if stronger else found


def _managed_by(phb: str, methods: Iterable[str]) -> str:
    # From a closed list of this room, never from an address.
    return _MANAGED_BY.format(phb=phb, day=_DAY.format(phb=phb), methods=", ".join(f"'{each}'" for each in methods))
