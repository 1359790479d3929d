"""Killing the worker of an import, a report or a workbook, at any point, leaves all of it or nothing."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps

from budgets.models import RegisterImport
from budgets.services.register_imports import IMPORTS as REGISTER_IMPORTS
from phb_register import clock, reference
from phb_register.models import AccessLogEntry, Job, ListWorkbook, User
from phb_register.roles import Role
from phb_register.services.list_workbooks import ask_for_workbook
from reporting.models import AreaImport, EligibleImport
from reporting.services import scheduled_reports
from reporting.services.areas import IMPORTS as AREA_IMPORTS
from reporting.services.eligible_imports import IMPORTS as ELIGIBLE_IMPORTS
from tests.factories import eligible_imports, register_imports
from tests.factories.equity import AREA_DETAILS, ONE_AREA
from tests.factories.phb_register import CommissionerFactory, UserFactory
from tests.support.killing import Kill, job_killer, kill_all_along

pytestmark = pytest.mark.django_db(transaction=True)

#: What imports write, reports freeze, and jobs tell of.
TABLES = (
    "phb_register.Person", "eligibility.Referral", "budgets.PersonalHealthBudget", "budgets.RegisterImportRow",
    "reporting.EligiblePopulation", "reporting.EligibleImportRow", "reporting.AreaTable", "reporting.PostcodeArea",
    "reporting.Snapshot", "reporting.SnapshotRecord", "phb_register.StoredDocument", "phb_register.OutgoingEmail",
)  # fmt: skip


@pytest.fixture(scope="module")
def kill(django_db_setup: None) -> Iterator[Kill]:
    with job_killer() as killer:
        yield killer


@pytest.fixture
def user() -> User:
    reference.load_all(plan=[])
    found: User = UserFactory(role=Role.PHB_TEAM, role__commissioner=CommissionerFactory())
    return found


def rows() -> dict[str, int]:
    return {name: apps.get_model(name)._default_manager.count() for name in TABLES}


def standing(what: Any) -> Callable[[], Any]:
    """Where an import stands, what came of it, and what the log says of it."""

    def state() -> Any:
        entries = AccessLogEntry.objects.count()
        return {**rows(), "log": entries, "status": type(what)._default_manager.get(pk=what.pk).status}

    return state


def assert_whole(seen: list[tuple[bool, Any]], before: Any) -> Any:
    """Each run left what was there before, or what there is at the end; and was killed before both."""
    after = seen[-1][1]
    assert after != before
    assert all(found in (before, after) for _, found in seen), "half-done"
    assert (True, before) in seen
    return after


def register_file(code: str) -> bytes:
    names = ("Wren", "Finch", "Robin")
    return register_imports.csv_of(*({"commissioner": code, "given_name": name} for name in names))


def eligible_file(code: str) -> bytes:
    days = ("2017-01-01", "2017-01-02")
    return eligible_imports.csv_of(*({"commissioner": code, "counted_on": day} for day in days))


@pytest.mark.parametrize(
    ("imports", "model", "content", "details", "written"),
    [
        (REGISTER_IMPORTS, RegisterImport, register_file, {}, ("budgets.RegisterImportRow", 3)),
        (ELIGIBLE_IMPORTS, EligibleImport, eligible_file, {}, ("reporting.EligibleImportRow", 2)),
        (AREA_IMPORTS, AreaImport, lambda code: ONE_AREA.encode(), AREA_DETAILS, ("reporting.PostcodeArea", 1)),
    ],
    ids=["register", "eligible", "areas"],
)
def test_import_killed_at_any_statement_is_whole_or_not_there(
    kill: Kill, user: User, imports: Any, model: Any, content: Any, details: Any, written: tuple[str, int]
) -> None:
    body = user.memberships.get().commissioner
    taken = imports.upload(commissioner=body, filename="f.csv", content=content(body.code), by=user, details=details)
    table, how_many = written
    state = standing(taken)

    def along(step: int) -> Any:
        before = state()
        job = Job.objects.get(pk=model.objects.get(pk=taken.pk).job_id)
        return assert_whole(kill_all_along(kill, job, state, step=step), before)

    checked = along(17)
    assert (checked["status"], checked[table]) == ("ready", 0)
    imports.ask_to_import(file_import=taken, by=user)
    done = along(7)
    assert (done["status"], done[table]) == ("imported", how_many)
    imports.ask_to_undo(file_import=taken, reason="The wrong file", by=user)
    assert along(11)["status"] == "undone"


def test_report_killed_at_any_statement_is_made_once_from_one_snapshot(kill: Kill, user: User) -> None:
    body = user.memberships.get().commissioner
    report = scheduled_reports.ask(
        commissioner=body, by=user, as_at=clock.today(), sections=["uptake"], today=clock.today()
    )
    before = rows()
    assert report.job is not None
    seen = kill_all_along(kill, report.job, rows, by="tests.support.killed_report", step=15)
    frozen = {**before, "reporting.Snapshot": 1}
    made = {**frozen, "phb_register.StoredDocument": 2, "phb_register.OutgoingEmail": 1}
    assert [each for _, each in seen if each not in (before, frozen, made)] == []
    assert seen[-1] == (False, made)
    assert {True} == {was_killed for was_killed, _ in seen[:-1]}


def test_workbook_killed_at_any_statement_is_written_once(kill: Kill, user: User) -> None:
    job = ask_for_workbook(by=user, list_code="register", query="", words="", filename="register.xlsx", at=clock.now())

    def state() -> tuple[bool, int]:
        return ListWorkbook.objects.get().made_at is not None, AccessLogEntry.objects.count()

    before = state()
    assert assert_whole(kill_all_along(kill, job, state, step=4), before) == (True, before[1] + 1)
