"""Rule sets' versions on their way through the services: who may, when, and what another version is given."""

import copy
import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, InternalError, transaction

from eligibility.exceptions import NotFitForApproval, TransitionNotAllowed, VersionChanged
from eligibility.models import RuleSet, RuleSetVersion
from eligibility.rules.rule_set_states import version_jumps, version_transition
from eligibility.selectors.rule_sets import rule_book, rule_sets_for
from eligibility.services.rule_sets import (
    approve_version,
    choose_reading,
    create_rule_set,
    save_cases,
    save_content,
    send_back,
    start_version,
    submit_version,
    withdraw_version,
)
from offers.models import Cohort
from phb_register.exceptions import Refused
from phb_register.models import AccessLogEntry
from tests.factories.eligibility import make_nurse, make_team
from tests.factories.phb_register import CommissionerFactory
from tests.factories.rule_sets import (
    AUTISM,
    CONTENT,
    in_days,
    make_approved,
    make_approver,
    make_rule_set,
    make_version,
    worked_case,
)

pytestmark = pytest.mark.django_db
DATABASE_REFUSES = (IntegrityError, InternalError)


@pytest.fixture
def icb():
    return CommissionerFactory()


@pytest.fixture
def team(icb):
    return make_team(icb)


@pytest.fixture
def approver(icb):
    return make_approver(icb)


@pytest.fixture
def rule_set(icb, team):
    return make_rule_set(icb, by=team)


@pytest.fixture
def submitted(rule_set, team):
    return submit_version(version=make_version(rule_set, by=team), by=team)


def held_on(rule_set, on):
    return [each.number for each in rule_sets_for(rule_set.commissioner, on) if each.code == rule_set.code]


def dates(version):
    version.refresh_from_db()
    return version.effective_from, version.effective_to


# ------------------------------------------------------------------ making


def test_code_of_a_rule_set_is_made_of_its_title_and_nobody_elses(icb, team):
    first, second = make_rule_set(icb, by=team), make_rule_set(icb, by=team)
    assert (first.code, second.code) == ("autistic-adults", "autistic-adults-2")
    assert make_rule_set(icb, by=team, title="x" * 160).code == "x" * 60


def test_rule_set_is_made_only_for_ones_own_commissioner(icb, team):
    with pytest.raises(PermissionDenied):
        make_rule_set(CommissionerFactory(), by=team)
    with pytest.raises(PermissionDenied):
        make_rule_set(icb, by=make_nurse(icb))


def test_rule_set_of_a_closed_commissioner_is_refused(team, icb):
    icb.closed_on = in_days(-1)
    icb.save()
    with pytest.raises(Refused, match="has closed"):
        create_rule_set(commissioner=icb, title="Late", cohort=Cohort.objects.get(code="chc"), by=team)


def test_national_rule_set_is_nobodys_to_write(team):
    national = RuleSet.objects.get(code="national-chc")
    with pytest.raises(PermissionDenied):
        start_version(rule_set=national, effective_from=in_days(1), change_note="", by=team)


def test_version_is_started_as_a_copy_with_its_cases(rule_set, team, icb):
    first = make_version(rule_set, by=team)
    second = start_version(rule_set=rule_set, effective_from=in_days(9), change_note="More", copy_of=first, by=team)
    assert (second.number, second.effective_to, second.prepared_by) == (2, None, team)
    assert (second.content, second.cases, second.source) == (first.content, first.cases, first.source)


def test_version_that_is_started_twice_is_one_until_it_is_edited(rule_set, team):
    asked = {"rule_set": rule_set, "effective_from": in_days(1), "change_note": "Once", "by": team}
    first = start_version(**asked)
    assert start_version(**asked) == first
    assert start_version(**{**asked, "change_note": "Another"}) != first
    latest = rule_set.versions.last()
    save_content(version=latest, content=CONTENT, revision=latest.revision, by=team)
    assert start_version(**{**asked, "change_note": "Another"}) != latest


def test_version_of_another_rule_set_is_not_copied(rule_set, team, icb):
    other = make_version(make_rule_set(icb, by=team), by=team)
    with pytest.raises(Refused, match="of this rule set"):
        start_version(rule_set=rule_set, effective_from=in_days(9), change_note="", copy_of=other, by=team)


# ------------------------------------------------------------------ editing


def test_edit_over_what_somebody_else_saved_is_refused(rule_set, icb, team):
    opened = make_version(rule_set, by=team)
    colleague = make_team(icb)
    save_content(version=opened, content={**CONTENT, "says": "Theirs."}, revision=opened.revision, by=colleague)

    with pytest.raises(VersionChanged, match=colleague.full_name) as refused:
        save_content(version=opened, content={**CONTENT, "says": "Mine."}, revision=opened.revision, by=team)

    opened.refresh_from_db()
    assert opened.content["says"] == "Theirs."
    assert refused.value.revision == opened.revision


def test_reading_is_chosen_with_the_reason(rule_set, team):
    two = {**CONTENT, "readings": [*CONTENT["readings"], {"id": "R2", "title": "Not", "criteria": {"not": AUTISM}}]}
    version = make_version(rule_set, by=team, content=two)
    with pytest.raises(Refused, match="Enter why"):
        choose_reading(version=version, reading="R2", note=" ", revision=version.revision, by=team)
    with pytest.raises(Refused, match="one of the readings"):
        choose_reading(version=version, reading="R3", note="Because", revision=version.revision, by=team)

    version = choose_reading(version=version, reading="R2", note="Because", revision=version.revision, by=team)

    assert version.as_rules().chosen_id == "R2"
    assert version.as_rules().reading_note == "Because"


def test_submitted_version_cannot_be_edited(submitted, team):
    with pytest.raises(TransitionNotAllowed, match="sent back"):
        save_content(version=submitted, content=CONTENT, revision=submitted.revision, by=team)


def test_version_is_edited_by_nobody_of_another_commissioner(rule_set, team):
    version = make_version(rule_set, by=team)
    with pytest.raises(PermissionDenied):
        save_content(version=version, content={}, revision=version.revision, by=make_team(CommissionerFactory()))


# ------------------------------------------------------------------ submitting and approving


def test_version_that_does_not_read_is_not_submitted(rule_set, team):
    version = start_version(rule_set=rule_set, effective_from=in_days(1), change_note="", by=team)
    with pytest.raises(NotFitForApproval) as refused:
        submit_version(version=version, by=team)
    faults = "\n".join(refused.value.faults)
    assert "readings[0].criteria.all: This branch is empty" in faults
    assert "source" in faults
    assert "says" in faults


def test_version_without_worked_cases_is_not_submitted(rule_set, team):
    with pytest.raises(NotFitForApproval, match="worked case"):
        submit_version(version=make_version(rule_set, by=team, cases=[]), by=team)


def test_draft_and_submitted_versions_screen_nobody(rule_set, team, approver, submitted):
    assert held_on(rule_set, in_days(1)) == []
    approve_version(version=submitted, by=approver)
    assert held_on(rule_set, in_days(1)) == [1]
    assert held_on(rule_set, in_days(0)) == []


def test_version_is_approved_by_nobody_who_had_a_hand_in_it(rule_set, icb, team):
    editor = make_team(icb)
    version = make_version(rule_set, by=team)
    version = save_content(version=version, content=CONTENT, revision=version.revision, by=editor)
    version = submit_version(version=version, by=editor)
    for hand in (team, editor):
        with pytest.raises(TransitionNotAllowed, match="somebody else"):
            approve_version(version=version, by=hand)
        with pytest.raises(DATABASE_REFUSES), transaction.atomic():
            RuleSetVersion.objects.filter(pk=version.pk).update(
                approval_status="approved", approved_by=hand, approved_at=dt.datetime.now(dt.UTC)
            )
    assert approve_version(version=version, by=make_team(icb)).approval_status == "approved"


def test_approval_is_refused_while_a_case_fails(rule_set, icb, team, approver):
    cases = [worked_case(icb, in_days(1)), {**worked_case(icb, in_days(1), passes=False), "id": "too-much"}]
    version = submit_version(version=make_version(rule_set, by=team, cases=cases), by=team)
    with pytest.raises(NotFitForApproval, match="1 of 2 worked cases failed") as refused:
        approve_version(version=version, by=approver)
    assert refused.value.faults == ("too-much: outcome more information needed, expected right to have",)
    version.refresh_from_db()
    assert version.approval_status == "submitted"


def test_cases_that_cannot_be_read_are_refused_when_saved(rule_set, icb, team):
    version = make_version(rule_set, by=team)
    case = worked_case(icb, in_days(1))
    case["facts"]["autsim"] = True
    with pytest.raises(ValueError, match="autsim"):
        save_cases(version=version, cases=[case], revision=version.revision, by=team)


def test_version_is_approved_by_its_own_commissioner_only(submitted):
    with pytest.raises(PermissionDenied):
        approve_version(version=submitted, by=make_approver(CommissionerFactory()))


def test_sent_back_version_is_edited_and_submitted_again(submitted, team, approver):
    with pytest.raises(Refused, match="Enter the reason"):
        send_back(version=submitted, reason=" ", by=approver)
    version = send_back(version=submitted, reason="Say who attests it", by=approver)
    version = save_content(version=version, content=CONTENT, revision=version.revision, by=team)
    version = approve_version(version=submit_version(version=version, by=team), by=approver)
    steps = [(each.action, each.made_by, each.reason) for each in version.transitions.all()]
    assert steps == [
        ("start", team, ""),
        ("submit", team, ""),
        ("send-back", approver, "Say who attests it"),
        ("submit", team, ""),
        ("approve", approver, ""),
    ]
    logged = AccessLogEntry.objects.filter(subject_type="eligibility.RuleSetVersion").values_list("action", flat=True)
    assert {"start-version", "edit-version", "submit-version", "send-back-version", "approve-version"} <= set(logged)


# ------------------------------------------------------------------ dates


def test_approved_version_takes_over_from_the_one_before(rule_set, team, approver):
    first = make_approved(rule_set, by=team, approver=approver, effective_from=in_days(1))
    second = make_approved(rule_set, by=team, approver=approver, effective_from=in_days(10))
    assert dates(first) == (in_days(1), in_days(9))
    assert dates(second) == (in_days(10), None)
    assert [held_on(rule_set, in_days(day)) for day in (9, 10)] == [[1], [2]]


def test_version_in_force_takes_over_from_a_proposed_one_but_not_the_other_way(rule_set, team, approver):
    proposed = make_approved(rule_set, by=team, approver=approver, status="proposed")
    in_force = make_approved(rule_set, by=team, approver=approver, effective_from=in_days(10))
    make_approved(rule_set, by=team, approver=approver, effective_from=in_days(20), status="proposed")
    assert dates(proposed) == (in_days(1), in_days(9))
    assert dates(in_force) == (in_days(10), None)
    assert held_on(rule_set, in_days(20)) == [2]

    last = make_approved(rule_set, by=team, approver=approver, effective_from=in_days(30))
    assert last.supersedes == in_force
    assert dates(in_force) == (in_days(10), in_days(29))


def test_version_in_force_that_starts_later_is_in_the_way(rule_set, team, approver):
    make_approved(rule_set, by=team, approver=approver, effective_from=in_days(10))
    earlier = make_version(rule_set, by=team, effective_from=in_days(5))
    earlier = submit_version(version=earlier, by=team)
    remedy = rf"last day of {in_days(9):%-d %B %Y} or before, or withdraw version 1"
    with pytest.raises(NotFitForApproval, match=remedy):
        approve_version(version=earlier, by=approver)
    before = make_approved(rule_set, by=team, approver=approver, effective_from=in_days(5), effective_to=in_days(9))
    assert before.approval_status == "approved"


def test_two_versions_of_one_first_day_are_refused(rule_set, team, approver, submitted):
    other = submit_version(version=make_version(rule_set, by=team), by=team)
    approve_version(version=submitted, by=approver)
    with pytest.raises(NotFitForApproval, match="Withdraw version 1 first"):
        approve_version(version=other, by=approver)


def test_what_held_on_past_days_is_not_changed(rule_set, team, approver):
    since = make_approved(rule_set, by=team, approver=approver, effective_from=in_days(-100))
    late = submit_version(version=make_version(rule_set, by=team, effective_from=in_days(0)), by=team)
    with pytest.raises(NotFitForApproval, match="first day after"):
        approve_version(version=late, by=approver)
    assert dates(since) == (in_days(-100), None)


def test_withdrawn_before_it_begins_gives_the_days_back(rule_set, team, approver):
    first = make_approved(rule_set, by=team, approver=approver, effective_to=in_days(99))
    second = make_approved(rule_set, by=team, approver=approver, effective_from=in_days(10))
    third = make_approved(rule_set, by=team, approver=approver, effective_from=in_days(20))
    with pytest.raises(Refused, match="Version 3 follows it"):
        withdraw_version(version=second, reason="A mistake", by=approver)
    withdraw_version(version=third, reason="A mistake", by=approver)
    withdraw_version(version=second, reason="A mistake", by=approver)
    assert dates(first) == (in_days(1), in_days(99))
    assert held_on(rule_set, in_days(20)) == [1]


def test_version_that_has_begun_is_not_withdrawn(rule_set, team, approver):
    version = make_approved(rule_set, by=team, approver=approver, effective_from=in_days(0))
    with pytest.raises(TransitionNotAllowed, match="takes over"):
        withdraw_version(version=version, reason="A mistake", by=approver)


# ------------------------------------------------------------------ what the database refuses


EDITS = [
    {"content": {}},
    {"cases": []},
    {"effective_from": dt.date(2020, 1, 1)},
    {"effective_to": dt.date(2099, 1, 1)},
    {"status": "proposed"},
    {"outcome": "right_to_have"},
    {"source": "elsewhere"},
    {"change_note": "Another"},
    {"revision": 99},
    {"prepared_by": None},
]


def test_direct_sql_edits_no_version_that_was_submitted(rule_set, team, approver):
    draft = make_version(rule_set, by=team, effective_from=in_days(9))
    rows = {
        "draft": draft,
        "submitted": submit_version(version=make_version(rule_set, by=team), by=team),
        "approved": make_approved(rule_set, by=team, approver=approver),
        "withdrawn": withdraw_version(version=make_version(rule_set, by=team), reason="A mistake", by=team),
    }
    for status, version in rows.items():
        assert RuleSetVersion.objects.get(pk=version.pk).approval_status == status
        for change in EDITS:
            if status == "draft" and change != {"prepared_by": None}:
                # Or the rest would show only that nothing can be changed at all.
                with transaction.atomic():
                    assert RuleSetVersion.objects.filter(pk=version.pk).update(**change) == 1
                    transaction.set_rollback(True)
                continue
            with pytest.raises(DATABASE_REFUSES), transaction.atomic():
                RuleSetVersion.objects.filter(pk=version.pk).update(**change)


def test_version_does_not_begin_approved_in_somebodys_name(rule_set, team, approver):
    held = make_version(rule_set, by=team)
    held.pk, held.number, held.approval_status = None, 2, "approved"
    held.approved_by, held.approved_at = approver, dt.datetime.now(dt.UTC)
    with pytest.raises(DATABASE_REFUSES), transaction.atomic():
        held.save(force_insert=True)


def test_history_of_a_version_is_kept(submitted):
    for rows in (submitted.transitions, submitted.edits):
        with pytest.raises(DATABASE_REFUSES), transaction.atomic():
            rows.all().delete()


# ------------------------------------------------------------------ trying a version out


def test_book_is_read_with_a_version_in_anothers_place(rule_set, team, approver):
    make_approved(rule_set, by=team, approver=approver)
    other = copy.deepcopy(CONTENT)
    other["readings"][0]["criteria"] = {"not": AUTISM}
    draft = make_version(rule_set, by=team, content=other, effective_from=in_days(5))
    rules = draft.as_rules()

    def numbers(commissioner, on):
        book = rule_book(commissioner, on, instead=rules)
        return [each.number for each in book.rule_sets if each.code == rule_set.code]

    assert numbers(rule_set.commissioner, in_days(4)) == [1]
    assert numbers(rule_set.commissioner, in_days(5)) == [2]
    assert numbers(CommissionerFactory(), in_days(5)) == []


# ------------------------------------------------------------------ the table of transitions, walked


def test_services_do_what_the_table_says_from_every_status_and_nothing_else(rule_set, icb, team, approver):
    act = {
        "submit": lambda version: submit_version(version=version, by=team),
        "approve": lambda version: approve_version(version=version, by=approver),
        "send-back": lambda version: send_back(version=version, reason="Because", by=approver),
        "withdraw": lambda version: withdraw_version(
            version=version, reason="Because", by=approver if version.approval_status == "approved" else team
        ),
    }
    ways = {"draft": [], "submitted": ["submit"], "approved": ["submit", "approve"], "withdrawn": ["withdraw"]}
    for status, way in ways.items():
        version = make_version(rule_set, by=team)
        for action in way:
            version = act[action](version)
        for action, do in act.items():
            step = version_transition(action, status)
            with transaction.atomic():
                if step is None:
                    with pytest.raises(TransitionNotAllowed):
                        do(version)
                else:
                    assert do(version).approval_status == step.to_status
                transaction.set_rollback(True)
        for other in set(ways) - {status, *(jump[1] for jump in version_jumps() if jump[0] == status)}:
            with pytest.raises(DATABASE_REFUSES), transaction.atomic():
                RuleSetVersion.objects.filter(pk=version.pk).update(approval_status=other)
        if status != "withdrawn":
            # Out of the way of the next one, which has the same first day.
            act["withdraw"](version)
