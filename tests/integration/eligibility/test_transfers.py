"""Moving a person to another commissioner: both sides, what moves and what stays, and who sees what."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from eligibility.exceptions import TransitionNotAllowed
from eligibility.models import PersonTransfer, PersonTransferTransition, Referral, ResponsibilityCheck
from eligibility.panels.follow_up import open_on_both, transfers_due
from eligibility.panels.referrals import unfinished_referrals
from eligibility.services.allocation import allocate_referrals
from eligibility.services.referrals import accept_referral, reopen_referral, withdraw_referral
from eligibility.services.transfers import (
    accept_transfer,
    cancel_transfer,
    confirm_responsible,
    propose_transfer,
    refuse_transfer,
)
from offers.models import Cohort
from phb_register import clock
from phb_register.exceptions import Refused
from phb_register.models import AccessLogEntry, Commissioner, Person, User
from phb_register.services.people import correct_person
from tests.factories.aftermath import ASKED, DECIDED, make_transfer
from tests.factories.budgets import make_budget
from tests.factories.eligibility import make_draft, make_nurse, make_referral, make_team
from tests.factories.phb_register import CommissionerFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Commissioner:
    return CommissionerFactory(name="The commissioner here")


@pytest.fixture
def there() -> Commissioner:
    return CommissionerFactory(name="The commissioner there")


@pytest.fixture
def sender(here: Commissioner) -> User:
    return make_team(here)


@pytest.fixture
def receiver(there: Commissioner) -> User:
    return make_team(there)


@pytest.fixture
def person(here: Commissioner) -> Person:
    return PersonFactory(commissioner=here, family_name="Kestrel", gp_practice="C82001", postcode="LE1 1AA")


def open_page(client: Client, user: User, name: str, reference: Any) -> Any:
    client.force_login(user)
    return client.get(reverse(name, args=[reference]))


# ── What moves, and when ──────────────────────────────────────────────────────────────────────────────────────


def test_nothing_moves_before_it_is_accepted(
    here: Commissioner, there: Commissioner, sender: User, receiver: User, person: Person
) -> None:
    referral = make_referral(here, person=person)
    transfer = make_transfer(here, to=there, person=person, by=sender)
    person.refresh_from_db()
    referral.refresh_from_db()
    assert (transfer.status, person.commissioner, referral.commissioner) == ("waiting", here, here)
    assert [item.url for item in transfers_due(receiver, clock.today())] == [f"/transfers/{transfer.reference}/"]
    assert transfers_due(sender, clock.today()) == []
    sides = AccessLogEntry.objects.filter(action="transfer-propose").values_list("commissioner", flat=True)
    assert set(sides) == {here.pk, there.pk}


def test_acceptance_moves_the_person_and_what_waits_and_nothing_decided(
    here: Commissioner, there: Commissioner, sender: User, receiver: User, person: Person
) -> None:
    waiting = make_referral(here, person=person)
    decided = make_referral(here, person=person, received_on=dt.date(2026, 10, 1))
    accept_referral(referral=decided, cohort=Cohort.objects.get(code="chc"), by=sender, on=DECIDED)
    due_on = waiting.decision_due_on
    transfer = accept_transfer(transfer=make_transfer(here, to=there, person=person, by=sender), by=receiver)
    person.refresh_from_db()
    waiting.refresh_from_db()
    decided.refresh_from_db()
    assert (transfer.status, person.commissioner) == ("accepted", there)
    assert (waiting.commissioner, waiting.decision_due_on) == (there, due_on)
    assert decided.commissioner == here
    steps = PersonTransferTransition.objects.values_list("action", "from_status", "to_status")
    assert list(steps) == [("propose", "", "waiting"), ("accept", "waiting", "accepted")]


def test_referral_that_moves_is_allocated_to_nobody(
    here: Commissioner, there: Commissioner, sender: User, receiver: User, person: Person
) -> None:
    referral = make_referral(here, person=person)
    allocate_referrals(seen={referral.reference: None}, to=sender, by=sender)
    accept_transfer(transfer=make_transfer(here, to=there, person=person, by=sender), by=receiver)
    referral.refresh_from_db()
    assert referral.allocated_to is None


def test_referral_withdrawn_before_is_not_reopened_after_the_person_moved(
    here: Commissioner, there: Commissioner, sender: User, receiver: User, person: Person
) -> None:
    referral = make_referral(here, person=person)
    withdraw_referral(referral=referral, reason="Not now", by=sender)
    accept_transfer(transfer=make_transfer(here, to=there, person=person, by=sender), by=receiver)
    with pytest.raises(TransitionNotAllowed, match="Another commissioner"):
        reopen_referral(referral=referral, reason="Again", by=sender)


def test_unfinished_referral_of_somebody_who_moved_is_no_longer_shown(
    client: Client, here: Commissioner, there: Commissioner, sender: User, receiver: User, person: Person
) -> None:
    draft = make_draft(sender, person)
    assert open_page(client, sender, "eligibility:draft", draft.reference).status_code == 302
    accept_transfer(transfer=make_transfer(here, to=there, person=person, by=sender), by=receiver)
    assert open_page(client, sender, "eligibility:draft", draft.reference).status_code == 404
    assert unfinished_referrals(sender, clock.today()) == []


def test_records_with_an_open_transfer_each_are_not_merged_yet(here: Commissioner, sender: User) -> None:
    one, other = (make_transfer(here, by=sender).person for _ in range(2))
    assert open_on_both(one, PersonFactory(commissioner=here)) == []
    assert "Cancel one of them first" in open_on_both(one, other)[0]


def test_refused_or_cancelled_transfer_leaves_everything_and_says_why(
    here: Commissioner, there: Commissioner, sender: User, receiver: User, person: Person
) -> None:
    for act, by in ((refuse_transfer, receiver), (cancel_transfer, sender)):
        transfer = make_transfer(here, to=there, person=person, by=sender)
        with pytest.raises(Refused) as refusal:
            act(transfer=transfer, note=" ", by=by)
        assert refusal.value.field == "note"
        act(transfer=transfer, note="Still registered there", by=by)
        person.refresh_from_db()
        assert person.commissioner == here
    assert set(PersonTransfer.objects.values_list("status", flat=True)) == {"refused", "cancelled"}


def test_each_step_is_for_one_side_only(
    here: Commissioner, there: Commissioner, sender: User, receiver: User, person: Person
) -> None:
    transfer = make_transfer(here, to=there, person=person, by=sender)
    stranger, nurse = make_team(CommissionerFactory()), make_nurse(there)
    for act, wrong in (
        (accept_transfer, (sender, stranger, nurse)),
        (refuse_transfer, (sender, stranger, nurse)),
        (cancel_transfer, (receiver, stranger)),
    ):
        for user in wrong:
            with pytest.raises(PermissionDenied):
                act(transfer=transfer, note="Mine", by=user)
    with pytest.raises(PermissionDenied):
        make_transfer(here, to=there, by=receiver)


def test_answered_transfer_is_answered_for_good(
    here: Commissioner, there: Commissioner, sender: User, receiver: User
) -> None:
    transfer = make_transfer(here, to=there, by=sender)
    accept_transfer(transfer=transfer, by=receiver)
    for act, user in ((accept_transfer, receiver), (refuse_transfer, receiver), (cancel_transfer, sender)):
        with pytest.raises(TransitionNotAllowed):
            act(transfer=transfer, note="Late", by=user)


def test_one_transfer_of_a_person_waits_at_a_time(here: Commissioner, there: Commissioner, person: Person) -> None:
    make_transfer(here, to=there, person=person)
    with pytest.raises(TransitionNotAllowed):
        make_transfer(here, to=there, person=person)


def test_transfer_is_accepted_from_the_day_it_takes_effect(
    here: Commissioner, there: Commissioner, receiver: User
) -> None:
    later = clock.today() + dt.timedelta(days=1)
    transfer = make_transfer(here, to=there, effective_on=later)
    with pytest.raises(Refused) as refusal:
        accept_transfer(transfer=transfer, by=receiver)
    assert refusal.value.field == "on"


def test_transfer_to_a_commissioner_that_closed_meanwhile_is_not_accepted(
    here: Commissioner, there: Commissioner, sender: User, receiver: User, person: Person
) -> None:
    transfer = make_transfer(here, to=there, person=person, by=sender)
    Commissioner.objects.filter(pk=there.pk).update(closed_on=clock.today() - dt.timedelta(days=1))

    with pytest.raises(Refused, match="was not open"):
        accept_transfer(transfer=transfer, by=receiver)

    person.refresh_from_db()
    assert person.commissioner == here


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reason": "whim"}, "reason"),
        ({"basis": "hope"}, "basis"),
        ({"reason": "other"}, "note"),
        ({"basis": "other", "note": " "}, "note"),
    ],
)
def test_proposal_that_lacks_something_is_refused(
    here: Commissioner, there: Commissioner, change: dict[str, str], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        make_transfer(here, to=there, **change)
    assert refusal.value.field == field


def test_person_moves_to_an_open_commissioner_other_than_their_own(here: Commissioner) -> None:
    for wrong in (here, CommissionerFactory(kind="partnership"), Commissioner.objects.get(code="04C")):
        with pytest.raises(Refused) as refusal:
            make_transfer(here, to=wrong)
        assert refusal.value.field == "to_commissioner"


def test_answer_of_a_commissioner_outside_the_register_is_recorded_by_the_sender(
    here: Commissioner, there: Commissioner, sender: User, person: Person
) -> None:
    transfer = make_transfer(here, to=there, person=person, by=sender)
    assert transfer.status == "sent"
    assert "does not use this register" in transfers_due(sender, clock.today())[0].why
    with pytest.raises(Refused) as refusal:
        accept_transfer(transfer=transfer, by=sender)
    assert refusal.value.field == "answered_for"
    accepted = accept_transfer(transfer=transfer, by=sender, answered_for="Their PHB lead, by letter")
    person.refresh_from_db()
    assert (accepted.answered_for, person.commissioner) == ("Their PHB lead, by letter", there)


def test_person_of_a_closed_ccg_moves_to_its_successor_by_a_transfer() -> None:
    ccg, icb = Commissioner.objects.get(code="04C"), Commissioner.objects.get(code="QK1")
    team, person = make_team(icb), PersonFactory(commissioner=ccg)
    transfer = make_transfer(ccg, to=icb, person=person, by=team, reason="succession")
    accept_transfer(transfer=transfer, by=team)
    person.refresh_from_db()
    assert person.commissioner == icb


# ── Who sees what ─────────────────────────────────────────────────────────────────────────────────────────────


def test_receiver_sees_only_the_least_before_it_accepts(
    client: Client, here: Commissioner, there: Commissioner, receiver: User, person: Person
) -> None:
    referral = make_referral(here, person=person, note="Secret of the nurse")
    transfer = make_transfer(here, to=there, person=person)
    page = open_page(client, receiver, "eligibility:transfer", transfer.reference)
    content = page.content.decode()
    for shown in ("KESTREL", person.display_nhs_number, "C82001", "1 referral waits for a decision"):
        assert shown in content
    assert "Secret of the nurse" not in content
    assert AccessLogEntry.objects.filter(action="read", actor=receiver, detail__person=person.pk).exists()
    for name, reference in (
        ("phb_register:person", person.reference),
        ("eligibility:referral", referral.reference),
        ("eligibility:propose-transfer", person.reference),
    ):
        assert open_page(client, receiver, name, reference).status_code == 404
    nurse = make_nurse(there)
    assert open_page(client, nurse, "eligibility:transfer", transfer.reference).status_code == 403


def test_record_is_the_receivers_afterwards_and_the_sender_keeps_its_own_decisions(
    client: Client, here: Commissioner, there: Commissioner, sender: User, receiver: User, person: Person
) -> None:
    waiting = make_referral(here, person=person)
    decided = make_referral(here, person=person, received_on=dt.date(2026, 10, 1))
    accept_referral(referral=decided, cohort=Cohort.objects.get(code="chc"), by=sender, on=DECIDED)
    transfer = accept_transfer(transfer=make_transfer(here, to=there, person=person, by=sender), by=receiver)

    def status(user: User, name: str, reference: Any) -> int:
        return open_page(client, user, name, reference).status_code

    assert status(receiver, "phb_register:person", person.reference) == 200
    assert status(receiver, "eligibility:referral", waiting.reference) == 200
    assert status(receiver, "eligibility:referral", decided.reference) == 404
    assert status(sender, "phb_register:person", person.reference) == 404
    assert status(sender, "phb_register:correct-person", person.reference) == 404
    assert status(sender, "eligibility:referral", waiting.reference) == 404
    assert status(sender, "eligibility:referral", decided.reference) == 200
    page = open_page(client, sender, "eligibility:transfer", transfer.reference).content.decode()
    assert person.display_nhs_number not in page
    assert "LE1 1AA" not in page


def test_list_of_transfers_takes_as_many_reads_however_many(
    client: Client, here: Commissioner, there: Commissioner, sender: User
) -> None:
    client.force_login(sender)

    def reads() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("eligibility:transfers")).status_code == 200
        return len(captured)

    make_transfer(here, to=there, by=sender)
    few = reads()
    for _ in range(3):
        make_transfer(here, to=there, by=sender)
    assert reads() == few


def test_receiver_that_refused_no_longer_sees_who_it_was(
    client: Client, here: Commissioner, there: Commissioner, sender: User, receiver: User, person: Person
) -> None:
    transfer = refuse_transfer(
        transfer=make_transfer(here, to=there, person=person, by=sender), note="Not ours", by=receiver
    )
    assert "KESTREL" not in open_page(client, receiver, "eligibility:transfer", transfer.reference).content.decode()
    client.force_login(receiver)
    listed = client.get(reverse("eligibility:transfers")).content.decode()
    assert "Not shown" in listed
    assert "KESTREL" not in listed
    client.force_login(sender)
    assert "KESTREL" in client.get(reverse("eligibility:transfers")).content.decode()


def test_open_budget_of_somebody_who_moved_is_a_task_of_whoever_runs_it(
    here: Commissioner, there: Commissioner, sender: User, receiver: User
) -> None:
    from budgets.panels.personal_health_budgets import of_transferred_people

    phb = make_budget(here)
    transfer = make_transfer(here, to=there, person=phb.person, by=sender)
    assert of_transferred_people(sender, clock.today()) == []
    accept_transfer(transfer=transfer, by=receiver)
    phb.refresh_from_db()
    assert phb.commissioner == here
    (item,) = of_transferred_people(sender, clock.today())
    assert there.name in item.why
    assert of_transferred_people(receiver, clock.today()) == []


# ── Checking who is responsible ───────────────────────────────────────────────────────────────────────────────


def test_change_of_gp_practice_or_postcode_opens_one_check(sender: User, person: Person) -> None:
    correct_person(person=person, by=sender, given_name="Tess")
    correct_person(person=person, by=sender, gp_practice="C82001")
    assert not ResponsibilityCheck.objects.exists()
    correct_person(person=person, by=sender, gp_practice="L85001", postcode="TA1 1AA")
    correct_person(person=person, by=sender, postcode="TA2 2AA")
    check = ResponsibilityCheck.objects.get()
    assert (check.changed, check.result, check.opened_by) == ("GP practice and postcode", "", sender)
    (item,) = transfers_due(sender, clock.today())
    assert item.url == f"/people/{person.reference}/responsible/"


def test_check_is_answered_by_confirming_or_by_a_transfer(
    here: Commissioner, there: Commissioner, sender: User, person: Person
) -> None:
    with pytest.raises(TransitionNotAllowed):
        confirm_responsible(person=person, basis="gp_practice", by=sender)
    correct_person(person=person, by=sender, postcode="TA2 2AA")
    with pytest.raises(PermissionDenied):
        confirm_responsible(person=person, basis="gp_practice", by=make_nurse(here))
    with pytest.raises(Refused):
        confirm_responsible(person=person, basis="", by=sender)
    confirm_responsible(person=person, basis="gp_practice", by=sender)
    correct_person(person=person, by=sender, postcode="TA3 3AA")
    make_transfer(here, to=there, person=person, by=sender, basis="usual_residence", on=None)
    answered = ResponsibilityCheck.objects.order_by("pk").values_list("result", "basis")
    assert list(answered) == [("same", "gp_practice"), ("transfer", "usual_residence")]
    assert not ResponsibilityCheck.objects.open().exists()


# ── The database's own refusals ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("sql", "match"),
    [
        ("UPDATE phb_register_person SET commissioner_id = {there}", "by an accepted transfer only"),
        ("UPDATE eligibility_persontransfer SET status = 'sent'", "Invalid transition"),
        ("UPDATE eligibility_persontransfer SET status = 'accepted'", "transfer_answer_whole"),
        ("UPDATE eligibility_persontransfer SET effective_on = effective_on - 1", "Cannot update"),
        ("UPDATE eligibility_persontransfer SET to_commissioner_id = {here}", "Cannot update"),
        (
            "UPDATE eligibility_persontransfer SET status = 'refused', answered_on = requested_on,"
            " answered_by_id = requested_by_id",
            "transfer_refusal_says_why",
        ),
        (
            "UPDATE eligibility_persontransfer SET status = 'accepted', answered_on = requested_on - 1,"
            " answered_by_id = requested_by_id",
            "transfer_a",
        ),
        ("DELETE FROM eligibility_persontransfer", "Cannot delete"),
        ("UPDATE eligibility_persontransfertransition SET note = 'x'", "Cannot update"),
    ],
)
def test_database_refuses(here: Commissioner, there: Commissioner, sql: str, match: str) -> None:
    make_team(there)
    make_transfer(here, to=there)
    with pytest.raises(DatabaseError, match=match), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(here=here.pk, there=there.pk))


def test_database_refuses_a_check_answered_by_halves(sender: User, person: Person) -> None:
    correct_person(person=person, by=sender, postcode="TA2 2AA")
    with pytest.raises(DatabaseError, match="responsibility_check_whole"), transaction.atomic():
        ResponsibilityCheck.objects.update(result="same", basis="gp_practice", closed_by=sender)


def test_database_keeps_decided_referrals_where_they_were_decided(
    here: Commissioner, there: Commissioner, sender: User, person: Person
) -> None:
    referral = make_referral(here, person=person)
    accept_referral(referral=referral, cohort=Cohort.objects.get(code="chc"), by=sender)
    with pytest.raises(DatabaseError), transaction.atomic():
        Referral.objects.update(commissioner=there)


def test_person_does_not_go_back_without_another_transfer(
    here: Commissioner, there: Commissioner, sender: User, receiver: User, person: Person
) -> None:
    accept_transfer(transfer=make_transfer(here, to=there, person=person, by=sender), by=receiver)
    with pytest.raises(DatabaseError), transaction.atomic():
        Person.objects.filter(pk=person.pk).update(commissioner=here)
    person.refresh_from_db()
    back = propose_transfer(
        person=person,
        to_commissioner=here,
        reason="gp_changed",
        basis="gp_practice",
        effective_on=ASKED,
        by=receiver,
    )
    accept_transfer(transfer=back, by=sender)
    with pytest.raises(DatabaseError), transaction.atomic():
        Person.objects.filter(pk=person.pk).update(commissioner=there)
