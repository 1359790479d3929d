"""Writing rows of another register that fit: the person, the referral with its decision, the budget as it was agreed.

What is written is what `submit_referral`, `accept_referral` and `agree_budget` write for a budget that was agreed
elsewhere, but for the screening, which was not done here. Many rows at a time, past the ORM; every constraint and
trigger of the database sees each row.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any
from uuid import uuid4

from budgets.enums import EndReason
from budgets.models import (
    AgreedBudget,
    FundingShare,
    MethodPart,
    PersonalHealthBudget,
    RegisterImport,
    ReviewDue,
)
from budgets.models import RegisterImportRow as ImportRow
from eligibility.enums import DecisionOutcome, ReferralStatus
from eligibility.models import Decision, Referral, ReferralTransition
from eligibility.rules import referral_states as steps
from eligibility.rules.clocks import Clock
from phb_register.bulk import copy_in, next_ids
from phb_register.dates import DayCount
from phb_register.models import (
    Commissioner,
    CommissionerSettings,
    CommunicationFormat,
    NhsNumberMissingReason,
    PartnershipMember,
    Person,
    User,
)
from phb_register.selectors.settings import settings_of

from .register_checking import FittingRow

AGREED_ELSEWHERE = "Imported from another register. It was agreed there, and was not screened here"

_PERSON = (
    "id", "reference", "commissioner_id", "nhs_number", "nhs_number_missing_reason", "family_name", "given_name",
    "born_on", "died_on", "sex", "ethnic_category", "postcode", "gp_practice", "communication_format",
)  # fmt: skip
_REFERRAL = (
    "id", "reference", "submission_key", "person_id", "commissioner_id", "cohort_id", "status", "asks_for", "note",
    "received_on", "decision_days", "decision_days_counted", "decision_due_on", "referred_by_id", "recorded_at",
)  # fmt: skip
_DECISION = (
    "referral_id", "number", "outcome", "cohort_id", "is_right_to_have", "reason_code", "reasons", "refused_part",
    "direct_payment_reason", "direct_payment_explanation", "refused_services", "service_reason",
    "service_explanation", "reconsideration_route", "decided_on", "decided_by_id", "recorded_at",
)  # fmt: skip
_STEP = (
    "referral_id", "action", "from_status", "to_status", "note", "occurred_on", "made_by_id", "recorded_at",
)  # fmt: skip
_PHB = (
    "id", "reference", "person_id", "commissioner_id", "cohort_id", "referral_id", "agreed_on", "agreed_by_id",
    "started_on", "ended_on", "end_reason", "annual_amount", "previous_annual_amount", "is_fast_track", "lives_in",
    "is_one_off",
)  # fmt: skip
_AGREED = (
    "id", "phb_id", "number", "applies_from", "annual_amount", "one_off_amount", "one_off_method", "reason",
    "recorded_by_id", "recorded_at",
)  # fmt: skip
_PART = ("phb_id", "method", "starts_on", "ends_on", "annual_amount")
_SHARE = ("phb_id", "agreed_budget_id", "funder", "body_name", "percent", "starts_on")
_ROW = ("register_import_id", "number", "fingerprint", "person_id", "is_new_person", "referral_id", "phb_id")


class PromisedDays:
    """How long there was to decide, as `settings_of` has it, without asking again for every row."""

    def __init__(self) -> None:
        rows = CommissionerSettings.objects.select_related("commissioner")
        self._own = {row.commissioner_id: row for row in rows}
        partnerships = [pk for pk, row in self._own.items() if row.commissioner.is_partnership]
        members = PartnershipMember.objects.filter(partnership__in=partnerships)
        self._may_have_partnerships = set(members.values_list("member_id", flat=True))
        self._dated: dict[tuple[int, dt.date], CommissionerSettings] = {}

    def on(self, commissioner: Commissioner, day: dt.date) -> Clock:
        """The clock of a referral received on a day."""
        settings = self._own.get(commissioner.pk) or self._of_partnership(commissioner, day)
        return Clock(day, settings.decision_days, DayCount(settings.decision_days_counted))

    def _of_partnership(self, commissioner: Commissioner, day: dt.date) -> CommissionerSettings:
        if commissioner.pk not in self._may_have_partnerships:
            return _DEFAULTS
        if (commissioner.pk, day) not in self._dated:
            self._dated[commissioner.pk, day] = settings_of(commissioner, day)
        return self._dated[commissioner.pk, day]


_DEFAULTS = CommissionerSettings()


#: The tables that an import fills.
WRITTEN = (
    Person, Referral, ReferralTransition, Decision, PersonalHealthBudget, AgreedBudget, MethodPart, FundingShare,
    ReviewDue, ImportRow,
)  # fmt: skip


class RegisterWriter:
    """Writes the rows of one import, in the caller's transaction."""

    def __init__(self, register_import: RegisterImport, by: User, now: dt.datetime) -> None:
        self._import = register_import
        self._by = by
        self._now = now
        self._promised = PromisedDays()

    def write(self, rows: Sequence[FittingRow]) -> None:
        """Write rows that fit. Raises `IntegrityError` where the database refuses one of them."""
        new = [each for each in rows if each.is_new_person]
        for each, pk in zip(new, next_ids(Person, len(new)), strict=True):
            each.person.pk = pk
        copy_in(Person, _PERSON, (self._person(each) for each in new))
        referrals = dict(zip((each.row.number for each in rows), next_ids(Referral, len(rows)), strict=True))
        copy_in(Referral, _REFERRAL, (self._referral(each, referrals[each.row.number]) for each in rows))
        copy_in(ReferralTransition, _STEP, self._steps(rows, referrals))
        agreed = [each for each in rows if each.row.agreed_on is not None]
        copy_in(Decision, _DECISION, (self._decision(each, referrals[each.row.number]) for each in agreed))
        phbs = dict(zip((each.row.number for each in agreed), next_ids(PersonalHealthBudget, len(agreed)), strict=True))
        copy_in(PersonalHealthBudget, _PHB, (self._phb(each, referrals, phbs) for each in agreed))
        budgets = next_ids(AgreedBudget, len(agreed))
        copy_in(AgreedBudget, _AGREED, map(self._agreed, agreed, budgets, phbs.values()))
        copy_in(MethodPart, _PART, self._parts(agreed, phbs))
        copy_in(FundingShare, _SHARE, self._shares(agreed, budgets, phbs))
        copy_in(ImportRow, _ROW, (self._row(each, referrals, phbs) for each in rows))

    def _person(self, each: FittingRow) -> tuple[Any, ...]:
        row = each.row
        return (
            each.person.pk,
            uuid4(),
            each.commissioner.pk,
            row.nhs_number or None,
            "" if row.nhs_number else NhsNumberMissingReason.NOT_TRACED.value,
            row.family_name,
            row.given_name,
            row.born_on,
            row.ended_on if row.end_reason == EndReason.DIED else None,
            row.sex.value,
            row.ethnic_category.value,
            row.postcode,
            row.gp_practice,
            CommunicationFormat.STANDARD.value,
        )

    def _referral(self, each: FittingRow, pk: int) -> tuple[Any, ...]:
        row, is_agreed = each.row, each.row.agreed_on is not None
        promised = self._promised.on(each.commissioner, row.referred_on)
        return (
            pk,
            uuid4(),
            uuid4(),
            each.person.pk,
            each.commissioner.pk,
            each.cohort_id if is_agreed else None,
            (ReferralStatus.ACCEPTED if is_agreed else ReferralStatus.SUBMITTED).value,
            "",
            "Imported from another register",
            row.referred_on,
            promised.days,
            promised.counting.value,
            promised.first_due_on,
            self._by.pk,
            self._now,
        )

    def _steps(self, rows: Sequence[FittingRow], referrals: dict[int, int]) -> Iterator[tuple[Any, ...]]:
        for each in rows:
            taken = [(steps.SUBMIT, each.row.referred_on)]
            if each.row.agreed_on is not None:
                taken.append((steps.ACCEPT, each.row.agreed_on))
            for step, on in taken:
                start = step.from_status.value if step.from_status else ""
                yield (
                    referrals[each.row.number],
                    step.action,
                    start,
                    step.to_status.value,
                    AGREED_ELSEWHERE if step is steps.ACCEPT else "",
                    on,
                    self._by.pk,
                    self._now,
                )

    def _decision(self, each: FittingRow, referral: int) -> tuple[Any, ...]:
        nothing_refused = ("",) * 6
        return (
            referral,
            1,
            DecisionOutcome.ACCEPTED.value,
            each.cohort_id,
            False,
            "",
            AGREED_ELSEWHERE,
            *nothing_refused,
            "",
            each.row.agreed_on,
            self._by.pk,
            self._now,
        )

    def _phb(self, each: FittingRow, referrals: dict[int, int], phbs: dict[int, int]) -> tuple[Any, ...]:
        row = each.row
        return (
            phbs[row.number],
            uuid4(),
            each.person.pk,
            each.commissioner.pk,
            each.cohort_id,
            referrals[row.number],
            row.agreed_on,
            self._by.pk,
            row.started_on,
            row.ended_on,
            row.end_reason.value if row.end_reason else "",
            row.annual_amount,
            row.previous_annual_amount,
            row.is_fast_track,
            row.lives_in.value,
            row.end_reason == EndReason.ONE_OFF_DONE,
        )

    def _agreed(self, each: FittingRow, pk: int, phb: int) -> tuple[Any, ...]:
        row = each.row
        return (pk, phb, 1, row.agreed_on, row.annual_amount, Decimal(0), "", AGREED_ELSEWHERE, self._by.pk, self._now)

    @staticmethod
    def _parts(agreed: Sequence[FittingRow], phbs: dict[int, int]) -> Iterator[tuple[Any, ...]]:
        for each in agreed:
            for part in each.row.methods:
                yield (
                    phbs[each.row.number],
                    part.method.value,
                    each.row.first_day,
                    each.row.ended_on,
                    part.annual_amount,
                )

    @staticmethod
    def _shares(
        agreed: Sequence[FittingRow], budgets: Sequence[int], phbs: dict[int, int]
    ) -> Iterator[tuple[Any, ...]]:
        for each, budget in zip(agreed, budgets, strict=True):
            for share in each.row.shares:
                yield (
                    phbs[each.row.number],
                    budget,
                    share.funder.value,
                    share.body_name,
                    share.percent,
                    each.row.agreed_on,
                )

    def _row(self, each: FittingRow, referrals: dict[int, int], phbs: dict[int, int]) -> tuple[Any, ...]:
        number = each.row.number
        return (
            self._import.pk,
            number,
            each.row.fingerprint,
            each.person.pk,
            each.is_new_person,
            referrals[number],
            phbs.get(number),
        )
