"""The programme's entries through the service: numbers, conflicts, removals, steps, and what the database refuses."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from offers.exceptions import EntryConflict
from offers.models import PROGRAMME, GovernanceBody, LocalOffer, PhaseCap, Risk
from offers.programme_tools import TOOLS
from offers.selectors import programme as selector
from offers.services import programme as service
from phb_register import clock
from phb_register.exceptions import Refused
from phb_register.models import AccessLogEntry, User
from phb_register.roles import Role
from tests.factories.offers import CohortFactory, LocalOfferFactory, PhaseFactory
from tests.factories.phb_register import UserFactory
from tests.factories.programme import LEAST, details_of, make_entry

pytestmark = pytest.mark.django_db

TODAY = dt.date(2013, 12, 20)


@pytest.fixture
def offer() -> LocalOffer:
    return LocalOfferFactory(slug="testshire")


@pytest.fixture
def writer(offer: LocalOffer) -> User:
    return UserFactory(role=Role.PHB_TEAM, role__commissioner=offer.commissioner)


@pytest.mark.parametrize("tool", sorted(LEAST))
def test_entry_says_what_it_was_told_and_is_logged(offer, writer, tool):
    given = {"phase": PhaseFactory(local_offer=offer)} if tool == "phase-caps" else {}
    entry = make_entry(offer, tool, by=writer, **given)
    held = PROGRAMME[tool].objects.get()
    assert (held.number, held.version, held.saved_by) == (1, 1, writer)
    for name, value in details_of(tool, **given).items():
        assert getattr(held, name) == value, name
    logged = AccessLogEntry.objects.get(subject_type=held._meta.label)
    assert logged.subject_id == str(entry.pk)
    assert logged.commissioner == offer.commissioner


def test_number_is_never_given_twice(offer, writer):
    first, second = make_entry(offer, "risks", by=writer), make_entry(offer, "risks", by=writer)
    service.remove_entry(entry=second, by=writer)
    assert [first.number, second.number, make_entry(offer, "risks", by=writer).number] == [1, 2, 3]
    assert make_entry(LocalOfferFactory(), "risks").number == 1


def test_entry_of_another_commissioner_is_not_written(offer, writer):
    theirs = make_entry(LocalOfferFactory(), "risks")
    for act in (
        lambda: service.add_entry(
            offer=theirs.local_offer, tool=TOOLS["risks"], details=details_of("risks"), by=writer
        ),
        lambda: service.change_entry(entry=theirs, details=details_of("risks"), expected_version=1, by=writer),
        lambda: service.remove_entry(entry=theirs, by=writer),
        lambda: service.take_step(entry=theirs, action="resolve", on=TODAY, note="Done", by=writer),
        lambda: service.choose_tools(offer=theirs.local_offer, tools=["risks"], by=writer),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_second_of_two_writers_is_told(offer, writer):
    risk = make_entry(offer, "risks", by=writer)
    colleague = UserFactory(role=Role.PHB_TEAM, role__commissioner=offer.commissioner)
    change = {"entry": risk, "expected_version": 1}
    service.change_entry(**change, details=details_of("risks", mitigation="Asked for it"), by=colleague)
    with pytest.raises(EntryConflict, match=f"{colleague.full_name} changed this") as refused:
        service.change_entry(**change, details=details_of("risks", mitigation="Do it alone"), by=writer)
    assert refused.value.current_version == 2
    assert Risk.objects.get().mitigation == "Asked for it"


def test_entry_that_another_names_stays_until_that_is_changed(offer, writer):
    body = make_entry(offer, "governance-bodies", by=writer)
    stream = make_entry(offer, "workstreams", by=writer, body=body)
    with pytest.raises(Refused, match=r"workstream 1.* names it. Change that one first"):
        service.remove_entry(entry=body, by=writer)
    service.change_entry(entry=stream, details=details_of("workstreams"), expected_version=1, by=writer)
    service.remove_entry(entry=body, by=writer)
    assert list(selector.entries(offer, TOOLS["governance-bodies"])) == []


def test_removed_entry_is_put_back_unless_its_place_is_taken(offer, writer):
    body = make_entry(offer, "governance-bodies", by=writer)
    service.remove_entry(entry=body, by=writer)
    with pytest.raises(Refused, match="removed it after you opened it"):
        service.change_entry(entry=body, details=details_of("governance-bodies"), expected_version=1, by=writer)
    other = make_entry(offer, "governance-bodies", by=writer)
    with pytest.raises(ValidationError, match="a governance body of this name already"):
        service.put_back_entry(entry=body, by=writer)
    service.remove_entry(entry=other, by=writer)
    service.put_back_entry(entry=body, by=writer)
    assert [each.number for each in selector.entries(offer, TOOLS["governance-bodies"])] == [1]


def test_second_vision_is_refused_in_words(offer, writer):
    make_entry(offer, "vision", by=writer)
    with pytest.raises(ValidationError, match="There is a vision already"):
        make_entry(offer, "vision", by=writer)


def test_vision_that_is_longer_than_a_page_is_refused(offer, writer):
    with pytest.raises(Refused, match=r"has 25\d words and must fit on one page. Make it 250 words or fewer"):
        make_entry(offer, "vision", by=writer, for_people="word " * 240)
    with pytest.raises(Refused, match="Write 4 lines or fewer") as refused:
        make_entry(offer, "vision", by=writer, signs="One\nTwo\nThree\n\nFour\nFive")
    assert refused.value.field == "signs"


def test_body_never_escalates_to_itself(offer, writer):
    top = make_entry(offer, "governance-bodies", by=writer, name="Collaborative")
    middle = make_entry(offer, "governance-bodies", by=writer, name="Reference group", escalates_to=top)
    low = make_entry(offer, "governance-bodies", by=writer, name="Task group", escalates_to=middle)
    details = details_of("governance-bodies", name="Collaborative", escalates_to=low)
    with pytest.raises(Refused, match="It would escalate to itself"):
        service.change_entry(entry=top, details=details, expected_version=1, by=writer)
    with pytest.raises(IntegrityError, match="may not escalate to itself"), transaction.atomic():
        GovernanceBody.objects.filter(pk=top.pk).update(escalates_to=low)


# ── Steps ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_risk_is_resolved_with_a_note_and_opened_again(offer, writer):
    risk = make_entry(offer, "risks", by=writer)
    service.take_step(entry=risk, action="resolve", on=TODAY, note="Somebody was found", by=writer)
    with pytest.raises(Refused, match="It is resolved already"):
        service.take_step(entry=risk, action="resolve", on=TODAY, note="Again", by=writer)
    service.take_step(entry=risk, action="open-again", on=TODAY, note="They left", by=writer)
    assert [(each.action, each.note) for each in selector.transitions_of(risk)] == [
        ("open-again", "They left"),
        ("resolve", "Somebody was found"),
    ]
    assert Risk.objects.get().status == "open"


def test_deliverable_keeps_the_day_it_was_done_while_it_is_done(offer, writer):
    work = make_entry(offer, "deliverables", by=writer, due_on=TODAY)
    done = service.take_step(entry=work, action="finish", on=TODAY, note="In use", by=writer)
    assert (done.status, done.done_on) == ("done", TODAY)
    again = service.take_step(entry=work, action="reopen", on=TODAY, note="Not in use", by=writer)
    assert (again.status, again.done_on) == ("under-way", None)


def test_event_that_was_held_says_what_was_heard(offer, writer):
    event = make_entry(offer, "engagement-events", by=writer, timing="in December")
    held = service.take_step(entry=event, action="hold", on=dt.date(2013, 12, 4), note="More choice", by=writer)
    assert (held.takes_place_on, held.heard) == (dt.date(2013, 12, 4), "More choice")


def test_score_is_kept_each_time_it_changes(offer, writer):
    risk = make_entry(offer, "risks", by=writer, likelihood=5, impact=5)
    for version, likelihood in ((1, 5), (2, 3)):
        details = details_of("risks", likelihood=likelihood, impact=5)
        service.change_entry(entry=risk, details=details, expected_version=version, by=writer)
    assert [(each.likelihood, each.impact) for each in selector.scores_of(risk)] == [(3, 5), (5, 5)]


def test_reading_of_the_same_day_entered_later_holds(offer, writer):
    indicator = make_entry(offer, "key-performance-indicators", by=writer)
    for day, value in ((TODAY, 12), (TODAY, 11), (TODAY - dt.timedelta(days=30), 9)):
        service.add_reading(indicator=indicator, read_on=day, value=Decimal(value), note="", by=writer)
    tool = TOOLS["key-performance-indicators"]
    (row,) = selector.rows(offer, tool, selector.entries(offer, tool), today=TODAY)
    assert (row.known.text, row.known.on) == ("11 people", TODAY)


def test_indicator_of_the_register_takes_no_reading(offer, writer):
    indicator = make_entry(offer, "key-performance-indicators", by=writer, figure="phbs_in_place")
    with pytest.raises(Refused, match="The register counts this indicator itself"):
        service.add_reading(indicator=indicator, read_on=TODAY, value=Decimal(1), note="", by=writer)
    tool = TOOLS["key-performance-indicators"]
    (row,) = selector.rows(offer, tool, [indicator], today=TODAY)
    assert row.known.text == "122"


# ── What the database refuses ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("tool", sorted(LEAST))
def test_database_refuses_to_delete_or_move_an_entry(offer, writer, tool):
    given = {"phase": PhaseFactory(local_offer=offer)} if tool == "phase-caps" else {}
    make_entry(offer, tool, by=writer, **given)
    rows = PROGRAMME[tool].objects.all()
    for act in (
        rows.delete,
        lambda: rows.update(number=7),
        lambda: rows.update(local_offer=LocalOfferFactory()),
        lambda: rows.update(removed_at=clock.now()),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


@pytest.mark.parametrize(
    ("tool", "sql", "message"),
    [
        ("risks", "UPDATE offers_risk SET likelihood = 6", "risk_known_likelihood"),
        ("risks", "UPDATE offers_risk SET impact_after = 2", "risk_after_scored_whole"),
        ("risks", "UPDATE offers_riskscore SET impact = 1", "Cannot update or delete"),
        ("deliverables", "UPDATE offers_deliverable SET status = 'done'", "deliverable_done_on_a_day"),
        ("engagement-events", "UPDATE offers_engagementevent SET status = 'held'", "event_held_on_a_day"),
        ("swoc", "UPDATE offers_swocoption SET place = 'start'", "swoc_choice_has_a_reason"),
        ("swoc", "UPDATE offers_swocoption SET title = ''", "swoc_of_a_cohort_or_a_name"),
        ("swoc", "UPDATE offers_swocoption SET people = 7", "swoc_people_have_a_source"),
        ("vision", "UPDATE offers_vision SET headline = ''", "vision_has_headline"),
    ],
)
def test_database_refuses_what_no_entry_may_be(offer, writer, tool, sql, message):
    make_entry(offer, tool, by=writer)
    with pytest.raises(DatabaseError, match=message), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_database_refuses_a_jump_that_no_table_knows(offer, writer):
    risk = make_entry(offer, "risks", by=writer)
    service.take_step(entry=risk, action="resolve", on=TODAY, note="Done", by=writer)
    with pytest.raises(DatabaseError), transaction.atomic():
        Risk.objects.update(status="accepted")


def test_entry_names_only_what_is_of_its_own_offer(offer, writer):
    elsewhere = LocalOfferFactory()
    theirs = make_entry(elsewhere, "workstreams")
    with pytest.raises(IntegrityError, match="belongs to another local offer"), transaction.atomic():
        make_entry(offer, "risks", by=writer, workstream=theirs)
    with pytest.raises(IntegrityError, match="belongs to another local offer"), transaction.atomic():
        make_entry(offer, "phase-caps", by=writer, phase=PhaseFactory(local_offer=elsewhere))
    own = CohortFactory(local_offer=elsewhere)
    with pytest.raises(IntegrityError, match="belongs to another local offer"), transaction.atomic():
        make_entry(offer, "swoc", by=writer, cohort=own, title="")
    assert make_entry(offer, "swoc", by=writer, cohort=CohortFactory(), title="").pk


def test_step_needs_an_entry(offer, writer):
    risk = make_entry(offer, "risks", by=writer)
    service.take_step(entry=risk, action="resolve", on=TODAY, note="Done", by=writer)
    (step,) = selector.transitions_of(risk)
    step.pk, step.number = None, 2
    with pytest.raises(IntegrityError, match="has no such entry"), transaction.atomic():
        step.save(force_insert=True)


def test_phase_taken_off_the_timeline_leaves_its_cap_behind(offer, writer):
    phase = PhaseFactory(local_offer=offer, name="Phase 1")
    make_entry(offer, "phase-caps", by=writer, phase=phase)
    with pytest.raises(ValidationError, match="has a cap for them already"):
        make_entry(offer, "phase-caps", by=writer, phase=phase, people=50)
    first = service.remove_entry(entry=PhaseCap.objects.get(), by=writer)
    second = make_entry(offer, "phase-caps", by=writer, phase=phase, people=50)
    with pytest.raises(ValidationError, match="has a cap for them already"):
        service.put_back_entry(entry=first, by=writer)
    service.remove_entry(entry=second, by=writer)
    phase.delete()
    assert "was removed" in str(service.put_back_entry(entry=PhaseCap.objects.get(number=1), by=writer))
