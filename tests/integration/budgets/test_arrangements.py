"""Arranging direct payments, third parties and wheelchairs through the services; what the database refuses."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import InternalError, connection, transaction
from django.db.utils import DatabaseError, IntegrityError

from budgets.enums import (
    AccountKind,
    ArrangementEnd,
    CapacityBasis,
    Method,
    PayeeKind,
    SupportKind,
    WheelchairOption,
)
from budgets.exceptions import BudgetRefused
from budgets.models import (
    BudgetSettings,
    DirectPaymentArrangement,
    PersonalHealthBudget,
    ReviewRequest,
    ThirdPartyArrangement,
    WheelchairArrangement,
)
from budgets.rules.agreement import MethodAmount
from budgets.services.arrangements import (
    PayeeGiven,
    approve_account,
    arrange_direct_payment,
    complete_direct_payment,
    end_arrangements,
    withdraw_nomination,
)
from budgets.services.other_arrangements import arrange_third_party, arrange_wheelchair, sign_third_party
from phb_register.models import Commissioner, LegalBasis, User
from phb_register.roles import Role
from tests.factories.arrangements import (
    ARRANGED_ON,
    SupportOrganisationFactory,
    make_arrangement,
    make_representative,
    nominated,
    own_account,
    patient,
)
from tests.factories.budgets import make_accepted_referral, make_budget
from tests.factories.eligibility import make_team
from tests.factories.phb_register import CommissionerFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
LATER = dt.date(2026, 11, 16)


@pytest.fixture(autouse=True)
def _on_the_day() -> Any:
    with time_machine.travel(dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def icb() -> Commissioner:
    return CommissionerFactory()


@pytest.fixture
def team(icb: Commissioner) -> User:
    return make_team(icb)


@pytest.fixture
def phb(icb: Commissioner, team: User) -> PersonalHealthBudget:
    return make_budget(
        icb,
        by=team,
        started_on=ARRANGED_ON,
        methods=[MethodAmount(Method.DIRECT_PAYMENT, Decimal("52000.00"))],
        is_free_of_orders=True,
    )


def fields_of(refused: Any) -> list[str]:
    return [problem.field for problem in refused.value.problems]


def test_arrangement_is_recorded_and_the_next_takes_its_place(phb: PersonalHealthBudget, team: User) -> None:
    first = make_arrangement(phb, team)
    second = make_arrangement(phb, team, starts_on=LATER, given=nominated(LATER))
    first.refresh_from_db()
    assert (first.ends_on, first.end_reason) == (LATER, ArrangementEnd.REPLACED)
    assert (second.payee, second.nominee_name, second.ends_on) == ("nominee", "Pat Testfamily", None)
    assert list(DirectPaymentArrangement.objects.in_force_on(LATER - DAY)) == [first]
    assert list(DirectPaymentArrangement.objects.in_force_on(LATER)) == [second]


def test_arrangement_sent_twice_is_one(phb: PersonalHealthBudget, team: User) -> None:
    assert make_arrangement(phb, team) == make_arrangement(phb, team)
    assert DirectPaymentArrangement.objects.count() == 1


def test_arrangement_corrected_on_its_day_leaves_the_wrong_one_unused(phb: PersonalHealthBudget, team: User) -> None:
    wrong = make_arrangement(phb, team)
    right = make_arrangement(phb, team, account=own_account(last_four="4321"))
    wrong.refresh_from_db()
    assert wrong.ends_on == wrong.starts_on
    assert list(DirectPaymentArrangement.objects.in_force_on(ARRANGED_ON)) == [right]


def test_arrangement_before_the_present_one_is_refused(phb: PersonalHealthBudget, team: User) -> None:
    make_arrangement(phb, team, starts_on=LATER)
    with pytest.raises(BudgetRefused) as refused:
        make_arrangement(phb, team, starts_on=LATER - DAY)
    assert fields_of(refused) == ["starts_on"]


def test_arrangement_needs_the_permission(phb: PersonalHealthBudget, icb: Commissioner) -> None:
    finance = UserFactory(role=Role.FINANCE, role__commissioner=icb)
    for user in (finance, make_team(CommissionerFactory())):
        with pytest.raises(PermissionDenied):
            make_arrangement(phb, user)


@pytest.mark.parametrize("basis", [CapacityBasis.CHILD, CapacityBasis.PRESUMED])
def test_childs_payment_is_arranged_with_a_representative(icb: Commissioner, team: User, basis: CapacityBasis) -> None:
    child = PersonFactory(commissioner=icb, born_on=dt.date(2014, 1, 1))
    parent = make_representative(child, basis=LegalBasis.PARENTAL_RESPONSIBILITY)
    phb = make_budget(icb, by=team, referral=make_accepted_referral(icb, person=child, by=team))
    given = PayeeGiven(PayeeKind.REPRESENTATIVE, basis, representative=parent)
    if basis == CapacityBasis.CHILD:
        made = arrange_direct_payment(phb=phb, by=team, starts_on=ARRANGED_ON, given=given)
        assert made.payee_name == "Robin Testfamily"
        return
    with pytest.raises(BudgetRefused) as refused:
        arrange_direct_payment(phb=phb, by=team, starts_on=ARRANGED_ON, given=given)
    assert "regulation 4" in str(refused.value)


def test_representative_of_somebody_else_or_nominee_consents_for_nobody(phb: PersonalHealthBudget, team: User) -> None:
    others = make_representative(PersonFactory())
    nominee = make_representative(phb.person, basis=LegalBasis.NOMINEE)
    late = make_representative(phb.person, starts_on=LATER)
    for who in (others, nominee, late):
        given = PayeeGiven(
            PayeeKind.REPRESENTATIVE,
            CapacityBasis.LACKS,
            capacity_assessed_on=ARRANGED_ON,
            representative=who,
        )
        with pytest.raises(BudgetRefused) as refused:
            arrange_direct_payment(phb=phb, by=team, starts_on=ARRANGED_ON, given=given)
        assert fields_of(refused) == ["representative"]


def test_missing_dates_are_added_once(phb: PersonalHealthBudget, team: User) -> None:
    made = make_arrangement(phb, team, given=nominated())
    complete_direct_payment(arrangement=made, by=team, nominee_agreed_on=LATER)
    whole = complete_direct_payment(
        arrangement=made, by=team, nominee_agreed_on=LATER, commissioner_agreed_on=LATER + DAY
    )
    assert (whole.nominee_agreed_on, whole.commissioner_agreed_on) == (LATER, LATER + DAY)
    with pytest.raises(BudgetRefused) as refused:
        complete_direct_payment(arrangement=made, by=team, nominee_agreed_on=LATER + DAY)
    assert fields_of(refused) == ["nominee_agreed_on"]
    with pytest.raises(BudgetRefused) as refused:
        complete_direct_payment(arrangement=made, by=team, dbs_seen_on=dt.date(2026, 11, 23))
    assert "today or in the past" in str(refused.value)


def test_account_is_approved_once(phb: PersonalHealthBudget, team: User) -> None:
    made = arrange_direct_payment(phb=phb, by=team, starts_on=ARRANGED_ON, given=patient())
    assert made.account_kind == ""
    approved = approve_account(arrangement=made, by=team, account=own_account())
    assert (approved.account_approved_by, approved.account_last_four) == (team, "1234")
    assert approve_account(arrangement=made, by=team, account=own_account()) == approved
    with pytest.raises(BudgetRefused, match="new arrangement"):
        approve_account(arrangement=made, by=team, account=own_account(last_four="9999"))


def test_own_account_is_for_a_one_off_alone(icb: Commissioner, phb: PersonalHealthBudget, team: User) -> None:
    own = own_account(kind=AccountKind.OWN, one_off_items=1)
    with pytest.raises(BudgetRefused) as refused:
        make_arrangement(phb, team, account=own)
    assert fields_of(refused) == ["account_kind"]
    once = make_budget(
        icb,
        by=team,
        annual_amount=Decimal("900.00"),
        is_one_off=True,
        is_free_of_orders=True,
        methods=[MethodAmount(Method.DIRECT_PAYMENT, Decimal("900.00"))],
    )
    assert make_arrangement(once, team, account=own).one_off_items == 1
    BudgetSettings.objects.create(commissioner=icb, one_off_limit_amount=Decimal("899.99"))
    with pytest.raises(BudgetRefused, match="899"):
        make_arrangement(once, team, starts_on=LATER, account=own_account(kind=AccountKind.OWN, one_off_items=2))


def test_withdrawn_nomination_asks_for_a_review(phb: PersonalHealthBudget, team: User) -> None:
    made = make_arrangement(phb, team, given=nominated())
    withdraw_nomination(arrangement=made, by=team, withdrawn_on=LATER, note="The sister moved away")
    assert ReviewRequest.objects.get().phb == phb
    with pytest.raises(BudgetRefused, match="already"):
        withdraw_nomination(arrangement=made, by=team, withdrawn_on=LATER, note="Again")


def test_third_party_is_arranged_signed_and_replaced(icb: Commissioner, phb: PersonalHealthBudget, team: User) -> None:
    partnership = CommissionerFactory(kind="partnership")
    partnership.members.create(member=icb, starts_on=dt.date(2020, 1, 1))
    fund = SupportOrganisationFactory(commissioner=partnership)
    made = arrange_third_party(phb=phb, by=team, organisation=fund, starts_on=ARRANGED_ON)
    assert sign_third_party(arrangement=made, by=team, agreed_on=LATER).agreed_on == LATER
    own = SupportOrganisationFactory(commissioner=icb)
    arrange_third_party(phb=phb, by=team, organisation=own, starts_on=LATER, agreed_on=LATER)
    assert [each.organisation for each in ThirdPartyArrangement.objects.in_force_on(LATER)] == [own]
    agency = SupportOrganisationFactory(commissioner=icb, kinds=[SupportKind.CARE_AGENCY])
    closed = SupportOrganisationFactory(commissioner=icb, closed_on=LATER)
    for wrong in (agency, closed, SupportOrganisationFactory()):
        with pytest.raises(BudgetRefused) as refused:
            arrange_third_party(phb=phb, by=team, organisation=wrong, starts_on=LATER + DAY)
        assert fields_of(refused) == ["organisation"]


@pytest.mark.parametrize(("born_on", "ends"), [(dt.date(1970, 6, 15), 2031), (dt.date(2010, 6, 15), 2029)])
def test_wheelchair_has_its_usual_period(icb: Commissioner, team: User, born_on: dt.date, ends: int) -> None:
    person = PersonFactory(commissioner=icb, born_on=born_on)
    referral = make_accepted_referral(icb, person=person, cohort="wheelchair", by=team)
    phb = make_budget(icb, by=team, referral=referral)
    chair = arrange_wheelchair(
        phb=phb,
        by=team,
        option=WheelchairOption.CONTRIBUTION,
        starts_on=ARRANGED_ON,
        contribution_amount=Decimal("450.00"),
    )
    assert chair.expires_on == dt.date(ends, 11, 10)
    assert (chair.owner, chair.repairer) == ("nhs", "shared")
    # What the person adds is nobody's spending but theirs.
    phb.refresh_from_db()
    assert phb.annual_amount == Decimal("52000.00")


def test_wheelchair_outside_its_cohort_is_refused(phb: PersonalHealthBudget, team: User) -> None:
    with pytest.raises(BudgetRefused, match="cohort"):
        arrange_wheelchair(phb=phb, by=team, option=WheelchairOption.NOTIONAL, starts_on=ARRANGED_ON)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        WheelchairArrangement.objects.create(
            phb=phb,
            starts_on=ARRANGED_ON,
            recorded_by=team,
            option="notional",
            owner="nhs",
            repairer="nhs",
            expires_on=LATER,
        )
    assert refused.value.__cause__.diag.constraint_name == "wheelchair_cohort"


def test_budget_that_ends_ends_its_arrangements(phb: PersonalHealthBudget, team: User) -> None:
    past = make_arrangement(phb, team)
    present = make_arrangement(phb, team, starts_on=LATER)
    assert end_arrangements(phb=phb, ends_on=LATER + DAY, reason=ArrangementEnd.BUDGET_ENDED, by=team) == 1
    for row in (past, present):
        row.refresh_from_db()
    assert (past.end_reason, present.end_reason, present.ends_on) == ("replaced", "budget_ended", LATER + DAY)


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_what_is_entered_of_an_arrangement_stays(phb: PersonalHealthBudget, team: User) -> None:
    made = make_arrangement(phb, team, given=nominated(agreed_on=LATER))
    for assignment in (
        "payee = 'representative'",
        "nominee_name = 'Somebody Else'",
        "nominee_agreed_on = '2026-11-21'",
        "account_last_four = '0000'",
        "account_names = '{Somebody Else}'",
        "payee_reference = 'P99999'",
        "starts_on = '2026-11-09'",
        "consent_given_on = NULL",
        "nominee_is_close = false",
    ):
        with pytest.raises(InternalError, match="Cannot update"), transaction.atomic():
            sql(f"UPDATE budgets_directpaymentarrangement SET {assignment} WHERE id = %s", made.pk)  # noqa: S608
    with pytest.raises(InternalError), transaction.atomic():
        sql("DELETE FROM budgets_directpaymentarrangement WHERE id = %s", made.pk)


CANNOT_BE: list[tuple[dict[str, Any], str]] = [
    ({"capacity_basis": "lacks", "capacity_assessed_on": LATER}, "dp_arrangement_who_consents"),
    ({"payee": "representative", "capacity_basis": "presumed"}, "dp_arrangement_who_consents"),
    ({"payee": "nominee"}, "dp_arrangement_names_nominee"),
    ({"nominee_agreed_on": LATER}, "dp_arrangement_names_nominee"),
    ({"capacity_basis": "assessed"}, "dp_arrangement_capacity_assessed"),
    ({"starts_on": dt.date(2013, 7, 31)}, "dp_arrangement_after_regulations"),
    ({"account_kind": "dedicated", "account_last_four": "1234"}, "dp_arrangement_account_whole"),
    ({"account_kind": "own"}, "dp_arrangement_account_whole"),
    ({"one_off_items": 6}, "dp_arrangement_own_account_for_one_off"),
    ({"ends_on": LATER}, "dp_arrangement_end_has_reason"),
]


def test_arrangement_that_cannot_be_is_refused_by_the_database(phb: PersonalHealthBudget, team: User) -> None:
    row = {"phb": phb, "starts_on": ARRANGED_ON, "recorded_by": team, "payee": "patient", "capacity_basis": "presumed"}
    for values, constraint in CANNOT_BE:
        with pytest.raises(DatabaseError) as refused, transaction.atomic():
            DirectPaymentArrangement.objects.create(**{**row, **values})
        assert refused.value.__cause__.diag.constraint_name == constraint, values


def test_two_arrangements_at_one_time_are_refused_by_the_database(phb: PersonalHealthBudget, team: User) -> None:
    made = make_arrangement(phb, team)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        DirectPaymentArrangement.objects.create(
            phb=phb, starts_on=LATER, recorded_by=team, payee="patient", capacity_basis="presumed"
        )
    assert refused.value.__cause__.diag.constraint_name == "dp_arrangement_one_at_a_time"
    sql(
        "UPDATE budgets_directpaymentarrangement SET ends_on = %s, end_reason = 'stopped' WHERE id = %s", LATER, made.pk
    )
    with pytest.raises(InternalError), transaction.atomic():
        sql("UPDATE budgets_directpaymentarrangement SET ends_on = %s WHERE id = %s", LATER + DAY, made.pk)
