"""The national return a second time, by loops over every row of the register."""

import datetime as dt
from collections import Counter

from budgets.models import FundingShare, MethodPart, PersonalHealthBudget, Review
from tests.integration.reporting.oracle import age, bodies_counted, in_place

ORDER = ("direct_payment", "third_party", "notional")
GROUP_OF = {
    "continuing-care": "continuing_care",
    "ld-autism-adult": "learning_disability",
    "ld-autism-child": "learning_disability",
    "s117": "s117",
    "mental-health": "mental_health",
    "ehc-plan": "ehcp",
    "wheelchair": "wheelchair",
}
GROUP_ORDER = (
    "fast_track chc continuing_care s117 mental_health learning_disability ehcp wheelchair other".split()  # noqa: SIM905
)


def group(phb):
    if phb.cohort.code == "chc":
        return "fast_track" if phb.is_fast_track else "chc"
    return GROUP_OF.get(phb.cohort.code, "other")


def days(first, last):
    return [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]


def methods_on(parts, day):
    return {part.method for part in parts if part.starts_on <= day and (part.ends_on is None or day < part.ends_on)}


def waits(phb, day):
    """Agreed, neither started nor ended."""
    has_started = phb.started_on is not None and phb.started_on <= day
    has_ended = phb.ended_on is not None and phb.ended_on <= day
    return phb.agreed_on <= day and not has_started and not has_ended


def a_year_later(day):
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return dt.date(day.year + 1, 2, 28)


def returned(commissioner, as_at, policy):
    """People by (basis, row, column), and who they are by the same."""
    first = dt.date(as_at.year if as_at.month >= 4 else as_at.year - 1, 4, 1)
    bodies = bodies_counted(commissioner, as_at)
    held = {"year_to_date": {}, "quarter_end": {}}
    every_part, every_share, every_review = (list(model.objects.all()) for model in (MethodPart, FundingShare, Review))
    for phb in PersonalHealthBudget.objects.select_related("person", "cohort"):
        if phb.commissioner_id not in bodies:
            continue
        shares = [share for share in every_share if share.phb_id == phb.pk]
        parts = [part for part in every_part if part.phb_id == phb.pk]
        shared = [each for each in shares if each.starts_on <= as_at and (each.ends_on is None or as_at < each.ends_on)]
        if any(each.percent < 100 for each in shared) and not policy.counts_joint:
            continue
        if phb.is_one_off and not policy.counts_one_off:
            continue
        was_in_place = any(in_place(phb, day) for day in days(first, as_at))
        for basis in held:
            if basis == "year_to_date":
                counts = was_in_place or (policy.counts_from == "agreed" and waits(phb, as_at))
                methods = set().union(*(methods_on(parts, day) for day in days(first, as_at)))
            else:
                mine = [review for review in every_review if review.phb_id == phb.pk]
                reviews = [review.held_on for review in mine if review.held_on <= as_at]
                counts = in_place(phb, as_at)
                if counts and phb.cohort.code == "wheelchair" and policy.wheelchair_needs_review:
                    counts = a_year_later(max([phb.started_on, *reviews])) >= as_at
                methods = methods_on(parts, as_at)
            if counts and (policy.counts_notional or methods != {"notional"}):
                person = held[basis].setdefault(phb.person_id, (phb.person, set(), set()))
                person[1].update(methods)
                person[2].add(group(phb))
    counted, who = Counter(), {}
    for basis, people in held.items():
        for pk, (person, methods, groups) in people.items():
            rows = ["total", min(groups, key=GROUP_ORDER.index)]
            if not methods:
                rows.append("not_recorded")
            elif policy.breakdown == "each":
                rows += methods
            else:
                rows.append(next(method for method in ORDER if method in methods))
            for row in rows:
                for column in ("everybody", "children" if age(person, as_at) < 18 else "adults"):
                    counted[f"{basis}-{row}-{column}"] += 1
                    who.setdefault(f"{basis}-{row}-{column}", set()).add(pk)
    return counted, who
