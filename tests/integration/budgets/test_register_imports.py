"""Importing another register: whole or not at all, once, and taken back again."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from budgets.enums import EndReason
from budgets.models import AgreedBudget, PersonalHealthBudget, RegisterImport, RegisterImportFile, RegisterImportRow
from budgets.services import end_budget
from budgets.services.register_imports import IMPORTS
from eligibility.enums import ReferralStatus
from eligibility.models import Decision, Referral
from phb_register.exceptions import Refused
from phb_register.models import AccessLogEntry, Commissioner, Person, Representative, User
from phb_register.roles import Role
from tests.factories.phb_register import CommissionerFactory, MembershipFactory, PersonFactory, UserFactory
from tests.factories.register_imports import checked, csv_of, imported, no_progress

pytestmark = pytest.mark.django_db


@pytest.fixture
def body() -> Commissioner:
    return CommissionerFactory()


@pytest.fixture
def user(body: Commissioner) -> User:
    return UserFactory(role=Role.PHB_TEAM, role__commissioner=body)


def problems(taken: RegisterImport) -> list[tuple[int, str]]:
    return [(number, column) for number, column, _ in taken.problems]


def test_row_becomes_a_person_a_decided_referral_and_a_budget(body: Commissioner, user: User) -> None:
    row = {
        "commissioner": body.code, "nhs_number": "9990000018", "sex": "female", "ethnic_category": "K",
        "postcode": "LE1 6YH", "gp_practice": "C82001", "fast_track": "yes", "lives_in": "care_home",
        "funding": "joint", "nhs_share": "60", "methods": "notional:20000;direct_payment:1320",
        "ended_on": "2017-03-01", "end_reason": "died", "previous_annual_amount": "30000",
    }  # fmt: skip
    taken = imported(csv_of(row), commissioner=body, by=user)
    assert taken.status == "imported"
    assert {code: taken.counts[code] for code in ("rows", "people_new", "referrals", "budgets", "ended")} == {
        "rows": 1, "people_new": 1, "referrals": 1, "budgets": 1, "ended": 1,
    }  # fmt: skip
    phb = PersonalHealthBudget.objects.select_related("person", "referral").get()
    assert (phb.person.nhs_number, phb.person.ethnic_category, phb.person.died_on) == (
        "9990000018", "K", dt.date(2017, 3, 1),
    )  # fmt: skip
    assert (phb.agreed_on, phb.started_on, phb.ended_on) == (
        dt.date(2016, 11, 1), dt.date(2016, 11, 30), dt.date(2017, 3, 1),
    )  # fmt: skip
    assert (phb.is_fast_track, phb.lives_in, phb.end_reason) == (True, "care_home", "died")
    assert [(share.funder, share.percent) for share in phb.funding_shares.all()] == [
        ("nhs", Decimal(60)),
        ("local_authority", Decimal(40)),
    ]
    assert {(part.method, part.annual_amount, part.ends_on) for part in phb.method_parts.all()} == {
        ("notional", Decimal(20000), dt.date(2017, 3, 1)),
        ("direct_payment", Decimal(1320), dt.date(2017, 3, 1)),
    }
    assert AgreedBudget.objects.get().proposal is None
    assert phb.referral.status == ReferralStatus.ACCEPTED
    assert Decision.objects.get(referral=phb.referral).decided_on == dt.date(2016, 11, 1)
    assert [step.action for step in phb.referral.transitions.all()] == ["submit", "accept"]
    assert phb.review_due is not None
    event = Person.pgh_event_model.objects.select_related("pgh_context").get(pgh_obj=phb.person)
    assert event.pgh_context.metadata == {"user": user.pk, "action": "import-register"}
    assert not RegisterImportFile.objects.exists()


def test_check_says_what_an_import_would_do_and_changes_nothing(body: Commissioner, user: User) -> None:
    rows = [
        {"commissioner": body.code, "nhs_number": "9990000018"},
        {"commissioner": body.code, "given_name": "Other", "agreed_on": None, "started_on": None,
         "methods": None, "annual_amount": None},
    ]  # fmt: skip
    taken = checked(csv_of(*rows), commissioner=body, by=user)
    assert taken.status == "ready"
    assert (taken.counts["people_new"], taken.counts["referrals"], taken.counts["budgets"]) == (2, 2, 1)
    assert not Person.objects.exists()
    assert not Referral.objects.exists()


def test_same_file_again_changes_nothing(body: Commissioner, user: User) -> None:
    content = csv_of({"commissioner": body.code}, {"commissioner": body.code, "given_name": "Other"})
    imported(content, commissioner=body, by=user)
    again = imported(content, commissioner=body, by=user)
    assert (again.status, again.counts["already_there"]) == ("imported", 2)
    assert (again.counts.get("referrals"), Person.objects.count(), Referral.objects.count()) == (0, 2, 2)


def test_file_with_one_faulty_row_is_not_imported_at_all(body: Commissioner, user: User) -> None:
    content = csv_of({"commissioner": body.code}, {"commissioner": body.code, "given_name": "B", "born_on": "soon"})
    taken = checked(content, commissioner=body, by=user)
    assert (taken.status, problems(taken)) == ("faulty", [(3, "born_on")])
    with pytest.raises(Refused):
        IMPORTS.ask_to_import(file_import=taken, by=user)
    assert not Person.objects.exists()


def test_other_rows_are_imported_where_somebody_says_so(body: Commissioner, user: User) -> None:
    content = csv_of({"commissioner": body.code}, {"commissioner": body.code, "given_name": "B", "born_on": "soon"})
    taken = imported(content, commissioner=body, by=user, is_partly=True)
    assert (taken.status, taken.counts["budgets"], taken.problem_count) == ("imported", 1, 1)
    assert PersonalHealthBudget.objects.count() == 1


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({"commissioner": "NOBODY"}, "commissioner"),
        ({"commissioner": "OTHER"}, "commissioner"),
        ({"cohort": "astronauts"}, "cohort"),
        ({"agreed_on": "2013-03-31", "referred_on": "2013-03-01", "started_on": None}, "commissioner"),
        ({"nhs_number": "9990000026", "born_on": "1950-04-02"}, "born_on"),
        ({"nhs_number": "9990000026", "family_name": "X", "given_name": "Y"}, "family_name"),
        ({"nhs_number": "9990000034"}, "nhs_number"),
        ({"family_name": "KESTREL", "given_name": "Numbered"}, "nhs_number"),
        ({"nhs_number": "9990000042", "given_name": "Gone"}, "referred_on"),
    ],
)
def test_row_that_does_not_fit_the_register_is_said(
    body: Commissioner, user: User, row: dict[str, Any], column: str
) -> None:
    other = CommissionerFactory(code="OTHER")
    born = {"family_name": "Kestrel", "born_on": dt.date(1950, 4, 1)}
    PersonFactory(commissioner=body, nhs_number="9990000026", given_name="Numbered", **born)
    PersonFactory(commissioner=other, nhs_number="9990000034", given_name="Testa", **born)
    died_on = dt.date(2016, 1, 1)
    PersonFactory(commissioner=body, nhs_number="9990000042", given_name="Gone", died_on=died_on, **born)
    taken = checked(csv_of({"commissioner": body.code} | row), commissioner=body, by=user)
    assert problems(taken) == [(2, column)]


def test_known_person_gets_a_second_budget_only_where_none_stands_beside_it(body: Commissioner, user: User) -> None:
    numbered = {"commissioner": body.code, "nhs_number": "9990000018"}
    first = numbered | {"ended_on": "2017-03-01", "end_reason": "no_longer_eligible"}
    imported(csv_of(first), commissioner=body, by=user)
    overlapping = numbered | {"agreed_on": "2016-12-01", "started_on": "2017-02-28"}
    later = numbered | {"agreed_on": "2017-02-01", "started_on": "2017-03-01"}
    beside = numbered | {"cohort": "wheelchair"}
    assert problems(checked(csv_of(overlapping), commissioner=body, by=user)) == [(2, "started_on")]
    assert imported(csv_of(later, beside), commissioner=body, by=user).counts["people_new"] == 0
    assert (Person.objects.count(), PersonalHealthBudget.objects.count()) == (1, 3)


def test_rows_of_one_file_are_held_against_each_other(body: Commissioner, user: User) -> None:
    numbered = {"commissioner": body.code, "nhs_number": "9990000018"}
    rows = [numbered, numbered | {"agreed_on": "2016-11-02"}, numbered, {"commissioner": body.code}]
    taken = checked(csv_of(*rows), commissioner=body, by=user)
    assert problems(taken) == [(3, "started_on"), (5, "nhs_number")]
    assert taken.counts["already_there"] == 1


def test_somebody_without_a_number_is_found_by_name_and_birth(body: Commissioner, user: User) -> None:
    imported(csv_of({"commissioner": body.code}), commissioner=body, by=user)
    again = csv_of({"commissioner": body.code, "family_name": "kestrel", "cohort": "wheelchair"})
    assert imported(again, commissioner=body, by=user).counts["people_new"] == 0
    person = Person.objects.get()
    assert (person.nhs_number, person.nhs_number_missing_reason) == (None, "not_traced")


def test_what_only_the_database_refuses_is_said_by_its_row(
    body: Commissioner, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE phb_register_person ADD CONSTRAINT only_for_this_test CHECK (given_name <> 'Refused')"
        )
    names = ["A", "B", "Refused", "C", "D"]
    content = csv_of(*({"commissioner": body.code, "given_name": name} for name in names))
    taken = imported(content, commissioner=body, by=user, is_partly=True)
    assert problems(taken) == [(4, "")]
    assert "only_for_this_test" in taken.problems[0][2]
    assert sorted(Person.objects.values_list("given_name", flat=True)) == ["A", "B", "C", "D"]


def test_import_stopped_half_way_leaves_nothing(
    body: Commissioner, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("budgets.services.register_import_runs.CHUNK", 1)
    content = csv_of(*({"commissioner": body.code, "given_name": name} for name in "ABC"))
    taken = checked(content, commissioner=body, by=user)
    IMPORTS.ask_to_import(file_import=taken, by=user)

    def stop(done: int, total: int) -> None:
        if done == 2:
            raise ConnectionError

    with pytest.raises(ConnectionError):
        IMPORTS.run_import(file_import=taken, progress=stop)
    assert not Person.objects.exists()
    IMPORTS.run_import(file_import=taken, progress=no_progress)
    IMPORTS.run_import(file_import=taken, progress=no_progress)
    assert Person.objects.count() == 3


def test_import_at_once_is_the_import_after_a_check_and_nothing_where_a_row_is_faulty(
    body: Commissioner, user: User
) -> None:
    right, wrong = {"commissioner": body.code}, {"commissioner": body.code, "born_on": "soon"}
    faulty = IMPORTS.upload(commissioner=body, filename="a.csv", content=csv_of(right, wrong), by=user)
    IMPORTS.run_at_once(file_import=faulty, by=user, progress=no_progress)
    faulty.refresh_from_db()
    assert (faulty.status, problems(faulty)) == ("faulty", [(3, "born_on")])
    assert not Referral.objects.exists()
    taken = IMPORTS.upload(commissioner=body, filename="b.csv", content=csv_of(right), by=user)
    IMPORTS.run_at_once(file_import=taken, by=user, progress=no_progress)
    IMPORTS.run_at_once(file_import=taken, by=user, progress=no_progress)
    taken.refresh_from_db()
    assert (taken.status, taken.imported_by, taken.counts["budgets"]) == ("imported", user, 1)
    assert PersonalHealthBudget.objects.count() == 1
    assert not RegisterImportFile.objects.filter(register_import=taken).exists()


def test_import_that_no_longer_fits_changes_nothing_and_says_why(body: Commissioner, user: User) -> None:
    taken = checked(csv_of({"commissioner": body.code, "nhs_number": "9990000018"}), commissioner=body, by=user)
    IMPORTS.ask_to_import(file_import=taken, by=user)
    PersonFactory(commissioner=body, nhs_number="9990000018", born_on=dt.date(2000, 1, 1))
    IMPORTS.run_import(file_import=taken, progress=no_progress)
    taken.refresh_from_db()
    assert (taken.status, problems(taken)) == ("faulty", [(2, "born_on")])
    assert not Referral.objects.exists()


def test_undone_import_leaves_the_register_as_it_was(body: Commissioner, user: User) -> None:
    known = PersonFactory(commissioner=body, nhs_number="9990000026", family_name="Known", born_on=dt.date(1950, 4, 1))
    rows = [
        {"commissioner": body.code},
        {"commissioner": body.code, "nhs_number": "9990000026", "family_name": "Known"},
    ]
    taken = imported(csv_of(*rows), commissioner=body, by=user)
    assert Person.objects.count() == 2
    IMPORTS.ask_to_undo(file_import=taken, reason="The wrong file", by=user)
    IMPORTS.run_undo(file_import=taken)
    taken.refresh_from_db()
    assert (taken.status, taken.undo_reason) == ("undone", "The wrong file")
    assert list(Person.objects.all()) == [known]
    assert not any(
        model.objects.exists() for model in (PersonalHealthBudget, Referral, RegisterImportRow, AgreedBudget, Decision)
    )
    history = PersonalHealthBudget.pgh_event_model.objects.values_list("pgh_label", flat=True)
    assert sorted(history) == ["delete"] * 2 + ["insert"] * 2, "the row history stays, and says that they went"
    assert AccessLogEntry.objects.filter(action="register-finish-undo", actor=user).count() == 1
    assert imported(csv_of(*rows), commissioner=body, by=user).counts["budgets"] == 2


def test_import_that_somebody_worked_on_is_not_undone(body: Commissioner, user: User) -> None:
    taken = imported(csv_of({"commissioner": body.code}), commissioner=body, by=user)
    phb = PersonalHealthBudget.objects.get()
    end_budget(phb=phb, by=user, ended_on=dt.date(2020, 1, 1), reason=EndReason.NOT_ELIGIBLE)
    IMPORTS.ask_to_undo(file_import=taken, reason="The wrong file", by=user)
    IMPORTS.run_undo(file_import=taken)
    taken.refresh_from_db()
    assert taken.status == "imported"
    assert "was changed since" in taken.problems[0][2]
    assert PersonalHealthBudget.objects.exists()


def test_import_on_which_something_hangs_is_not_undone(body: Commissioner, user: User) -> None:
    taken = imported(csv_of({"commissioner": body.code}), commissioner=body, by=user)
    Representative.objects.create(
        person=Person.objects.get(),
        name="A Deputy",
        relationship="Sister",
        legal_basis="deputy",
        evidence_seen_on=dt.date(2017, 1, 1),
        starts_on=dt.date(2017, 1, 1),
    )
    IMPORTS.ask_to_undo(file_import=taken, reason="The wrong file", by=user)
    IMPORTS.run_undo(file_import=taken)
    taken.refresh_from_db()
    assert taken.status == "imported"
    assert "representatives were entered" in taken.problems[0][2]
    assert PersonalHealthBudget.objects.exists()


def test_who_may_not_import_is_refused(body: Commissioner) -> None:
    nurse = UserFactory(role=Role.REFERRING_NURSE, role__commissioner=body)
    with pytest.raises(PermissionDenied):
        IMPORTS.upload(commissioner=body, filename="x.csv", content=csv_of({"commissioner": body.code}), by=nurse)


def test_other_commissioners_imports_are_not_seen(body: Commissioner, user: User) -> None:
    taken = checked(csv_of({"commissioner": body.code}), commissioner=body, by=user)
    stranger = UserFactory(role=Role.PHB_TEAM)
    assert list(RegisterImport.objects.visible_to(user)) == [taken]
    assert not RegisterImport.objects.visible_to(stranger).exists()
    MembershipFactory(user=stranger, role=Role.PHB_TEAM, commissioner=body)
    assert RegisterImport.objects.visible_to(User.objects.get(pk=stranger.pk)).exists()


def test_upload_pressed_twice_is_one_import(body: Commissioner, user: User) -> None:
    content = csv_of({"commissioner": body.code})
    first = IMPORTS.upload(commissioner=body, filename="x.csv", content=content, by=user)
    assert IMPORTS.upload(commissioner=body, filename="x.csv", content=content, by=user) == first
