"""Support plans of the PHBs that the demonstration shows from plan to review, written through the services."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.db import transaction

from budgets.enums import ExceptionReason, Method, PayeeRelationship, Recurrence, ServiceCategory, SignedHow
from budgets.models import PersonalHealthBudget, SupportPlan
from budgets.rules.periods import a_week_of
from budgets.rules.plan_features import checklist
from budgets.rules.plan_household import HOUSEHOLD_RULE_FROM
from budgets.rules.plan_sections import PlanSection
from budgets.services.delegated_tasks import sign_off_task
from budgets.services.plan_lines import add_line, approve_exception
from budgets.services.plan_signing import sign_for_commissioner, sign_for_holder
from budgets.services.support_plans import SECTION_FIELDS, answer_features, propose_plan, start_plan, write_section
from phb_register import clock
from phb_register.models import Representative, User

from .fully_run import fully_run

_NEEDS = (
    "Breathes with a ventilator at night. Chest infections come quickly and need somebody awake who knows the signs.",
    "Moves with a hoist and two people. Skin breaks easily, so position changes every three hours, day and night.",
    "Has several seizures a week, most of them at night. Needs somebody beside them who can give rescue medicine.",
    "Eats through a tube and cannot say in words that something hurts. Knows well those who know them.",
)
_OUTCOMES = (
    ("I want to sleep through and not be afraid at night", "The same two assistants take turns, awake all night"),
    ("I want to be at my own table when my grandchildren come", "Up and dressed by eleven, with help that knows how"),
    ("I want to get back to the allotment", "An assistant drives and stays on Tuesdays and Fridays"),
    ("I want to choose who washes me", "The person meets new assistants before they start"),
    ("I want my mum to have a weekend off", "An agency nurse stays two days and nights each month"),
)
_RISKS = (
    ("An assistant is ill and nobody comes", "Two assistants are on call in turn; the agency covers within two hours"),
    ("The skin breaks down", "Checked at each wash, written down, and the district nurse is called the same day"),
    ("Choking", "Food as the speech therapist wrote it; everybody is trained in what to do"),
)
_TASKS = (
    "Suction of the airway",
    "Feeding by tube",
    "Rescue medicine for a long seizure",
    "Changing a simple dressing",
)
_COORDINATORS = (
    ("Sampler Curlew", "01632 960021"),
    ("Exampla Godwit", "01632 960022"),
    ("Mockley Teal", "01632 960023"),
)
_ASSISTANTS = ("Trialor Swift", "Inventa Linnet", "Figmenta Snipe", "Notreal Egret")
#: Of the money of each method, what goes into which line, in per cent of a week of it.
_SPLIT = {
    Method.DIRECT_PAYMENT: (
        ("Personal assistants", ServiceCategory.PERSONAL_ASSISTANT, 78),
        ("Going out: an assistant and the fare", ServiceCategory.ACTIVITY, 8),
    ),
    Method.THIRD_PARTY: (
        ("A small team chosen by the person", ServiceCategory.CARE_AGENCY, 85),
        ("Training of the team for this person", ServiceCategory.TRAINING, 5),
    ),
    Method.NOTIONAL: (("Nursing visits", ServiceCategory.NURSING, 90),),
}
#: Of notional budgets the commissioner holds the money, and the demonstration shows no plan.
_PLANNED = (Method.DIRECT_PAYMENT, Method.THIRD_PARTY)
_DEAREST_PAYROLL = Decimal("480.00")


@dataclass(frozen=True)
class _Cast:
    nurse: User
    team: User
    lead_nurse: User


def load(progress: Callable[[int, int], None]) -> None:
    """Write and sign a plan for each of these PHBs that has none. A second run finds them all."""
    today = clock.today()
    phbs = [phb for method in _PLANNED for phb in fully_run(method, today)]
    phbs = list({phb.pk: phb for phb in phbs}.values())
    known = set(SupportPlan.objects.filter(referral__in=[phb.referral_id for phb in phbs]).values_list("referral_id"))
    users = User.objects.in_bulk(field_name="email")
    cast = _Cast(*(users[f"{name}@llr.example.nhs.uk"] for name in ("nurse", "team", "leadnurse")))
    for number, phb in enumerate(phbs):
        if (phb.referral_id,) not in known:
            with transaction.atomic():
                _plan(phb, number, cast, today)
        progress(number + 1, len(phbs))


def _plan(phb: PersonalHealthBudget, number: int, cast: _Cast, today: dt.date) -> None:
    """A plan of the days around the agreement, signed; for some the next version has been begun."""
    day, signer = phb.agreed_on, _signer(phb)
    if signer is None and phb.person.age_on(day) < 16:
        return
    plan = start_plan(referral=phb.referral, by=cast.nurse, on=day)
    _write(plan, phb, number, cast, day)
    if number in _SIGN_OFFS:
        _delegate(plan, number, cast, today)
    propose_plan(plan=plan, by=cast.nurse, on=day)
    sign_for_holder(plan=plan, by=cast.nurse, signed_on=day, how=SignedHow.ON_PAPER, representative=signer)
    starts_on = phb.started_on or day
    how = SignedHow.ELECTRONICALLY
    sign_for_commissioner(plan=plan, by=cast.team, signed_on=day, how=how, in_force_from=starts_on)
    if number == _WITH_DRAFT:
        start_plan(referral=phb.referral, by=cast.nurse, on=today)
    if number == _WITH_PROPOSAL:
        again = start_plan(referral=phb.referral, by=cast.nurse, on=today)
        _page(again, PlanSection.CONTINGENCY, cast, contingency="The neighbour has a key and knows whom to call.")
        _page(again, PlanSection.RISK_ADVICE, cast, **_advice(number, today))
        propose_plan(plan=again, by=cast.nurse, on=today)


#: Which of them, counted from the first, has a draft of the next version, one to sign, or pays the household.
_WITH_DRAFT, _WITH_PROPOSAL, _WITH_EXCEPTION = 0, 3, 1
#: For which a task is delegated, and in how many days from now its sign-off runs out.
_SIGN_OFFS = {0: 200, 2: 20, 4: -5, 12: 120}


def _signer(phb: PersonalHealthBudget) -> Representative | None:
    """Whoever acts for a child."""
    if phb.person.age_on(phb.agreed_on) >= 16:
        return None
    return Representative.objects.acting_on(phb.agreed_on).filter(person=phb.person).first()


def _write(plan: SupportPlan, phb: PersonalHealthBudget, number: int, cast: _Cast, day: dt.date) -> None:
    _page(plan, PlanSection.HEALTH_NEEDS, cast, health_needs=_NEEDS[number % len(_NEEDS)])
    outcomes = [
        add_line(
            plan=plan,
            section=PlanSection.OUTCOMES,
            values=dict(zip(("statement", "how_met"), _OUTCOMES[(number + turn) % len(_OUTCOMES)], strict=True)),
            by=cast.nurse,
            on=day,
        )
        for turn in range(2)
    ]
    _services(plan, phb, number, cast, day, outcomes)
    risk, how_managed = _RISKS[number % len(_RISKS)]
    values = {"risk": risk, "how_managed": how_managed, "managed_by": "The person and the assistants"}
    add_line(plan=plan, section=PlanSection.RISKS, values=values, by=cast.nurse, on=day)
    _page(plan, PlanSection.RISK_ADVICE, cast, **_advice(number, day))
    _page(plan, PlanSection.PAYMENTS, cast, payments="four_weekly")
    _page(
        plan,
        PlanSection.CONTINGENCY,
        cast,
        contingency="The agency steps in within two hours. Its number is by the bed.",
    )
    name, contact = _COORDINATORS[number % len(_COORDINATORS)]
    coordinator = {"coordinator_name": name, "coordinator_role": "CHC nurse", "coordinator_contact": contact}
    _page(plan, PlanSection.COORDINATOR, cast, **coordinator)
    review = "At home, with whoever the person wants there, after three months and then once a year"
    _page(plan, PlanSection.REVIEW, cast, review_arrangements=review)
    plan.refresh_from_db()
    codes = checklist(plan.checklist).codes
    answers: dict[str, tuple[bool, str]] = dict.fromkeys(codes, (True, ""))
    if number % 5 == 4:
        answers["chooses-method"] = (False, "Go through the three ways again at the first review")
    answer_features(plan=plan, answers=answers, revision=plan.revision_of(PlanSection.FEATURES), by=cast.nurse)


def _services(
    plan: SupportPlan, phb: PersonalHealthBudget, number: int, cast: _Cast, day: dt.date, outcomes: list[Any]
) -> None:
    """Lines for the money of each method, a little below it: what is left over is for what nobody foresaw."""
    for part in phb.method_parts.filter(ends_on__isnull=True):
        method = Method(part.method)
        for turn, (description, category, share) in enumerate(_SPLIT[method]):
            weekly = (a_week_of(part.annual_amount) * share / 100).quantize(Decimal(1), rounding=ROUND_DOWN)
            pays_sister = number == _WITH_EXCEPTION and turn == 1 and method == Method.DIRECT_PAYMENT
            values = {
                "description": description,
                "category": category,
                "outcome": outcomes[turn % len(outcomes)],
                "provider_name": "Assistants employed by the person" if turn == 0 else "Several",
                "method": method,
                "recurrence": Recurrence.WEEKLY,
                "amount": max(weekly, Decimal(1)),
                **(_SISTER if pays_sister and day >= HOUSEHOLD_RULE_FROM else {}),
            }
            line = add_line(plan=plan, section=PlanSection.SERVICES, values=values, by=cast.nurse, on=day)
            if pays_sister and day >= HOUSEHOLD_RULE_FROM:
                approve_exception(plan=plan, key=line.key, by=cast.lead_nurse, on=day)
        if method == Method.DIRECT_PAYMENT:
            payroll = min(_DEAREST_PAYROLL, (part.annual_amount / 20).quantize(Decimal(1), rounding=ROUND_DOWN))
            values = {
                "description": "Payroll and insurance",
                "category": ServiceCategory.EMPLOYING,
                "provider_name": "A payroll service",
                "method": method,
                "recurrence": Recurrence.ANNUAL,
                "amount": max(payroll, Decimal(1)),
            }
            add_line(plan=plan, section=PlanSection.SERVICES, values=values, by=cast.nurse, on=day)


_SISTER = {
    "provider_name": "The person’s sister",
    "relationship": PayeeRelationship.FAMILY,
    "lives_in_same_household": True,
    "exception_reason": ExceptionReason.MEETS_NEED,
    "exception_necessity": "Two agencies could not send anybody who signs, and she is the only one who reads the signs",
}


def _delegate(plan: SupportPlan, number: int, cast: _Cast, today: dt.date) -> None:
    values = {
        "task": _TASKS[number % len(_TASKS)],
        "assistant_name": _ASSISTANTS[number % len(_ASSISTANTS)],
        "when_to_stop": "Whenever anything is not as in the training: stop, stay, and call the nurse on duty",
    }
    line = add_line(plan=plan, section=PlanSection.DELEGATED_TASKS, values=values, by=cast.nurse, on=plan.started_on)
    valid_until = today + dt.timedelta(days=_SIGN_OFFS[number])
    signed_off_on = valid_until - dt.timedelta(days=364)
    sign_off_task(
        plan=plan,
        key=line.key,
        trained_by="Drafton Plover",
        trained_on=signed_off_on - dt.timedelta(days=7),
        signed_off_by="Protona Heron",
        registration="nmc",
        registration_number="00X0000X",
        signed_off_on=signed_off_on,
        valid_until=valid_until,
        by=cast.nurse,
    )


def _advice(number: int, day: dt.date) -> dict[str, Any]:
    return {
        "risk_advice": "What it means to employ people, what the money may not buy, and what happens if it runs out",
        "risk_advice_by": _COORDINATORS[number % len(_COORDINATORS)][0],
        "risk_advice_on": day,
    }


def _page(plan: SupportPlan, section: PlanSection, cast: _Cast, **values: Any) -> None:
    """Save one page of a draft."""
    plan.refresh_from_db(fields=["revisions"])
    whole = {name: values.get(name, getattr(plan, name)) for name in SECTION_FIELDS[section]}
    write_section(plan=plan, section=section, values=whole, revision=plan.revision_of(section), by=cast.nurse)
