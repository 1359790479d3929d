"""How the text of a letter comes about: a template, the values of a case, and what the writer adds."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eligibility.enums import LetterKind, ReconsiderationOutcome
from eligibility.models.letters import Letter
from eligibility.rules import letter_text
from eligibility.rules.letter_kinds import BY_CODE, LetterSlot, asked_slots, carried_by_letter, slots_of
from eligibility.selectors.letters import (
    LetterCase,
    TemplateInUse,
    addressed,
    letter_contact,
    representatives_of,
    template_in_use,
)
from eligibility.selectors.referrals import reconsideration_route
from phb_register.exceptions import Refused
from phb_register.models import User
from phb_register.selectors.commissioners import accountable_on

# A letter to somebody under 16 goes to whoever may consent for them (SI 2013/1617, regulation 4).
ADDRESSED_FROM = 16
LONGEST_HEADING = 160

_OUTCOMES: dict[str, str] = {
    ReconsiderationOutcome.UPHELD: "Our decision stays as it was.",
    ReconsiderationOutcome.CHANGED: "We have changed our decision. What was refused is refused no longer.",
    ReconsiderationOutcome.CHANGED_IN_PART: "We have changed a part of our decision. Less is refused than before.",
}


@dataclass(frozen=True)
class LetterText:
    """The words of a letter. ``values`` are what stands in the slots of ``source``, which with them is ``body``."""

    heading: str
    body: str
    values: dict[str, str]
    source: str = ""


def first_address(case: LetterCase, on: dt.date) -> str:
    """To whom a letter goes unless the writer says otherwise, with the postcode; the register knows no more."""
    person, name = case.person, addressed(case.person)
    if person.died_on is not None:
        name = f"Those who deal with the estate of {name}"
    elif person.age_on(on) < ADDRESSED_FROM:
        acting = representatives_of(person, on)
        name = acting[0] if acting else f"The parent or guardian of {name}"
    return "\n".join(line for line in (name, person.postcode) if line)


def known_values(case: LetterCase, kind: str, *, by: User, address: str, on: dt.date) -> dict[str, str]:
    """The values that the register knows for a letter of this kind; a slot that has none is left out."""
    referral, decision, again = case.referral, case.decision, case.reconsideration
    values = {
        "greeting": next(iter(address.strip().splitlines()), "").strip(),
        "person_name": addressed(case.person),
        "commissioner": accountable_on(case.commissioner, on).name,
        "contact": letter_contact(case.commissioner, on).strip(),
        "writer": by.full_name,
        "reference": referral.short_reference if referral else "",
        "received_on": spoken(referral.received_on) if referral else "",
        "decision_on": spoken(decision.decided_on) if decision else "",
        "cohort": decision.cohort.name if decision and decision.cohort else "",
        "reconsidered_on": spoken(again.decided_on) if again and again.decided_on else "",
    }
    allowed = {slot.code for slot in slots_of(kind)}
    return {code: value for code, value in values.items() if value and code in allowed}


def first_words(case: LetterCase, kind: str) -> dict[str, str]:
    """What the boxes of the slots that are asked start with: what was decided, as it was written down."""
    decision, again = case.decision, case.reconsideration
    if kind == LetterKind.RECONSIDERATION_OUTCOME and again is not None:
        return {"reconsideration_outcome": _OUTCOMES.get(again.outcome, ""), "reasons": again.reasons}
    if kind not in (LetterKind.DECLINED, LetterKind.ACCEPTED_IN_PART) or decision is None or case.referral is None:
        return {}
    refused = [
        decision.refused_part,
        "A direct payment" if decision.direct_payment_reason else "",
        decision.refused_services,
    ]
    reasons = [
        decision.reasons if decision.reason_code else "",
        decision.direct_payment_explanation,
        decision.service_explanation,
    ]
    return {
        "refused_part": "\n\n".join(part for part in refused if part),
        "reasons": "\n\n".join(part for part in reasons if part),
        "reconsideration_route": decision.reconsideration_route or reconsideration_route(case.referral),
    }


def initial_of(
    case: LetterCase, template: TemplateInUse, *, by: User, on: dt.date, replaces: Letter | None
) -> dict[str, Any]:
    """What the page of a new letter starts with: the template filled in, or the letter that is replaced."""
    if replaces is not None:
        asked = {code: value for code, value in replaces.values.items() if BY_CODE[code].is_asked}
        text = {"address": replaces.address, "heading": replaces.heading, "body": replaces.source}
        return {**asked, **text, "template": replaces.template_id}
    address = first_address(case, on)
    start = starting_text(case, template, by=by, address=address, on=on)
    return {
        **first_words(case, template.kind),
        "address": address,
        "heading": start.heading,
        "body": start.body,
        "template": template.template.pk if template.template else None,
    }


def starting_text(case: LetterCase, template: TemplateInUse, *, by: User, address: str, on: dt.date) -> LetterText:
    """The template with what the register knows put in.

    What is asked, the name from the address, and what is missing stay there as slots until the letter is saved.
    """
    values = known_values(case, template.kind, by=by, address=address, on=on)
    values.pop("greeting", None)
    return LetterText(
        letter_text.fill_heading(template.heading, values), letter_text.fill(template.body, values), values
    )


def finished_text(
    case: LetterCase,
    kind: str,
    *,
    heading: str,
    body: str,
    address: str,
    asked: Mapping[str, str],
    by: User,
    on: dt.date,
) -> LetterText:
    """The text as it is sent. Raises ``Refused`` where a slot is unknown or empty, or what must be said is not.

    What the law makes a refusal carry: its reasons, and where there is a right, how to have it reconsidered
    (SI 2013/2354; regulation 32B of SI 2012/2996).
    """
    body = "\n".join(line.rstrip() for line in body.strip().splitlines())
    if not heading.strip() or not body:
        raise Refused("Enter the heading and the text", field="body" if heading.strip() else "heading")
    if not address.strip():
        raise Refused("Enter the name and address the letter goes to", field="address")
    _check_slots(kind, heading, body)
    used = letter_text.slots_in(body)
    carried = carried_by_letter(kind, has_route=case.has_route(kind))
    for slot in carried:
        if slot.code not in used:
            law = " by law" if slot.code in ("reasons", "reconsideration_route") else ""
            raise Refused(
                f"Put {slot.written} back where it belongs: this letter has to say it{law}",
                field="body",
            )
    written = {slot.code: _worded(slot, asked.get(slot.code, "")) for slot in asked_slots(kind)}
    values = known_values(case, kind, by=by, address=address, on=on) | {
        code: value for code, value in written.items() if value
    }
    for code in dict.fromkeys([*letter_text.slots_in(heading), *used]):
        if code not in values:
            raise _missing(BY_CODE[code], letter_text.line_of(body, code), may_go=BY_CODE[code] not in carried)
    filled_heading = letter_text.fill_heading(heading, values)
    if len(filled_heading) > LONGEST_HEADING:
        raise Refused(
            f"Heading must be {LONGEST_HEADING} characters or fewer once its slots are filled", field="heading"
        )
    return LetterText(
        filled_heading,
        letter_text.fill(body, values, keeping_lists=written),
        {code: values[code] for code in values if code in used or not BY_CODE[code].is_asked},
        source=body,
    )


def template_for_case(case: LetterCase, kind: str, on: dt.date) -> TemplateInUse:
    """The template that a letter of this kind is written from, in the wording that the person needs."""
    return template_in_use(case.commissioner, kind, case.wording, on)


def example_text(kind: str, heading: str, body: str) -> LetterText:
    """A template with the examples of its slots, to look at."""
    values = {slot.code: slot.example for slot in slots_of(kind)}
    lists = [slot.code for slot in asked_slots(kind)]
    return LetterText(
        letter_text.fill_heading(heading, values), letter_text.fill(body, values, keeping_lists=lists), values
    )


def spoken(day: dt.date) -> str:
    """A date as a letter says it: ``7 February 2017``."""
    return f"{day:%-d %B %Y}"


def _check_slots(kind: str, heading: str, body: str) -> None:
    known = slots_of(kind)
    for field, problems in (
        ("heading", letter_text.slot_problems(heading, [slot for slot in known if not slot.is_asked], first_line=0)),
        ("body", letter_text.slot_problems(body, known)),
    ):
        if problems:
            raise Refused(str(problems[0]), field=field)


def _worded(slot: LetterSlot, value: str) -> str:
    return letter_text.as_list(value) if slot.code == "information_needed" else value.strip()


def _missing(slot: LetterSlot, line: int, *, may_go: bool) -> Refused:
    where = f", or take {slot.written} out of line {line}" if may_go and line else ""
    field = slot.code if slot.is_asked else "address" if slot.code == "greeting" else "body"
    return Refused(f"{slot.remedy}{where}", field=field)
