"""Numbers of eligible people from a file: whole or not at all, once, and back again; by pages and at the console."""

import datetime as dt
import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from phb_register import clock, jobs
from phb_register.exceptions import Refused
from phb_register.models import AccessLogEntry, Job
from phb_register.roles import Role
from reporting.models import EligibleGroup, EligibleImport, EligibleImportFile, EligibleImportRow, EligiblePopulation
from reporting.selectors.denominators import chc_eligible_on
from reporting.services.eligible_imports import IMPORTS
from tests.factories.eligible_imports import ROW, checked, csv_of, imported, no_progress
from tests.factories.phb_register import CommissionerFactory, UserFactory
from tests.factories.reporting import EligiblePopulationFactory

pytestmark = pytest.mark.django_db
COUNTED_ON = dt.date(2017, 1, 31)


@pytest.fixture
def icb():
    return CommissionerFactory(opened_on=dt.date(2013, 4, 1))


@pytest.fixture
def user(icb):
    return UserFactory(role=Role.PHB_TEAM, role__commissioner=icb)


def rows_of(icb):
    found = EligiblePopulation.objects.filter(commissioner=icb).order_by("counted_on", "cohort__code", "setting")
    return list(found.values_list("cohort__code", "setting", "counted_on", "people", "fast_track_people", "source"))


def problems(taken):
    return [(number, column) for number, column, _ in taken.problems]


def test_counts_go_in_and_move_uptake(icb, user):
    content = csv_of(
        {"commissioner": icb.code},
        {"commissioner": icb.code.lower(), "setting": "care home", "people": "1,000", "fast_track_people": "0"},
        {"commissioner": icb.code, "cohort": "s117", "people": "40", "fast_track_people": None},
    )
    taken = imported(content, commissioner=icb, by=user)
    assert (taken.status, taken.problem_count) == ("imported", 0)
    assert (taken.counts["rows"], taken.counts["counts_new"], taken.counts["counts_changed"]) == (3, 3, 0)
    assert rows_of(icb) == [
        ("chc", "care_home", COUNTED_ON, 1000, 0, "Our list"),
        ("chc", "community", COUNTED_ON, 848, 380, "Our list"),
        ("s117", "community", COUNTED_ON, 40, 0, "Our list"),
    ]
    assert chc_eligible_on(icb, dt.date(2017, 2, 7)).people == 848
    assert not EligibleImportFile.objects.exists()
    assert AccessLogEntry.objects.filter(action="eligible-people-finish", actor=user).count() == 1


def test_groups_of_a_cohort_and_of_the_population_go_in(icb, user):
    group = {"commissioner": icb.code, "characteristic": "sex", "fast_track_people": None}
    content = csv_of(
        {**group, "group": "female", "people": "500"},
        {**group, "cohort": None, "group": "male", "people": "5000"},
    )
    assert imported(content, commissioner=icb, by=user).counts["counts_new"] == 2
    found = EligibleGroup.objects.filter(commissioner=icb).order_by("people")
    assert list(found.values_list("cohort__code", "setting", "characteristic", "group", "people")) == [
        ("chc", "community", "sex", "female", 500),
        (None, "", "sex", "male", 5000),
    ]
    again = imported(content, commissioner=icb, by=user)
    assert (again.counts["already_there"], again.counts["counts_new"]) == (2, 0)


def test_same_file_twice_changes_nothing(icb, user):
    content = csv_of({"commissioner": icb.code})
    imported(content, commissioner=icb, by=user)
    before = rows_of(icb)
    again = imported(content, commissioner=icb, by=user)
    assert (again.counts["already_there"], again.counts["counts_new"], again.counts["counts_changed"]) == (1, 0, 0)
    assert rows_of(icb) == before
    assert EligiblePopulation.objects.get(commissioner=icb).events.count() == 1


def test_undo_puts_back_what_stood_there(icb, user):
    EligiblePopulationFactory(commissioner=icb)
    before = rows_of(icb)
    content = csv_of({"commissioner": icb.code}, {"commissioner": icb.code, "cohort": "s117", "fast_track_people": "0"})
    taken = imported(content, commissioner=icb, by=user)
    assert (taken.counts["counts_new"], taken.counts["counts_changed"]) == (1, 1)
    IMPORTS.ask_to_undo(file_import=taken, reason="Last year's list", by=user)
    IMPORTS.run_undo(file_import=taken)
    taken.refresh_from_db()
    assert taken.status == "undone"
    assert rows_of(icb) == before
    assert not EligibleImportRow.objects.exists()
    history = EligiblePopulation.pgh_event_model.objects.order_by("pgh_id")
    assert list(history.values_list("pgh_label", flat=True)) == ["insert", "insert", "update", "update", "delete"]


def test_undo_leaves_later_work(icb, user):
    taken = imported(csv_of({"commissioner": icb.code}), commissioner=icb, by=user)
    EligiblePopulation.objects.update(people=900)
    IMPORTS.ask_to_undo(file_import=taken, reason="The wrong file", by=user)
    IMPORTS.run_undo(file_import=taken)
    taken.refresh_from_db()
    assert taken.status == "imported"
    assert "1 count of this import was changed since" in taken.problems[0][2]
    assert rows_of(icb)[0][3] == 900


def test_every_bad_row_is_told_and_nothing_is_written(icb, user):
    other = CommissionerFactory(opened_on=dt.date(2013, 4, 1))
    closed = CommissionerFactory(opened_on=dt.date(2013, 4, 1), closed_on=dt.date(2016, 6, 30))
    UserFactory(role=Role.PHB_TEAM, role__commissioner=closed)
    ours = {"commissioner": icb.code}
    content = csv_of(
        ours,
        {**ours, "people": "847"},
        ours,
        {"commissioner": "ZZ9"},
        {"commissioner": other.code},
        {**ours, "counted_on": "1/1/2013"},
        {**ours, "cohort": "martians"},
        {**ours, "people": "many", "counted_on": "soon"},
    )
    taken = checked(content, commissioner=icb, by=user)
    assert taken.status == "faulty"
    assert sorted(problems(taken)) == [
        (3, "people"),
        (5, "commissioner"),
        (6, "commissioner"),
        (7, "counted_on"),
        (8, "cohort"),
        (9, "counted_on"),
        (9, "people"),
    ]
    assert (taken.counts["faulty_rows"], taken.counts["already_there"], taken.counts["counts_new"]) == (6, 1, 1)
    assert rows_of(icb) == []
    IMPORTS.ask_to_import(file_import=taken, by=user, is_partly=True)
    IMPORTS.run_import(file_import=taken, progress=no_progress)
    assert [row[3] for row in rows_of(icb)] == [848]


def test_every_bad_row_of_very_many_is_in_the_file_and_at_the_console(team, icb, user, tmp_path, monkeypatch):
    monkeypatch.setattr("phb_register.services.file_imports.MOST_PROBLEMS", 5)
    ours = {"commissioner": icb.code}
    content = csv_of(ours, *({**ours, "people": "many", "cohort": "martians"} for _ in range(20)))
    taken = checked(content, commissioner=icb, by=user)
    assert (len(taken.problems), taken.problem_count, taken.counts["faulty_rows"]) == (5, 20, 20)

    def in_file():
        lines = b"".join(team.get(f"{ADDRESS}{taken.reference}/to-put-right.csv").streaming_content).decode()
        return [line.partition(",")[0] for line in lines.splitlines() if "Enter a whole number" in line]

    every_row = [str(number) for number in range(3, 23)]
    assert in_file() == every_row
    assert "the first 5 of 20: all are in the file" in shown(team, taken)
    IMPORTS.ask_to_import(file_import=taken, by=user, is_partly=True)
    IMPORTS.run_import(file_import=taken, progress=no_progress)
    assert in_file() == every_row
    assert bytes(EligibleImportFile.objects.get().content) == b""
    assert "What was written" in shown(team, taken)
    path = tmp_path / "eligible.csv"
    path.write_bytes(content)
    told = io.StringIO()
    with pytest.raises(CommandError):
        call_command("import_eligible_population", str(path), "--by", user.email, stderr=told)
    assert told.getvalue().count("Enter a whole number") == 20
    assert EligibleImportFile.objects.count() == 1


def test_file_that_cannot_be_read_to_its_end_is_told_and_not_imported_partly(icb, user):
    content = csv_of({"commissioner": icb.code}) + b'"QK1,chc\n'
    taken = checked(content, commissioner=icb, by=user)
    assert taken.status == "faulty"
    assert "cannot be read" in taken.problems[0][2]
    with pytest.raises(Refused, match="nothing is left to import"):
        IMPORTS.ask_to_import(file_import=taken, by=user, is_partly=True)


def test_import_that_is_stopped_half_way_leaves_nothing(icb, user, monkeypatch):
    monkeypatch.setattr("reporting.services.eligible_imports.CHUNK", 1)
    content = csv_of(*({"commissioner": icb.code, "counted_on": f"2017-01-0{day}"} for day in range(1, 4)))
    taken = checked(content, commissioner=icb, by=user)
    IMPORTS.ask_to_import(file_import=taken, by=user)

    def stop(done, total):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        IMPORTS.run_import(file_import=taken, progress=stop)
    assert rows_of(icb) == []
    IMPORTS.run_import(file_import=taken, progress=no_progress)
    IMPORTS.run_import(file_import=taken, progress=no_progress)
    assert len(rows_of(icb)) == 3


def test_database_refuses_a_row_of_two_counts_and_a_changed_one(icb, user):
    taken = imported(csv_of({"commissioner": icb.code}), commissioner=icb, by=user)
    with pytest.raises(IntegrityError), transaction.atomic():
        EligibleImportRow.objects.create(eligible_import=taken, number=9, after={})
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        EligibleImportRow.objects.update(number=7)


@pytest.fixture
def team(client, user):
    client.force_login(user)
    return client


ADDRESS = "/eligible-people/imports/"


def shown(team, taken):
    return team.get(f"{ADDRESS}{taken.reference}/").content.decode()


def run_its_job(taken):
    taken.refresh_from_db()
    jobs.run(taken.job_id)
    taken.refresh_from_db()


def test_pages_show_what_would_be_written_then_write_it_then_take_it_back(team, icb):
    EligiblePopulationFactory(commissioner=icb)
    file = SimpleUploadedFile("eligible.csv", csv_of({"commissioner": icb.code}))
    answer = team.post(f"{ADDRESS}upload/", {"commissioner": icb.code, "file": file})
    assert answer.status_code == 302
    taken = EligibleImport.objects.get()
    run_its_job(taken)
    page = shown(team, taken)
    assert "What would be written" in page
    assert "500, 224 fast track" in page
    assert "848, 380 fast track" in page
    assert "1 count with another number or source" in page
    team.post(f"{ADDRESS}{taken.reference}/import/")
    run_its_job(taken)
    assert "What was written" in shown(team, taken)
    assert rows_of(icb)[0][3] == 848
    team.post(f"{ADDRESS}{taken.reference}/undo/", {"reason": "The wrong file"})
    run_its_job(taken)
    assert rows_of(icb)[0][3] == 500
    assert "The wrong file" in shown(team, taken)
    assert "eligible.csv" in team.get(ADDRESS).content.decode()
    template = b"".join(team.get(f"{ADDRESS}template.csv").streaming_content).decode("utf-8-sig")
    assert template.startswith("commissioner,cohort,counted_on,setting,people,fast_track_people,source")


def give_up(taken):
    """As a job is left that stopped as often as it is tried."""
    taken.refresh_from_db()
    Job.objects.filter(pk=taken.job_id).update(state="failed", error="Stopped 5 times", finished_at=clock.now())


def test_work_that_was_given_up_says_what_is_in_the_register_and_is_tried_again(team, icb, user):
    file = {"commissioner": icb.code, "file": SimpleUploadedFile("a.csv", csv_of({"commissioner": icb.code}))}
    team.post(f"{ADDRESS}upload/", file)
    taken = EligibleImport.objects.get()
    give_up(taken)
    assert "Stopped 5 times. Nothing of the file is in the register." in shown(team, taken)
    file["file"].seek(0)
    team.post(f"{ADDRESS}upload/", file)
    assert EligibleImport.objects.count() == 1
    run_its_job(taken)
    team.post(f"{ADDRESS}{taken.reference}/import/")
    run_its_job(taken)
    team.post(f"{ADDRESS}{taken.reference}/undo/", {"reason": "The wrong file"})
    give_up(taken)
    assert "all that came of the file is still in the register" in shown(team, taken)
    assert rows_of(icb)[0][3] == 848
    assert team.post(f"{ADDRESS}{taken.reference}/again/").status_code == 302
    run_its_job(taken)
    assert (taken.status, rows_of(icb)) == ("undone", [])
    assert team.post(f"{ADDRESS}{taken.reference}/again/").status_code == 422


def test_columns_are_chosen_where_headings_do_not_say_them(team, icb, user):
    content = csv_of({"commissioner": icb.code}).replace(b"people", b"how many", 1)
    refused = team.post(f"{ADDRESS}upload/", {"commissioner": icb.code, "file": SimpleUploadedFile("a.csv", content)})
    assert refused.status_code == 422
    assert "The file has no column for People" in refused.content.decode()


def test_import_is_not_for_the_governing_body(client, icb):
    client.force_login(UserFactory(role=Role.GOVERNING_BODY, role__commissioner=icb))
    assert client.get(ADDRESS).status_code == 403


def command(*arguments):
    out, err = io.StringIO(), io.StringIO()
    call_command("import_eligible_population", *arguments, stdout=out, stderr=err)
    return out.getvalue()


def test_console_imports_all_or_nothing_and_undoes(icb, user, tmp_path: Path):
    file = tmp_path / "eligible.csv"
    file.write_bytes(csv_of({"commissioner": icb.code}))
    by = ("--by", user.email)
    assert "this was a dry run" in command(str(file), *by, "--dry-run")
    assert rows_of(icb) == []
    said = command(str(file), *by)
    assert "1 new count" in said
    reference = said.split("--undo ")[1].split()[0]
    assert "Undone." in command("--undo", reference, "--reason", "The wrong file", *by)
    assert rows_of(icb) == []
    file.write_bytes(csv_of({"commissioner": icb.code}, {"commissioner": icb.code, "people": "x"}))
    with pytest.raises(CommandError, match="Nothing was imported") as raised:
        command(str(file), *by)
    assert raised.value.returncode == 2
    renamed = csv_of({"commissioner": icb.code}).replace(b"people", b"how many", 1)
    file.write_bytes(renamed)
    assert "1 new count" in command(str(file), *by, "--column", "people=how many")
    assert rows_of(icb)[0][3] == int(ROW["people"])


def test_statements_of_an_import_do_not_grow_with_its_rows(icb, user, django_assert_num_queries):
    def take(how_many, year):
        rows = ({"commissioner": icb.code, "counted_on": f"{year}-01-{day:02}"} for day in range(1, how_many + 1))
        taken = checked(csv_of(*rows), commissioner=icb, by=user)
        IMPORTS.ask_to_import(file_import=taken, by=user)
        return taken

    few, many = take(1, 2015), take(20, 2016)
    with django_assert_num_queries(17):
        IMPORTS.run_import(file_import=few, progress=no_progress)
    with django_assert_num_queries(17):
        IMPORTS.run_import(file_import=many, progress=no_progress)
