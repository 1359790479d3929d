"""Every address of a record, tried by users of another commissioner: not found, whatever their role."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from budgets.rules.reviews import ReviewReason
from budgets.services.reviews import ask_for_review
from budgets.services.risk_panels import add_items, plan_panel
from eligibility.services.letters import make_pdf
from eligibility.services.screening_again import start_screening_again
from offers.models import Cohort
from offers.selectors.changes import changes_of, mark_of
from phb_register import clock, emails, jobs
from phb_register.list_files import list_files
from phb_register.models import ListWorkbook, PersonMerge, SavedFilter, User
from phb_register.roles import Role
from phb_register.services.list_workbooks import ask_for_workbook, keep_workbook
from tests.architecture.test_access import GUARDED
from tests.factories.aftermath import make_offer, make_reconsideration, make_transfer
from tests.factories.arrangements import arranged
from tests.factories.board_packs import pack_records
from tests.factories.budgets import bare_budget, make_accepted_referral, make_budget
from tests.factories.consultations import make_feedback, submitted_after_consultation
from tests.factories.eligibility import make_draft, make_nurse, make_referral
from tests.factories.eligible_imports import make_eligible_import
from tests.factories.equity import make_area_import
from tests.factories.letters import make_letter, with_contact
from tests.factories.monitoring import monitored_records
from tests.factories.offers import CohortFactory, LocalOfferFactory, PhaseFactory, changed_edition
from tests.factories.payments import payment_records
from tests.factories.phb_register import CommissionerFactory, MembershipFactory, PersonFactory, UserFactory
from tests.factories.programme import make_entry
from tests.factories.proposals import LIMIT, make_panellist, make_proposal
from tests.factories.rate_cards import make_draft_card, make_indicative, make_rate_card
from tests.factories.register_imports import make_import
from tests.factories.releases import make_release
from tests.factories.reporting import RecalculationFactory
from tests.factories.resource_implications import worked_out
from tests.factories.reviews import make_review, make_scale
from tests.factories.rule_sets import make_rule_set, make_version
from tests.factories.scheduled_reports import report_records
from tests.factories.snapshots import snapshot_records
from tests.factories.support_plans import add_task, make_draft_plan, make_prohibited
from tests.support.module_rows import rows_of_a_module

pytestmark = pytest.mark.django_db

STEPS_OF_PROPOSALS = ("change", "submit", "revise", "withdraw", "approve", "return", "refer", "decline")

# A list is nobody's: its file has the rows of whoever asks (see `test_file_of_a_list_has_nothing_of_others`).
OF_LISTS = {"phb_register:list-csv", "phb_register:list-workbook"}
WITH_ARGUMENTS = [(name, view, arguments) for name, view, arguments in GUARDED if arguments and name not in OF_LISTS]
# Lists in which a user who may do everything finds what they themselves are, and did.
OF_ONESELF = {"users", "access-log"}


def made_workbook(user: User) -> ListWorkbook:
    """A workbook of the register that was made for a user."""
    asked = {"list_code": "register", "query": "", "words": "", "filename": "register.xlsx", "at": clock.now()}
    workbook = ListWorkbook.objects.get(pk=ask_for_workbook(by=user, **asked).parameters["workbook"])
    return keep_workbook(workbook=workbook, content=b"PK", rows=0, codes={}, commissioner=None, at=clock.now())


@pytest.fixture(scope="module")
def records(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, dict[str, Any]]]:
    """A record of every kind, made once: what an address of it is made of, by the room and parameter."""
    with rows_of_a_module(django_db_blocker):
        yield make_records()


def make_records() -> dict[str, dict[str, Any]]:
    """Every record is of one commissioner."""
    commissioner = CommissionerFactory()
    nurse = make_nurse(commissioner)
    for role in set(Role) - {Role.REFERRING_NURSE}:
        MembershipFactory(user=nurse, role=role, commissioner=commissioner)
    # What is added up over commissioners is of a partnership.
    partnership = CommissionerFactory(kind="partnership")
    for role in Role:
        MembershipFactory(user=nurse, role=role, commissioner=partnership)
    of_partnership = {"code": partnership.code, "quarter": "2026-27-q2", "cell": "quarter_end-total-everybody"}
    person = PersonFactory(commissioner=commissioner)
    double, third = PersonFactory.create_batch(2, commissioner=commissioner)
    merge = PersonMerge.objects.create(kept=double, merged=third, reason="One person", proposed_by=nurse)
    offer = LocalOfferFactory(commissioner=commissioner)
    phase = PhaseFactory(local_offer=offer)
    own_cohort = CohortFactory(local_offer=offer)
    edition, comment = submitted_after_consultation(offer, nurse)
    changed = changed_edition()
    MembershipFactory(user=nurse, role=Role.PHB_TEAM, commissioner=changed.local_offer.commissioner)
    (the_change,) = changes_of(changed).changes
    version = make_version(make_rule_set(commissioner, by=nurse), by=nurse)
    representative = person.representatives.create(
        name="Pat Kestrel",
        relationship="Mother",
        legal_basis="deputy",
        evidence_seen_on=dt.date(2020, 1, 1),
        starts_on=dt.date(2020, 1, 1),
    )
    jobs.job_kind("isolation", title="Nothing")(lambda run: None)
    job = jobs.enqueue(kind="isolation", key="isolation", parameters={}, requested_by=nurse)
    kept = SavedFilter.objects.create(user=nurse, list_code="referrals", name="Kept", query="status=submitted")
    code = {"code": commissioner.code}
    told = emails.send(to=nurse.email, subject="A pack", body="It is ready", link="", commissioner=commissioner)
    looked_at_again = {"reference": make_reconsideration(commissioner).reference}
    offered = {"reference": make_offer(commissioner).reference}
    moving = {"reference": make_transfer(commissioner).reference}
    screening_again = start_screening_again(
        referral=make_referral(commissioner), by=nurse, assessed_on=dt.date(2026, 11, 2), reason="More is known"
    )
    implications = worked_out(version, commissioner)
    plan = make_draft_plan(make_accepted_referral(commissioner), by=nurse)
    planned = {"reference": plan.referral.reference, "number": plan.number, "other": plan.number, "section": "outcomes"}
    proposal = make_proposal(commissioner, amount=LIMIT + 1)
    proposed = {"reference": proposal.reference}
    meeting = plan_panel(commissioner=commissioner, meets_on=dt.date(2026, 12, 1), by=make_panellist(commissioner))
    (item,) = add_items(panel=meeting, proposals=[proposal], by=meeting.planned_by)
    panel = {"reference": meeting.reference}
    letter = make_pdf(letter=make_letter(with_contact(commissioner), by=nurse))
    make_rate_card(commissioner, by=nurse)
    indicative = make_indicative(make_accepted_referral(commissioner, by=nurse), by=nurse)
    worked_out_for = {"reference": indicative.referral.reference, "number": indicative.number}
    card = {**code, "number": make_draft_card(commissioner, by=nurse).number, "group": "agency"}
    started = bare_budget(
        commissioner,
        cohort=Cohort.objects.get(code="chc"),
        agreed_on=dt.date(2026, 1, 5),
        started_on=dt.date(2026, 2, 2),
    )
    reviewed = make_review(started, dt.date(2026, 4, 1), by=nurse)
    asked = ask_for_review(phb=started, reason=ReviewReason.CONCERN, by=nurse, on=dt.date(2026, 5, 1))
    scaled = code | {"reference": make_scale(commissioner, by=nurse).reference}
    ended = {
        "reference": make_budget(
            commissioner, started_on=dt.date(2026, 11, 16), ended_on=dt.date(2026, 11, 18)
        ).reference
    }
    return {
        "phb_register:person": {"reference": person.reference},
        "phb_register:correct-person": {"reference": person.reference},
        "phb_register:add-representative": {"reference": person.reference},
        "phb_register:end-representative": {"reference": person.reference, "pk": representative.pk},
        "phb_register:timeline": {"reference": person.reference},
        "phb_register:find-other-record": {"reference": person.reference},
        "phb_register:propose-merge": {"reference": person.reference, "other": double.reference},
        "phb_register:merge": {"reference": merge.reference},
        "phb_register:reverse-merge": {"reference": merge.reference},
        "phb_register:end-membership": {"pk": MembershipFactory(commissioner=commissioner).pk},
        "phb_register:job": {"reference": job.reference},
        "phb_register:cancel-job": {"reference": job.reference},
        "phb_register:list-workbook-file": {"reference": made_workbook(nurse).reference},
        "phb_register:outbox-email": {"reference": told.reference},
        "phb_register:rename-filter": {"pk": kept.pk},
        "phb_register:delete-filter": {"pk": kept.pk},
        "phb_register:": code,
        "reporting:people": {**code, "measure_code": "phbs_in_place"},
        "reporting:pathway-people": {**code, "measure_code": "people_by_answer"},
        "reporting:variation-people": {**code, "which": "started"},
        "reporting:summed-return": of_partnership,
        "reporting:": code,
        "reporting:remove-recalculation": {**code, "pk": RecalculationFactory(commissioner=commissioner).pk},
        "reporting:figure-release": {**code, "pk": make_release(commissioner).pk},
        **pack_records(commissioner, nurse),
        **snapshot_records(commissioner, nurse),
        **report_records(commissioner, nurse),
        "eligibility:draft": {"reference": make_draft(nurse, person).reference, "code": "chc"},
        "eligibility:review-birthday": {"reference": person.reference, "age": 16},
        "eligibility:criteria": {"code": version.rule_set.code, "number": version.number},
        "eligibility:rule-set": {
            "code": version.rule_set.code,
            "number": version.number,
            "other": version.number,
            "place": 1,
        },
        "eligibility:resource-implications": {"code": version.rule_set.code, "number": version.number},
        "eligibility:resource-implications-": {"reference": implications.reference},
        "eligibility:": {"reference": make_referral(commissioner).reference},
        "eligibility:screening": {"reference": screening_again.referral.screenings.get().reference},
        "eligibility:screening-draft": {"reference": screening_again.reference, "code": "chc"},
        "eligibility:letter": {"reference": letter.reference, **code, "kind": "declined", "wording": "standard"},
        "eligibility:make-letter-pdf": {"reference": letter.reference},
        "eligibility:replace-letter": {"reference": letter.reference},
        **{
            f"eligibility:{step}reconsideration": looked_at_again
            for step in ("", "decide-", "give-notice-", "withdraw-")
        },
        **{f"eligibility:{step}budget-offer": offered for step in ("", "answer-", "correct-")},
        **{f"eligibility:{step}transfer": moving for step in ("", "accept-", "refuse-", "cancel-")},
        "eligibility:record-budget-offer": {"reference": person.reference},
        "eligibility:propose-transfer": {"reference": person.reference},
        "eligibility:check-responsible": {"reference": person.reference},
        "eligibility:write-letter-to-person": {"reference": person.reference},
        **arranged(commissioner, nurse),
        **{f"budgets:{step}": {"reference": make_referral(commissioner).reference} for step in ("propose", "confirm")},
        "budgets:proposals": {"reference": make_referral(commissioner).reference},
        "budgets:budget-proposal": proposed,
        **{f"budgets:{step}-proposal": proposed for step in STEPS_OF_PROPOSALS},
        **{f"budgets:{name}": panel for name in ("risk-panel", "cancel-risk-panel")},
        **{f"budgets:{name}-panel-item": {**panel, "pk": item.pk} for name in ("decide", "remove")},
        "budgets:budget-settings": code,
        **{
            f"budgets:{name}": worked_out_for
            for name in ("needs", "record-needs", "indicative-budget", "work-out-indicative-budget")
        },
        **{
            f"budgets:{name}": card
            for name in (
                "rate-card",
                "start-rate-card",
                "compare-rate-cards",
                "put-rate-card-in-force",
                "withdraw-rate-card",
            )
        },
        "budgets:": {"reference": make_budget(commissioner).reference},
        **monitored_records(commissioner, nurse),
        "budgets:support-plan": {**planned, "key": plan.outcomes.get().key},
        "budgets:support-plan-exception": {**planned, "key": plan.services.get().key},
        "budgets:support-plan-sign-off": {**planned, "key": add_task(plan, nurse).key},
        "budgets:prohibited-purchases": code,
        "budgets:end-prohibited-purchase": {**code, "pk": make_prohibited(commissioner, by=nurse).pk},
        "budgets:review": {"reference": reviewed.phb.reference, "number": 1},
        "budgets:correct-review": {"reference": reviewed.phb.reference, "number": 1},
        "budgets:set-aside-review-request": {"reference": reviewed.phb.reference, "asked": asked.reference},
        **{f"budgets:{step}outcome-scale": scaled for step in ("", "new-", "change-", "end-")},
        **payment_records(commissioner),
        "reporting:eligible-import": {"reference": make_eligible_import(commissioner, by=nurse).reference},
        "reporting:area-import": {"reference": make_area_import(commissioner, by=nurse).reference},
        "budgets:register-import": {"reference": make_import(commissioner, by=nurse).reference},
        **{f"budgets:{name}": code for name in ("money", "unit-costs")},
        **{f"budgets:{name}": ended for name in ("closure", "reconcile-closure", "take-back-end")},
        "people of ours": {"everything": nurse},
        **{
            f"offers:{name}": {"slug": offer.slug, "reference": comment.reference, "verb": "show"}
            for name in ("comment", "comment-step")
        },
        "offers:one-feedback": {"reference": make_feedback(local_offer=offer).reference},
        "offers:cohort": {"slug": offer.slug, "code": own_cohort.code},
        "offers:programme": {
            "slug": offer.slug,
            "tool": "risks",
            "number": make_entry(offer, "risks", by=nurse).number,
            "action": "resolve",
        },
        "offers:programme-add-reading": {
            "slug": offer.slug,
            "number": make_entry(offer, "key-performance-indicators", by=nurse).number,
        },
        "offers:compare-drafts": {"slug": changed.local_offer.slug, "was": 1, "now": 2},
        "offers:explain-change": {
            "slug": changed.local_offer.slug,
            "number": 2,
            **dict(zip(("kind", "mark"), mark_of(the_change), strict=True)),
        },
        "offers:": {
            "slug": offer.slug,
            "number": edition.number,
            "pk": phase.pk,
            "kind": "introduction",
            "part": "text",
        },
    }


def address_of(name: str, arguments: dict[str, str], records: dict[str, dict[str, Any]]) -> str:
    """The address of our record: by the longest entry that the name begins with."""
    entry = max((key for key in records if name.startswith(key)), key=len)
    return reverse(name, kwargs={argument: records[entry][argument] for argument in arguments})


@pytest.mark.usefixtures("plain_refusals")
def test_record_of_another_commissioner_is_not_found(client: Client, records: dict[str, dict[str, Any]]) -> None:
    # One who may do everything, for somebody else: no role opens more.
    elsewhere = CommissionerFactory()
    stranger = UserFactory()
    for role in Role:
        MembershipFactory(user=stranger, role=role, commissioner=elsewhere)
    client.force_login(stranger)
    for name, _, arguments in WITH_ARGUMENTS:
        address = address_of(name, arguments, records)
        assert client.get(address).status_code in {404, 405}, f"{name} is read for another commissioner"
        assert client.post(address, {"any": "thing"}).status_code in {404, 405}, f"{name} is written"


def test_record_of_ones_own_commissioner_is_found(client: Client, records: dict[str, dict[str, Any]]) -> None:
    # Or the test above would pass for addresses that nobody can open.
    client.force_login(records["people of ours"]["everything"])
    for name, _, arguments in WITH_ARGUMENTS:
        assert client.get(address_of(name, arguments, records)).status_code != 404, name


def test_file_of_a_list_has_nothing_of_others(client: Client, records: dict[str, dict[str, Any]]) -> None:
    stranger, ours = UserFactory(), records["people of ours"]["everything"]
    elsewhere = CommissionerFactory()
    for role in Role:
        MembershipFactory(user=stranger, role=role, commissioner=elsewhere)
    run = {"run": records["budgets:payment-run"]["reference"]}
    of_figures = {
        "commissioner": records["reporting:"]["code"],
        "quarter": "2026-27-q2",
        "cell": "quarter_end-total-everybody",
        "measure": "phbs_in_place",
        "characteristic": "sex",
        "group": "female",
    }
    has_rows = set()
    for each in list_files:
        for user in (stranger, ours):
            client.force_login(user)
            asked = of_figures if each.rows.__module__.startswith("reporting.") else run
            answer = client.get(reverse("phb_register:list-csv", args=[each.code]), asked)
            lines = b"".join(answer).decode().splitlines() if answer.streaming else []
            if len(lines) - (lines.index("") + 1 if "" in lines else 0) > 1:
                has_rows.add((user, each.code))
    assert {code for user, code in has_rows if user == stranger} <= OF_ONESELF
    assert {code for user, code in has_rows if user == ours} >= {"register", "referrals", "people", "payments-of-run"}


def test_every_address_of_a_record_is_tried() -> None:
    assert len(WITH_ARGUMENTS) > 40
