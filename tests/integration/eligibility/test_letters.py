"""Writing letters by the services: what is kept, what is refused, and what later changes leave alone."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction

from eligibility.enums import LetterKind
from eligibility.exceptions import TemplateChanged
from eligibility.models import Decision, Letter, LetterSending, LetterTemplate
from eligibility.rules.refusals import RefusedBeside
from eligibility.selectors.letters import sender_of
from eligibility.services.letter_templates import save_template
from eligibility.services.letters import record_sent, write_letter
from eligibility.services.reconsiderations import decide_reconsideration
from eligibility.services.referrals import accept_referral
from offers.models import Cohort
from phb_register import clock
from phb_register.exceptions import Refused
from phb_register.models import (
    AccessLogEntry,
    Commissioner,
    CommissionerKind,
    CommissionerSettings,
    Job,
    PartnershipMember,
    Person,
    Representative,
    User,
)
from tests.factories.aftermath import make_reconsideration
from tests.factories.eligibility import NOTHING, make_nurse, make_referral, make_team
from tests.factories.letters import CONTACT, REFUSAL, decided, make_letter, with_contact
from tests.factories.phb_register import CommissionerFactory, PersonFactory

pytestmark = pytest.mark.django_db

OWN = {"heading": "Our answer", "body": "Dear {{ greeting }},\n\n{{ reasons }}\n\n{{ reconsideration_route }}"}


@pytest.fixture
def icb() -> Commissioner:
    return with_contact(CommissionerFactory())


@pytest.fixture
def team(icb: Commissioner) -> User:
    return make_team(icb)


def own_template(commissioner: Commissioner, by: User, **changes: Any) -> LetterTemplate:
    given = {"kind": "declined", "wording": "standard", "expected_version": 0, **OWN, **changes}
    return save_template(commissioner=commissioner, by=by, **given)


# ── What is kept ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", [kind for kind in LetterKind if kind != LetterKind.RECONSIDERATION_OUTCOME])
def test_letter_of_each_kind_is_written_from_the_registers_own_wording(
    icb: Commissioner, team: User, kind: LetterKind
) -> None:
    asked = {"information_needed": "The last assessment", "reply_by": "4 December 2026"}
    more = {"asked": asked} if kind == LetterKind.MORE_INFORMATION else {}
    letter = make_letter(icb, kind=kind, by=team, **more)
    assert "{{" not in letter.heading + letter.body
    assert letter.template is None
    assert f"Dear Testa {letter.person.family_name}," in letter.body
    assert "01632 960001" in letter.body
    assert Job.objects.get(kind="letter-pdf").parameters == {"letter": letter.pk}
    entry = AccessLogEntry.objects.get(action="write-letter")
    assert (entry.actor, entry.commissioner, entry.detail["kind"]) == (team, icb, kind)


def test_refusal_carries_its_reasons_and_the_route(icb: Commissioner, team: User) -> None:
    letter = make_letter(icb, by=team)
    assert "The care is given in one short stay." in letter.body
    assert "Write to the PHB team and say why." in letter.body
    assert letter.decision == Decision.objects.get()
    assert letter.values["reasons"] == "The care is given in one short stay."


def test_budget_without_a_direct_payment_is_accepted_in_part(icb: Commissioner, team: User) -> None:
    beside = RefusedBeside(direct_payment_reason="cannot_manage", direct_payment_explanation="Nobody could manage it.")
    referral = accept_referral(
        referral=make_referral(icb),
        cohort=Cohort.objects.get(code="chc"),
        by=team,
        beside=beside,
        reconsideration_route="Ask us.",
    )
    with pytest.raises(Refused):
        write_letter(referral=referral, kind=LetterKind.ACCEPTED, by=team, key=uuid.uuid4())
    letter = write_letter(referral=referral, kind=LetterKind.ACCEPTED_IN_PART, by=team, key=uuid.uuid4())
    assert [letter.values[code] for code in ("refused_part", "reasons", "reconsideration_route")] == [
        "A direct payment",
        "Nobody could manage it.",
        "Ask us.",
    ]


def test_outcome_of_a_reconsideration_is_told_with_its_reasons_once(icb: Commissioner, team: User) -> None:
    asked = make_reconsideration(icb)
    referral = asked.decision.referral
    given = {"referral": referral, "kind": LetterKind.RECONSIDERATION_OUTCOME, "by": team}
    with pytest.raises(Refused):
        write_letter(key=uuid.uuid4(), **given)
    decide_reconsideration(
        reconsideration=asked, outcome="upheld", reasons="Nothing new.", by=team, on=dt.date(2026, 11, 20)
    )
    letter = write_letter(key=uuid.uuid4(), **given)
    assert letter.reconsideration == asked
    assert "finished on 20 November 2026" in letter.body
    assert "Our decision stays as it was." in letter.body
    assert "Nothing new." in letter.body
    with pytest.raises(Refused, match="replace it"):
        write_letter(key=uuid.uuid4(), **given)


def test_person_who_needs_easy_read_gets_its_wording(icb: Commissioner, team: User) -> None:
    person = PersonFactory(commissioner=icb, communication_format="easy_read")
    letter = make_letter(icb, by=team, person=person)
    assert (letter.wording, letter.communication_format) == ("easy_read", "easy_read")
    assert letter.heading == "We said no to a personal health budget"


def test_letter_about_a_child_goes_to_who_acts_for_the_child(icb: Commissioner, team: User) -> None:
    child = PersonFactory(commissioner=icb, born_on=dt.date(2015, 6, 15), postcode="LE1 1AA")
    referral = make_referral(icb, person=child, facts={**NOTHING, "chc": None, "continuing_care": "eligible"})
    first = write_letter(referral=referral, kind=LetterKind.BUDGET_OFFER, by=team, key=uuid.uuid4())
    assert first.address == f"The parent or guardian of Testa {child.family_name}\nLE1 1AA"
    Representative.objects.create(
        person=child,
        name="Pat Kestrel",
        relationship="Mother",
        legal_basis="parental",
        evidence_seen_on=dt.date(2020, 1, 1),
        starts_on=dt.date(2020, 1, 1),
    )
    second = write_letter(referral=referral, kind=LetterKind.BUDGET_OFFER, by=team, key=uuid.uuid4())
    assert second.body.startswith("Dear Pat Kestrel,")
    assert f"Testa {child.family_name} can have a personal health budget" in second.body


def test_budget_is_offered_to_a_person_who_was_not_referred(icb: Commissioner, team: User) -> None:
    person = PersonFactory(commissioner=icb)
    letter = write_letter(person=person, kind=LetterKind.BUDGET_OFFER, by=team, key=uuid.uuid4())
    assert (letter.referral, letter.person, letter.commissioner) == (None, person, icb)
    with pytest.raises(Refused):
        write_letter(person=person, kind=LetterKind.DECLINED, by=team, key=uuid.uuid4())


def test_values_are_put_in_as_text(icb: Commissioner, team: User) -> None:
    person = PersonFactory(commissioner=icb, family_name="# [x](https://example.org) **B** {{ reasons }}")
    letter = make_letter(icb, by=team, person=person)
    assert r"\[x\](https://example.org) \*\*B\*\* \{\{ reasons \}\}" in letter.body


# ── What later changes leave alone ────────────────────────────────────────────────────────────────────────────


def test_letter_stays_as_it_was_when_template_person_and_settings_change(icb: Commissioner, team: User) -> None:
    first = own_template(icb, team)
    letter = make_letter(icb, by=team)
    assert letter.template == first
    before = (letter.heading, letter.body, letter.values, letter.address, letter.communication_format)
    own_template(icb, team, heading="Other words", expected_version=1)
    Person.objects.update(family_name="Newname", communication_format="large_print")
    CommissionerSettings.objects.update(letter_contact="Elsewhere")
    letter.refresh_from_db()
    assert (letter.heading, letter.body, letter.values, letter.address, letter.communication_format) == before
    assert letter.template == first


@pytest.mark.parametrize("change", [{"body": "Other"}, {"written_on": dt.date(2020, 1, 1)}, {"values": {}}])
def test_database_lets_nobody_change_a_letter(icb: Commissioner, team: User, change: dict[str, Any]) -> None:
    letter = make_letter(icb, by=team)
    with pytest.raises(DatabaseError), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        letter.delete()


def test_database_keeps_one_letter_in_use_for_a_decision(icb: Commissioner, team: User) -> None:
    letter = make_letter(icb, by=team)
    letter.pk, letter.reference, letter.writing_key = None, uuid.uuid4(), uuid.uuid4()
    letter._state.adding = True
    with pytest.raises(IntegrityError, match="letter_of_a_decision_once"), transaction.atomic():
        letter.save()


# ── What is refused ───────────────────────────────────────────────────────────────────────────────────────────


def test_pressing_twice_writes_one_letter(icb: Commissioner, team: User) -> None:
    referral, key = decided(icb, "declined", by=team), uuid.uuid4()
    first, second = (write_letter(referral=referral, kind="declined", by=team, key=key) for _ in range(2))
    assert first == second
    assert (Letter.objects.count(), Job.objects.count()) == (1, 1)
    with pytest.raises(PermissionDenied):
        write_letter(referral=referral, kind="declined", by=make_team(icb), key=key)


def test_second_letter_about_a_decision_takes_the_place_of_the_first(icb: Commissioner, team: User) -> None:
    letter = make_letter(icb, by=team)
    given = {"referral": letter.referral, "kind": "declined", "by": team}
    with pytest.raises(Refused, match="replace it"):
        write_letter(key=uuid.uuid4(), **given)
    with pytest.raises(Refused) as refusal:
        write_letter(key=uuid.uuid4(), replaces=letter, replacement_reason=" ", **given)
    assert refusal.value.field == "replacement_reason"
    second = write_letter(key=uuid.uuid4(), replaces=letter, replacement_reason="Wrong date", **given)
    assert list(Letter.objects.current()) == [second]
    with pytest.raises(Refused, match="replaced already"):
        write_letter(key=uuid.uuid4(), replaces=letter, replacement_reason="Again", **given)


@pytest.mark.parametrize(
    ("body", "asked", "field", "words"),
    [
        ("{{ reasons }}", {}, "body", "Put {{ reconsideration_route }} back where it belongs"),
        ("{{ reconsideration_route }}", {}, "body", "this letter has to say it by law"),
        (OWN["body"], {"reasons": " "}, "reasons", "Enter the reasons"),
        (OWN["body"], {"reconsideration_route": ""}, "reconsideration_route", "Enter how the person can have"),
        (f"{OWN['body']}\n\n{{{{ writter }}}}", {}, "body", "Line 7: There is no slot {{ writter }}. Did you mean"),
        ("  ", {}, "body", "Enter the heading and the text"),
    ],
)
def test_refusal_without_what_the_law_asks_is_not_written(
    icb: Commissioner, team: User, body: str, asked: dict[str, str], field: str, words: str
) -> None:
    referral = decided(icb, "declined", by=team)
    given = {**{code: REFUSAL[code] for code in ("reasons", "reconsideration_route")}, **asked}
    with pytest.raises(Refused) as refusal:
        write_letter(referral=referral, kind="declined", by=team, key=uuid.uuid4(), heading="H", body=body, asked=given)
    assert refusal.value.field == field
    assert words in str(refusal.value)
    assert not Letter.objects.exists()


def test_slot_without_a_value_says_what_to_do(icb: Commissioner, team: User) -> None:
    CommissionerSettings.objects.update(letter_contact="")
    with pytest.raises(Refused) as refusal:
        make_letter(icb, by=team)
    assert str(refusal.value) == (
        "Enter the contact details on letters in the commissioner’s settings, or take {{ contact }} out of line 21"
    )


def test_heading_that_grows_too_long_with_its_slots_is_refused(icb: Commissioner, team: User) -> None:
    person = PersonFactory(commissioner=icb, family_name="X" * 99)
    with pytest.raises(Refused) as refusal:
        make_letter(icb, by=team, person=person, heading="{{ person_name }}" * 2, body=OWN["body"])
    assert refusal.value.field == "heading"


def test_head_of_a_letter_says_how_to_reach_the_sender_unless_the_text_does(icb: Commissioner, team: User) -> None:
    assert sender_of(make_letter(icb, by=team)) == [icb.name]
    assert sender_of(make_letter(icb, by=team, heading="H", body=OWN["body"])) == [icb.name, *CONTACT.splitlines()]


def test_letter_that_does_not_fit_the_referral_is_not_written(icb: Commissioner, team: User) -> None:
    referral = make_referral(icb)
    with pytest.raises(Refused) as refusal:
        write_letter(referral=referral, kind="declined", by=team, key=uuid.uuid4())
    assert refusal.value.field == "kind"


@pytest.mark.parametrize("on", [dt.date(2026, 11, 8), dt.date(2999, 1, 1)])
def test_letter_is_dated_between_the_decision_and_today(icb: Commissioner, team: User, on: dt.date) -> None:
    with pytest.raises(Refused) as refusal:
        make_letter(icb, by=team, on=on)
    assert refusal.value.field == "on"


def test_only_those_who_decide_write_letters(icb: Commissioner, team: User) -> None:
    referral = decided(icb, "declined", by=team)
    for stranger in (make_nurse(icb), make_team(CommissionerFactory())):
        with pytest.raises(PermissionDenied):
            write_letter(referral=referral, kind="declined", by=stranger, key=uuid.uuid4())


# ── Sent ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_sending_is_recorded_once_a_day_and_way(icb: Commissioner, team: User) -> None:
    letter = make_letter(icb, by=team, on=dt.date(2026, 11, 10))
    assert list(Letter.objects.to_send()) == [letter]
    for _ in range(2):
        record_sent(letter=letter, sent_on=dt.date(2026, 11, 11), how="post", by=team)
    assert LetterSending.objects.count() == 1
    assert not Letter.objects.to_send().exists()
    assert AccessLogEntry.objects.filter(action="record-letter-sent").count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"sent_on": dt.date(2026, 11, 9)}, "sent_on"),
        ({"sent_on": dt.date(2999, 1, 1)}, "sent_on"),
        ({"how": "x"}, "how"),
    ],
)
def test_sending_that_cannot_be_is_refused(icb: Commissioner, team: User, changes: dict[str, Any], field: str) -> None:
    letter = make_letter(icb, by=team, on=dt.date(2026, 11, 10))
    with pytest.raises(Refused) as refusal:
        record_sent(**{"letter": letter, "sent_on": clock.today(), "how": "post", "by": team, **changes})
    assert refusal.value.field == field


# ── Templates ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_template_has_versions_and_the_same_text_again_makes_none(icb: Commissioner, team: User) -> None:
    first = own_template(icb, team)
    assert own_template(icb, team) == first
    second = own_template(icb, team, heading="Better words", expected_version=1)
    assert [each.version for each in LetterTemplate.objects.order_by("version")] == [1, 2]
    assert make_letter(icb, by=team).template == second
    with pytest.raises(DatabaseError), transaction.atomic():
        LetterTemplate.objects.update(body="Other")


def test_template_saved_by_somebody_else_meanwhile_is_not_lost(icb: Commissioner, team: User) -> None:
    theirs = own_template(icb, make_team(icb))
    with pytest.raises(TemplateChanged) as conflict:
        own_template(icb, team, heading="Mine")
    assert conflict.value.current == theirs


def test_faults_of_a_template_are_told_with_their_lines(icb: Commissioner, team: User) -> None:
    with pytest.raises(Refused) as refusal:
        own_template(icb, team, body="Dear {{ greting }},\n\n{{ reasons }}")
    assert refusal.value.field == "body"
    assert "Line 1: There is no slot {{ greting }}. Did you mean {{ greeting }}?" in str(refusal.value)
    assert "Line 3: Put {{ reconsideration_route }} where it belongs" in str(refusal.value)


def test_template_of_a_partnership_serves_its_members_until_one_writes_its_own(icb: Commissioner) -> None:
    partnership = CommissionerFactory(kind=CommissionerKind.PARTNERSHIP)
    PartnershipMember.objects.create(partnership=partnership, member=icb, starts_on=dt.date(2020, 1, 1))
    CommissionerSettings.objects.all().delete()
    with_contact(partnership)
    team = make_team(partnership)
    shared = own_template(partnership, team, body=f"{OWN['body']}\n\n{{{{ contact }}}}")
    letter = make_letter(icb, by=team)
    assert letter.template == shared
    assert CONTACT in letter.body
    own = own_template(icb, team, heading="Our own")
    assert make_letter(icb, by=team).template == own


def test_template_is_written_by_those_who_manage_settings(icb: Commissioner) -> None:
    for stranger in (make_nurse(icb), make_team(CommissionerFactory())):
        with pytest.raises(PermissionDenied):
            own_template(icb, stranger)
