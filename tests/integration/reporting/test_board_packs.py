"""Board packs: planned, made once on their day, frozen, and told of."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import Error, OperationalError, connection, connections, transaction

from phb_register import clock, jobs
from phb_register.exceptions import Refused
from phb_register.models import Commissioner, Job, OutgoingEmail, StoredDocument, User
from phb_register.roles import Role
from reporting import pack_demonstration, worklist
from reporting.board_pack_states import PackStatus
from reporting.board_packs import JOB_KIND
from reporting.models import BoardPack, DecisionWanted
from reporting.models.board_packs import BoardPackQuerySet
from reporting.selectors.scope import counted
from reporting.services import board_packs as service
from reporting.services.releases import fix_figures
from tests.factories.board_packs import bare_writer, made_pack, make_member, make_writer, planned_pack, wanted
from tests.factories.phb_register import CommissionerFactory, UserFactory

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def icb() -> Commissioner:
    return CommissionerFactory(name="Testing ICB")


@pytest.fixture
def writer(icb: Commissioner) -> User:
    return make_writer(icb)


def details(pack: BoardPack) -> dict[str, object]:
    fields = ("meeting", "meets_on", "as_at", "make_on", "parts", "introduction")
    return {field: getattr(pack, field) for field in fields}


def refuse_to_write(*_: object) -> bytes:
    raise Refused("There is no paper")


def make(pack: BoardPack) -> BoardPack:
    return service.make(pack=pack, write_pdf=bare_writer)


def test_pack_is_made_on_its_day_and_not_before(icb: Commissioner) -> None:
    today = clock.today()
    later = planned_pack(icb, meeting="Later", make_on=today + DAY)
    due = planned_pack(icb)
    assert service.ask_for_due() == 1
    assert [job.parameters for job in Job.objects.filter(kind=JOB_KIND)] == [{"pack": due.pk}]
    assert make(later).status == PackStatus.PLANNED
    assert make(due).status == PackStatus.MADE
    assert service.ask_for_due() == 0


def test_asking_twice_makes_one_pack_and_one_email_a_member(icb: Commissioner, writer: User) -> None:
    member = make_member(icb)
    UserFactory(role=Role.FINANCE, role__commissioner=icb)
    make_member(CommissionerFactory())
    pack = planned_pack(icb, by=writer, parts=["decisions"])
    service.ask_for_due()
    service.ask_for_due()
    job = Job.objects.get(kind=JOB_KIND)
    assert service.request_making(pack=pack, by=writer) == job
    jobs.run(job.pk)
    make(pack)
    (email,) = OutgoingEmail.objects.about(pack)
    assert (email.to_address, email.link) == (member.email, f"/board-packs/{pack.reference}/")
    assert StoredDocument.objects.count() == 1
    assert pack.transitions.filter(action="make").count() == 1


def test_email_holds_no_figure(icb: Commissioner) -> None:
    make_member(icb)
    pack = made_pack(icb)
    (email,) = OutgoingEmail.objects.about(pack)
    days = {pack.meets_on, pack.as_at}
    digits = "".join(filter(str.isdigit, email.body))
    said = sorted(days, key=lambda day: email.body.index(f"{day.day} {day:%B %Y}"))
    assert digits == "".join(f"{day.day}{day.year}" for day in said)


def test_pack_put_off_after_it_was_asked_for_is_made_on_its_new_day(icb: Commissioner, writer: User) -> None:
    pack = planned_pack(icb, by=writer, parts=["decisions"])
    service.ask_for_due()
    tomorrow = clock.today() + DAY
    service.change(pack=pack, by=writer, expected_version=1, **details(pack) | {"make_on": tomorrow})
    jobs.run(Job.objects.get(kind=JOB_KIND).pk)
    pack.refresh_from_db()
    assert pack.status == PackStatus.PLANNED
    job = service.request_making(pack=pack, by=writer)
    assert Job.objects.filter(kind=JOB_KIND).count() == 2
    jobs.run(job.pk)
    pack.refresh_from_db()
    assert pack.status == PackStatus.MADE


@pytest.mark.django_db(transaction=True)
def test_database_lost_while_a_pack_is_made_leaves_nothing_and_the_next_try_all() -> None:
    icb = CommissionerFactory()
    make_member(icb)
    pack = planned_pack(icb)

    def lose_the_database(*_: object) -> bytes:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        raise AssertionError("the connection is gone by now")

    with pytest.raises(OperationalError):
        service.make(pack=pack, write_pdf=lose_the_database)
    connection.close()
    pack.refresh_from_db()
    assert (pack.status, pack.snapshot, pack.pdf_id) == (PackStatus.PLANNED, None, None)
    assert not StoredDocument.objects.exists()
    assert not OutgoingEmail.objects.exists()

    def make_in_a_worker() -> None:
        make(pack)
        connections.close_all()

    workers = [threading.Thread(target=make_in_a_worker) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    pack.refresh_from_db()
    assert pack.status == PackStatus.MADE
    assert (StoredDocument.objects.count(), OutgoingEmail.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_whoever_opens_the_dashboard_does_not_wait_for_a_pack_being_written() -> None:
    icb = CommissionerFactory()
    pack = planned_pack(icb)
    shown = []

    def open_the_dashboard() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        fix_figures(counted(icb, dt.date(2016, 12, 31)), purpose="dashboard", to=None)
        shown.append(True)
        connections.close_all()

    def write_slowly(*given: Any) -> bytes:
        reader = threading.Thread(target=open_the_dashboard)
        reader.start()
        reader.join()
        return bare_writer(*given)

    service.make(pack=pack, write_pdf=write_slowly)
    assert shown == [True]


def test_pack_that_cannot_be_written_stays_planned(icb: Commissioner) -> None:
    pack = planned_pack(icb)
    with pytest.raises(Refused), transaction.atomic():
        service.make(pack=pack, write_pdf=refuse_to_write)
    pack.refresh_from_db()
    assert pack.status == PackStatus.PLANNED


@pytest.mark.parametrize(
    "change",
    [
        "content_hash = repeat('0', 64)",
        "snapshot = '{}'",
        "as_at = as_at - 1",
        "status = 'planned'",
        "introduction = 'x', status = 'withdrawn'",
    ],
)
def test_database_keeps_a_pack_that_was_made_as_it_is(icb: Commissioner, change: str) -> None:
    made_pack(icb)
    with pytest.raises(Error), connection.cursor() as cursor:
        cursor.execute(f"UPDATE reporting_boardpack SET {change}")  # noqa: S608  constants of this test


@pytest.mark.parametrize("statement", ["UPDATE {} SET why = 'x'", "DELETE FROM {}"])
def test_database_keeps_the_decisions_of_a_pack_that_was_made(icb: Commissioner, statement: str) -> None:
    pack = planned_pack(icb)
    wanted(pack)
    make(pack)
    with pytest.raises(Error, match="only while it is planned"), connection.cursor() as cursor:
        cursor.execute(statement.format("reporting_decisionwanted"))


def test_decisions_stand_in_their_order_and_are_frozen(icb: Commissioner, writer: User) -> None:
    pack = planned_pack(icb, by=writer)
    first, second = wanted(pack), wanted(pack, question="Raise the cap")
    service.remove_decision(decision=first, by=writer)
    wanted(pack, question="Tell the public")
    service.save_decision(pack=pack, by=writer, decision=second, question="Lift the cap", recommendation="Wait", why="")
    pack = make(pack)
    assert pack.snapshot is not None
    (table,) = next(part["blocks"] for part in pack.snapshot["parts"] if part["code"] == "decisions")
    assert [row[:3] for row in table["rows"]] == [["1", "Lift the cap", "Wait"], ["2", "Tell the public", "Agree"]]
    with pytest.raises(Refused, match="made and cannot be changed"):
        wanted(pack)
    assert DecisionWanted.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"make_on": -1}, "make_on"),
        ({"meets_on": -1}, "meets_on"),
        ({"as_at": 1}, "as_at"),
        ({"parts": ["gossip"]}, "parts"),
        ({"introduction": "x" * 20_001}, "introduction"),
        ({"meeting": " Governing  body "}, "meeting"),
    ],
)
def test_plan_out_of_order_is_refused_with_the_remedy(
    icb: Commissioner, changes: dict[str, object], field: str
) -> None:
    planned_pack(icb)
    today = clock.today()
    said = {key: today + DAY * value if isinstance(value, int) else value for key, value in changes.items()}
    other = {} if field == "meeting" else {"meeting": "Another"}
    with pytest.raises(Refused) as refusal:
        planned_pack(icb, **other | said)
    assert refusal.value.field == field


def test_figures_of_a_day_to_come_cannot_be_made_now(icb: Commissioner, writer: User) -> None:
    tomorrow = clock.today() + DAY
    pack = planned_pack(icb, by=writer, as_at=tomorrow, make_on=tomorrow)
    with pytest.raises(Refused, match="still to come"):
        service.request_making(pack=pack, by=writer)


def test_meeting_gets_another_pack_once_the_first_is_withdrawn(icb: Commissioner, writer: User) -> None:
    pack = made_pack(icb, by=writer)
    with pytest.raises(Refused, match="Enter the reason"):
        service.withdraw(pack=pack, by=writer, reason=" ")
    with pytest.raises(Refused, match="Look at what can be done"):
        service.cancel(pack=pack, by=writer, reason="Not needed")
    pack = service.withdraw(pack=pack, by=writer, reason="The target was wrong")
    assert pack.content_hash
    assert planned_pack(icb, by=writer).status == PackStatus.PLANNED


def test_pack_that_could_not_be_made_is_on_its_writers_work_until_it_is(
    icb: Commissioner, writer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = planned_pack(icb, by=writer)
    service.ask_for_due()
    assert worklist.packs_not_made(writer, clock.today()) == []
    job = Job.objects.get(kind=JOB_KIND)
    with monkeypatch.context() as broken:
        broken.setattr("reporting.tasks.write_pdf", refuse_to_write)
        jobs.run(job.pk)
    (item,) = worklist.packs_not_made(writer, clock.today())
    assert item.url == f"/board-packs/{pack.reference}/"
    assert worklist.packs_not_made(make_writer(CommissionerFactory()), clock.today()) == []
    service.ask_for_due()
    make(pack)
    assert worklist.packs_not_made(writer, clock.today()) == []
    (item,) = worklist.packs_to_read(make_member(icb), clock.today())
    assert item.due_on == pack.meets_on


def test_demonstration_has_a_pack_to_read_and_one_to_come_however_often_it_is_loaded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pack_demonstration, "write_pdf", bare_writer)
    llr = Commissioner.objects.get(code="LLR")
    UserFactory(email="team@llr.example.nhs.uk", role=Role.PHB_TEAM, role__commissioner=llr)
    make_member(llr)
    for _ in range(2):
        pack_demonstration.load(lambda done, total: None)
    assert sorted(BoardPack.objects.values_list("status", flat=True)) == ["made", "planned"]
    assert OutgoingEmail.objects.count() == 1


def test_second_pack_planned_at_the_same_moment_is_refused(icb: Commissioner, monkeypatch: pytest.MonkeyPatch) -> None:
    planned_pack(icb)
    # As if the first were not committed yet when the second was looked at.
    monkeypatch.setattr(BoardPackQuerySet, "standing_for", lambda self, *args: self.none())
    with pytest.raises(Refused, match="has a board pack already"):
        planned_pack(icb)
    assert BoardPack.objects.count() == 1


def test_decision_removed_meanwhile_does_not_come_back(icb: Commissioner) -> None:
    opened = wanted(planned_pack(icb))
    service.remove_decision(decision=DecisionWanted.objects.get(), by=opened.pack.planned_by)
    with pytest.raises(Refused, match="removed this decision"):
        wanted(opened.pack, decision=opened)
    assert not DecisionWanted.objects.exists()
