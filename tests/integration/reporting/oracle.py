"""Every measure a second time, by loops over all rows: slow, plain, and with nothing in common with the selectors."""

import datetime as dt
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

from budgets.models import MethodPart, PersonalHealthBudget
from offers.models import Cohort
from phb_register.models import Commissioner, PartnershipMember, Succession


def exists_on(commissioner, day):
    return commissioner.opened_on <= day and not (commissioner.closed_on and commissioner.closed_on < day)


def bodies_counted(commissioner, day):
    """Members of the day, or the commissioner itself, with everyone they took over from."""
    found = set()
    if commissioner.kind == "partnership":
        for link in PartnershipMember.objects.filter(partnership=commissioner):
            if link.starts_on <= day and (link.ends_on is None or day < link.ends_on):
                found.add(link.member_id)
    elif exists_on(commissioner, day):
        found.add(commissioner.pk)
    while True:
        more = {
            each.predecessor_id
            for each in Succession.objects.all()
            if each.is_main and each.took_effect_on <= day and each.successor_id in found
        } - found
        if not more:
            return found
        found |= more


def in_place(phb, day):
    if phb.started_on is None or phb.started_on > day:
        return False
    return phb.ended_on is None or phb.ended_on > day


def agreed(phb, day):
    has_started = phb.started_on is not None and phb.started_on <= day
    has_ended = phb.ended_on is not None and phb.ended_on <= day
    return phb.agreed_on <= day and not has_started and not has_ended


def age(person, day):
    years = day.year - person.born_on.year
    birthday_to_come = (day.month, day.day) < (person.born_on.month, person.born_on.day)
    return years - 1 if birthday_to_come else years


def days_of_year_so_far(day):
    first = dt.date(day.year if day.month >= 4 else day.year - 1, 4, 1)
    return [first + dt.timedelta(days=n) for n in range((day - first).days + 1)]


def method_of(person_id, phbs, day):
    held = set()
    for phb in phbs:
        if phb.person_id != person_id or not in_place(phb, day):
            continue
        for part in MethodPart.objects.filter(phb=phb):
            if part.starts_on <= day and (part.ends_on is None or day < part.ends_on):
                held.add(part.method)
    for method in ("direct_payment", "third_party", "notional"):
        if method in held:
            return method
    return "not_recorded"


def rounded(number, places):
    return Decimal(number).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def measured(commissioner_code, day):
    """The counts of `Figures`, by name."""
    commissioner = Commissioner.objects.get(code=commissioner_code)
    bodies = bodies_counted(commissioner, day)
    phbs = [
        phb for phb in PersonalHealthBudget.objects.select_related("person", "cohort") if phb.commissioner_id in bodies
    ]
    now = [phb for phb in phbs if in_place(phb, day)]
    people = {phb.person_id: phb.person for phb in now}
    at_home = [phb for phb in now if phb.cohort.code == "chc" and phb.lives_in == "home"]
    year = days_of_year_so_far(day)
    by_method = dict.fromkeys(("notional", "third_party", "direct_payment"), 0)
    by_method |= Counter(method_of(pk, now, day) for pk in people)
    by_cohort = dict.fromkeys((each.code for each in Cohort.objects.all()), 0)
    for phb in now:
        by_cohort[phb.cohort.code] += 1
    return {
        "phbs_in_place": len(now),
        "phbs_agreed": sum(agreed(phb, day) for phb in phbs),
        "people_in_place": len(people),
        "children_in_place": sum(age(person, day) <= 17 for person in people.values()),
        "people_year_to_date": len({phb.person_id for phb in phbs if any(in_place(phb, each) for each in year)}),
        "by_cohort": by_cohort,
        "by_method": by_method,
        "chc_in_community": len(at_home),
        "chc_in_community_fast_track": sum(phb.is_fast_track for phb in at_home),
    }
