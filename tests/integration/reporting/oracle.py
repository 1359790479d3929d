"""Every measure a second time, by loops over all rows: slow, plain, and with nothing in common with the selectors."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

from budgets.models import MethodPart, PersonalHealthBudget, Review
from offers.models import Cohort
from phb_register.models import Commissioner, PartnershipMember, Succession
from reporting.rules.counting import DEFAULT_POLICY
from reporting.rules.filters import Filters

EVERYTHING = Filters()


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


def share_is_joint(phb, day):
    return any(
        share.percent < 100 and share.starts_on <= day and (share.ends_on is None or day < share.ends_on)
        for share in phb.funding_shares.all()
    )


def own_method(phb, day):
    """The strongest way in which one budget is managed on a day, its last day or its first."""
    first = phb.started_on or phb.agreed_on
    if phb.ended_on is not None:
        day = min(day, phb.ended_on - dt.timedelta(days=1))
    day = max(day, first)
    held = {
        part.method
        for part in phb.method_parts.all()
        if part.starts_on <= day and (part.ends_on is None or day < part.ends_on)
    }
    return next((method for method in ("direct_payment", "third_party", "notional") if method in held), "not_recorded")


def kept_by(only, phb, day):
    """Whether a budget is among those that the filters leave."""
    return (
        only.cohort in ("", phb.cohort.code)
        and only.method in ("", own_method(phb, day))
        and only.age_group in ("", "children" if age(phb.person, day) <= 17 else "adults")
        and only.funding in ("", "joint" if share_is_joint(phb, day) else "nhs")
    )


def counts_at_all(policy, phb, day):
    if not policy.counts_joint and share_is_joint(phb, day):
        return False
    return policy.counts_notional or own_method(phb, day) in ("direct_payment", "third_party")


def quarter_so_far(day):
    first = dt.date(day.year, {1: 1, 2: 4, 3: 7, 4: 10}[(day.month + 2) // 3], 1)
    return [first + dt.timedelta(days=n) for n in range((day - first).days + 1)]


def a_year_after(day):
    """The same day of the next year; of 29 February, 28 February."""
    while True:
        try:
            return day.replace(year=day.year + 1)
        except ValueError:
            day -= dt.timedelta(days=1)


def wheelchair_counts(phb, day, policy):
    if not policy.wheelchair_needs_review:
        return True
    held = [
        each.held_on
        for each in Review.objects.filter(phb=phb)
        if each.held_on <= day and not Review.objects.filter(corrects=each).exists()
    ]
    return a_year_after(max([phb.started_on, *held])) >= day


def by_method(people, phbs, day, policy):
    found = dict.fromkeys(("notional", "third_party", "direct_payment"), 0)
    for pk in people:
        if policy.breakdown == "each":
            held = {
                part.method
                for part in MethodPart.objects.filter(phb__in=[phb for phb in phbs if phb.person_id == pk])
                if part.starts_on <= day and (part.ends_on is None or day < part.ends_on)
            } or {"not_recorded"}
        else:
            held = {method_of(pk, phbs, day)}
        for method in held:
            found[method] = found.get(method, 0) + 1
    return found


def measured(commissioner_code, day, only=EVERYTHING, policy=DEFAULT_POLICY):
    """The counts of `Figures`, by name."""
    commissioner = Commissioner.objects.get(code=commissioner_code)
    bodies = bodies_counted(commissioner, day)
    phbs = [
        phb
        for phb in PersonalHealthBudget.objects.select_related("person", "cohort")
        if phb.commissioner_id in bodies and kept_by(only, phb, day) and counts_at_all(policy, phb, day)
    ]
    now = [phb for phb in phbs if in_place(phb, day)]
    people = {phb.person_id: phb.person for phb in now}
    at_home = [phb for phb in now if phb.cohort.code == "chc" and phb.lives_in == "home"]
    year, quarter = days_of_year_so_far(day), quarter_so_far(day)
    in_year = [phb for phb in phbs if any(in_place(phb, each) for each in year)]
    agreed_in_year = [phb for phb in phbs if any(in_place(phb, each) or agreed(phb, each) for each in year)]
    national = in_year if policy.counts_from == "started" else agreed_in_year
    counts_in_year = lambda phb: policy.counts_one_off or not phb.is_one_off  # noqa: E731
    of_year = {phb.person_id: phb.person for phb in in_year if counts_in_year(phb)}
    ended = [phb for phb in phbs if phb.started_on and phb.ended_on]
    by_cohort = dict.fromkeys((each.code for each in Cohort.objects.all()), 0)
    for phb in now:
        by_cohort[phb.cohort.code] += 1
    joint = sum(share_is_joint(phb, day) for phb in now)
    return {
        "phbs_in_place": len(now),
        "phbs_agreed": sum(agreed(phb, day) for phb in phbs),
        "people_in_place": len(people),
        "children_in_place": sum(age(person, day) <= 17 for person in people.values()),
        "people_year_to_date": len(of_year),
        "children_year_to_date": sum(age(person, day) <= 17 for person in of_year.values()),
        "people_counted_year_to_date": len({phb.person_id for phb in national if counts_in_year(phb)}),
        "new_in_quarter": sum(phb.started_on in quarter for phb in phbs),
        "new_year_to_date": sum(phb.started_on in year for phb in phbs),
        "ended_in_quarter": sum(phb.ended_on in quarter for phb in ended),
        "ended_year_to_date": sum(phb.ended_on in year for phb in ended),
        "one_off_in_place": sum(phb.is_one_off for phb in now),
        "one_off_year_to_date": sum(phb.is_one_off for phb in in_year),
        "wheelchair_active": sum(
            phb.cohort.code == "wheelchair" and wheelchair_counts(phb, day, policy) for phb in now
        ),
        "by_cohort": by_cohort,
        "by_method": by_method(people, now, day, policy),
        "by_funding": {"nhs": len(now) - joint, "joint": joint},
        "chc_in_community": len(at_home),
        "chc_in_community_fast_track": sum(phb.is_fast_track for phb in at_home),
    }
