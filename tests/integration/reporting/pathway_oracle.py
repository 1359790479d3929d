"""The figures of pathway and quality a second time, by loops over all rows: slow and plain."""

import datetime as dt
import statistics
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

from budgets.models import LedgerEntry, OutcomeRating, PersonalHealthBudget, Review
from budgets.rules.reviews import review_due
from eligibility.models import BudgetOffer, Referral
from phb_register.models import Person
from tests.integration.reporting.oracle import EVERYTHING, age, in_place, kept_by

GIVES_SOMETHING = {"right_to_have", "right_to_ask", "may_request"}


def walked(bodies, first, last, only=EVERYTHING):
    """The figures of the bodies with these ids, from `first` to `last`, by name; narrowed to `only`."""
    referrals = [each for each in Referral.objects.all() if each.commissioner_id in bodies]
    phbs = [
        each
        for each in PersonalHealthBudget.objects.select_related("referral")
        if each.commissioner_id in bodies and kept_by(only, each, last)
    ]
    answers, why_not = offers(bodies, referrals, first, last, only=only, phbs=phbs)
    decided = [
        (referral, decision)
        for referral in referrals
        if led_to_one(only, referral.person, last, [phb for phb in phbs if phb.referral_id == referral.pk])
        for decision in referral.decisions.all()
        if decision.number == 1 and first <= decision.decided_on <= last
    ]
    kept = [how for phb in phbs for how in reviews(phb, first, last)]
    return {
        "by_answer": answers,
        "by_why_not": why_not,
        "by_decision": Counter(decision.outcome for _, decision in decided),
        "by_refusal": Counter(decision.reason_code for _, decision in decided if decision.reason_code),
        "decided_on_time": sum(decision.decided_on <= referral.decision_due_on for referral, decision in decided),
        "to_decision": spread([(decision.decided_on - referral.received_on).days for referral, decision in decided]),
        "to_first_payment": spread([days for phb in phbs for days in days_to_payment(phb, first, last)]),
        "by_kept": Counter(kept),
        "saving": savings(phbs, last),
        "outcomes": outcomes(phbs, first, last),
    }


def led_to_one(only, person, last, phbs):
    """Whether somebody is of the age asked for, and one of these budgets was agreed by then, where any is asked for."""
    if only.age_group and (only.age_group == "children") != (age(person, last) <= 17):
        return False
    return not only.without("age_group") or any(phb.agreed_on <= last for phb in phbs)


def offers(bodies, referrals, first, last, *, only, phbs):
    people = set()
    for referral in referrals:
        if not first <= referral.received_on <= last:
            continue
        decisions = [each for each in referral.decisions.all() if each.decided_on <= last]
        screenings = [each for each in referral.screenings.all() if each.assessed_on <= last]
        if decisions:
            is_eligible = max(decisions, key=lambda each: each.number).outcome != "declined"
        else:
            is_eligible = bool(screenings) and max(screenings, key=lambda each: each.pk).outcome in GIVES_SOMETHING
        if is_eligible:
            people.add(referral.person_id)
    made = [
        each
        for each in BudgetOffer.objects.all()
        if each.is_current and each.commissioner_id in bodies and each.offered_on <= last
    ]
    people |= {each.person_id for each in made if each.offered_on >= first}
    people = {
        each.pk
        for each in Person.objects.filter(pk__in=people)
        if led_to_one(only, each, last, [phb for phb in phbs if phb.person_id == each.pk])
    }
    answers, why_not = Counter(), Counter()
    for person in people:
        holds = [
            each for each in made if each.person_id == person and (first - each.offered_on) <= dt.timedelta(days=365)
        ]
        if not holds:
            answers["not_offered"] += 1
            continue
        latest = max(holds, key=lambda each: (each.offered_on, each.pk))
        if latest.responded_on is None or latest.responded_on > last:
            answers["not_answered"] += 1
            continue
        answers[latest.response] += 1
        if latest.why_not:
            why_not[latest.why_not] += 1
    return answers, why_not


def days_to_payment(phb, first, last):
    standing = []
    for entry in LedgerEntry.objects.filter(phb=phb, kind="payment"):
        undone = LedgerEntry.objects.filter(reverses=entry).first()
        if entry.entered_on <= last and (undone is None or undone.entered_on > last):
            standing.append(entry.entered_on)
    if standing and first <= min(standing) <= last:
        yield (min(standing) - phb.referral.received_on).days


def reviews(phb, first, last):
    """How each review that was due was kept: those held by then, and the one that was due next."""
    counting = [each for each in Review.objects.filter(phb=phb) if not Review.objects.filter(corrects=each).exists()]
    held = [each for each in counting if each.held_on <= last]
    for review in held:
        if first <= review.due_on <= last:
            yield "on_time" if review.held_on <= review.due_on else "late"
    if phb.started_on is None or phb.started_on > last:
        return
    paid = [each for each in LedgerEntry.objects.filter(phb=phb, kind="payment") if each.entered_on <= last]
    due = review_due(
        started_on=phb.started_on,
        first_paid_on=min((each.entered_on for each in paid), default=None),
        first_direct_on=min((each.entered_on for each in paid if each.method == "direct_payment"), default=None),
        last_held_on=max((each.held_on for each in held), default=None),
    )
    if first <= due <= last and (phb.ended_on is None or phb.ended_on > due):
        yield "not_held"


def savings(phbs, day):
    known = unknown = 0
    replaced = budgets = Decimal(0)
    for phb in phbs:
        if phb.is_one_off or not in_place(phb, day):
            continue
        if phb.previous_annual_amount is None:
            unknown += 1
            continue
        known += 1
        replaced += phb.previous_annual_amount
        agreed = [each for each in phb.agreed_budgets.all() if each.applies_from <= day]
        budgets += max(agreed, key=lambda each: each.number).annual_amount if agreed else phb.annual_amount
    return known, unknown, replaced, budgets


def outcomes(phbs, first, last):
    """By scale: how many said better, the same, worse."""
    found = {}
    for phb in phbs:
        ratings = list(OutcomeRating.objects.filter(phb=phb).select_related("review", "scale").order_by("pk"))
        for scale in {each.scale for each in ratings}:
            before = [each for each in ratings if each.scale == scale and each.review is None and each.rated_on <= last]
            now = [
                each
                for each in ratings
                if each.scale == scale
                and each.review is not None
                and first <= each.review.held_on <= last
                and not Review.objects.filter(corrects=each.review).exists()
                and each.level is not None
            ]
            if not now or not before or before[-1].level is None:
                continue
            latest = max(now, key=lambda each: (each.review.held_on, each.review.number))
            step = latest.level - before[-1].level
            if scale.direction == "first_is_best":
                step = -step
            change = "same" if step == 0 else "better" if step > 0 else "worse"
            found.setdefault(scale.pk, Counter())[change] += 1
    return found


def spread(days):
    """How many, both quartiles around the median, and the mean; to one place."""
    if not days:
        return (0, None, None, None, None)
    if len(days) == 1:
        lower = median = upper = Decimal(days[0])
    else:
        lower, median, upper = (
            Decimal(str(each)) for each in statistics.quantiles(map(Decimal, days), n=4, method="inclusive")
        )
    mean = Decimal(sum(days)) / len(days)
    return (len(days), *(each.quantize(Decimal("0.1"), ROUND_HALF_UP) for each in (lower, median, upper, mean)))
