"""Tables of areas from a file: whole or not at all, once, and withdrawn again; by pages and at the console."""

import datetime as dt
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from phb_register import clock, jobs
from phb_register.exceptions import Refused
from phb_register.models import AccessLogEntry
from phb_register.roles import Role
from reporting.models import AreaImport, AreaImportFile, AreaTable, PostcodeArea
from reporting.selectors.areas import areas_for
from reporting.selectors.known import as_known
from reporting.services.areas import IMPORTS
from tests.factories.equity import ONE_AREA, make_area_import, make_areas
from tests.factories.phb_register import CommissionerFactory, UserFactory

pytestmark = pytest.mark.django_db

HOLDS_FROM = dt.date(2015, 9, 30)
ADDRESS = "/areas/imports/"


@pytest.fixture
def body():
    return CommissionerFactory()


@pytest.fixture
def user(body):
    return UserFactory(role=Role.ADMINISTRATOR, role__commissioner=body)


def run(tmp_path, text, body, user, *flags, **named):
    path = tmp_path / "areas.csv"
    path.write_text(text)
    out, err = StringIO(), StringIO()
    given = {"applies_from": HOLDS_FROM, "source": "Areas of a test", "commissioner": body.code} | named
    try:
        call_command("import_postcodes", str(path), *flags, by=user.email, stdout=out, stderr=err, **given)
    except CommandError as error:
        return f"{out.getvalue()}{err.getvalue()}{error}", error.returncode
    return out.getvalue(), 0


def test_command_imports_whole_or_not_at_all_and_the_same_file_once(tmp_path, body, user):
    wrong = (
        "postcode,quintile,locality\nZZ1 1AA,1,North\nZZ1 1A,2,North\nZZ1 1AB,6,\nZZ1 1AA,2,North\n,1,\n"
        "ZZ1 1AD,1,North,East\n"
    )
    told, code = run(tmp_path, wrong, body, user)
    assert code == 2
    for line in (
        "row 3, Postcode: Enter a full postcode, like LE1 6YH",
        "row 4, Deprivation fifth: Enter a whole number from 1 (the most deprived) to 5",
        "row 5, Postcode: ZZ1 1AA stands in the file twice, with different areas. Keep one of them",
        "row 6, Postcode: Enter a postcode or a GP practice, one of them in a row",
        "row 7: This row has 4 cells under 3 headings",
    ):
        assert line in told
    assert not AreaTable.objects.exists()
    right = "postcode,quintile,locality\nZZ1 1AA,1,North\nZZ1 1AA,1,North\nZZ1 1AC,,\n"
    assert "dry run" in run(tmp_path, right, body, user, "--dry-run")[0]
    assert not AreaTable.objects.exists()
    told, code = run(tmp_path, right, body, user)
    assert (code, "1 postcode with an area" in told, "1 row that says nothing" in told) == (0, True, True)
    assert "3 rows that are there already" in run(tmp_path, right, body, user)[0]
    table = AreaTable.objects.get()
    assert (table.imported_by, table.postcodes, table.has_deprivation) == (user, 1, True)


def test_command_leaves_faulty_rows_out_where_it_is_told_to(tmp_path, body, user):
    told, code = run(tmp_path, "postcode,quintile\nZZ1 1AA,1\nZZ1 1AB,9\n", body, user, "--partly")
    assert (code, "Imported" in told) == (0, True)
    assert list(PostcodeArea.objects.values_list("postcode", "quintile")) == [("ZZ1 1AA", 1)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,quintile\nx,1\n", "needs a column postcode or gp_practice"),
        ("postcode\nZZ1 1AA\n", "needs a column deprivation_quintile"),
        ("practice,quintile\nZ99901,1\n", "needs a column locality"),
        ("postcode,locality\nZZ1 1AA,\n", "No row of the file says anything"),
        ("postcode,locality\nZZ1 1A,North\n", "Enter a full postcode"),
        ("", "The file is empty"),
    ],
)
def test_file_that_is_no_table_of_areas_is_refused_with_a_remedy(tmp_path, body, user, text, said):
    told, code = run(tmp_path, text, body, user, "--partly")
    assert (code, said in told) == (2, True), told
    assert not AreaTable.objects.exists()


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({"applies_from": dt.date(1, 1, 1)}, "Check the date"),
        ({"applies_from": dt.date(9999, 12, 31)}, "Check the date"),
        ({"applies_from": None}, "Enter the day from which"),
        ({"source": " \u200b"}, "Enter what the table is"),
        ({"source": "long " * 100}, "Shorten the source"),
    ],
)
def test_day_nobody_counts_on_and_a_table_of_nowhere_are_refused(tmp_path, body, user, named, said):
    told, code = run(tmp_path, ONE_AREA, body, user, **named)
    assert (code, said in told) == (2, True), told
    assert not AreaImport.objects.exists()


def test_areas_of_another_commissioner_and_of_england_are_not_anybodys_to_import(tmp_path, body, user):
    told, code = run(tmp_path, ONE_AREA, body, user, commissioner="ENG")
    assert (code, "Say whose file it is" in told) == (1, True)
    other = UserFactory(role=Role.GOVERNING_BODY, role__commissioner=body)
    assert "No user who may import" in run(tmp_path, ONE_AREA, body, other)[0]


def test_table_of_areas_never_changes_and_is_withdrawn_once(body):
    table = make_areas(body, ONE_AREA)
    found = AreaTable.objects.filter(pk=table.pk)
    with pytest.raises(Exception, match="Cannot update or delete"), transaction.atomic():
        PostcodeArea.objects.filter(table=table).update(locality="Another")
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        found.update(source="Another")
    with pytest.raises(Exception, match="Cannot delete"), transaction.atomic():
        found._raw_delete(found.db)
    assert found.update(withdrawn_at=clock.now())
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        found.update(withdrawn_at=None)


def imported(body, user, text=ONE_AREA):
    taken = make_area_import(body, by=user, text=text)
    IMPORTS.ask_to_import(file_import=taken, by=user)
    IMPORTS.run_import(file_import=taken, progress=lambda done, total: None)
    taken.refresh_from_db()
    return taken


def undo(taken, user):
    IMPORTS.ask_to_undo(file_import=taken, reason="The wrong year", by=user)
    IMPORTS.run_undo(file_import=taken)
    taken.refresh_from_db()
    return taken


def test_undone_table_gives_way_to_the_one_before_and_stays_known_on_its_days(body, user):
    before = make_areas(body, "postcode,quintile\nZZ1 1AA,5\n")
    taken = imported(body, user)
    assert areas_for(body, HOLDS_FROM).deprivation == taken.table
    # Imported a week ago, undone today.
    week_ago, history = clock.now() - dt.timedelta(days=7), AreaTable.pgh_event_model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {history} DISABLE TRIGGER USER")
        cursor.execute(f"UPDATE {history} SET pgh_created_at = %s", [week_ago])  # noqa: S608
        cursor.execute(f"ALTER TABLE {history} ENABLE TRIGGER USER")
    assert undo(taken, user).status == "undone"
    assert areas_for(body, HOLDS_FROM).deprivation == before
    with as_known(clock.today() - dt.timedelta(days=2)):
        assert areas_for(body, HOLDS_FROM).deprivation == taken.table
    again = imported(body, user)
    assert (again.counts["postcodes"], areas_for(body, HOLDS_FROM).deprivation) == (1, again.table)


def test_file_that_was_imported_is_there_already_and_its_undoing_withdraws_nothing(body, user):
    first = imported(body, user)
    second = imported(body, user)
    assert (second.counts["already_there"], AreaTable.objects.count()) == (1, 1)
    undo(second, user)
    assert AreaTable.objects.standing().get() == first.table


@pytest.fixture
def team(client, user):
    client.force_login(user)
    return client


def run_its_job(taken):
    taken.refresh_from_db()
    jobs.run(taken.job_id)
    taken.refresh_from_db()


def sent(body, **given):
    file = SimpleUploadedFile("areas.csv", ONE_AREA.encode())
    day = {"applies_from_day": "30", "applies_from_month": "9", "applies_from_year": "2015"}
    return {"commissioner": body.code, "source": "Areas of a test", "file": file, **day, **given}


def test_pages_show_what_a_file_says_then_import_it_then_take_it_back(team, body):
    make_areas(body, "postcode,quintile\nZZ1 1AA,5\n")
    assert team.post(f"{ADDRESS}upload/", sent(body)).status_code == 302
    taken = AreaImport.objects.get()
    run_its_job(taken)
    page = team.get(f"{ADDRESS}{taken.reference}/").content.decode()
    for said in ("What the file says of places", "5: least deprived fifth", "1: most deprived fifth", "North"):
        assert said in page
    assert "30 September 2015" in page
    assert AreaTable.objects.count() == 1
    team.post(f"{ADDRESS}{taken.reference}/import/")
    run_its_job(taken)
    assert "1: most deprived fifth" in team.get(f"{ADDRESS}{taken.reference}/").content.decode()
    assert not AreaImportFile.objects.exists()
    team.post(f"{ADDRESS}{taken.reference}/undo/", {"reason": "The wrong year"})
    run_its_job(taken)
    assert "The wrong year" in team.get(f"{ADDRESS}{taken.reference}/").content.decode()
    assert "areas.csv" in team.get(ADDRESS).content.decode()
    counts = team.get(f"/dashboard/{body.code}/equity/counts/").content.decode()
    assert "withdrawn" in counts
    actions = AccessLogEntry.objects.filter(action__startswith="areas-").order_by("pk").values_list("action", flat=True)
    assert list(actions) == [
        "areas-upload", "areas-find-ready", "areas-import", "areas-finish", "areas-undo", "areas-finish-undo"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"applies_from_year": "1066"}, "applies_from"),
        ({"applies_from_year": "9999"}, "applies_from"),
        ({"applies_from_day": "31"}, "applies_from"),
        ({"source": ""}, "source"),
        ({"source": "\u200b"}, "source"),
        ({"file": SimpleUploadedFile("areas.ods", b"PK\x03\x04nonsense")}, "file"),
    ],
)
def test_upload_that_is_not_right_says_so_beside_its_field(team, body, wrong, field):
    answer = team.post(f"{ADDRESS}upload/", sent(body, **wrong))
    assert answer.status_code == 422
    assert list(answer.context_data["form"].errors) == [field]
    assert not AreaImport.objects.exists()


def test_template_can_be_imported_and_an_example_of_a_practice_is_not_needed(team, body):
    template = b"".join(team.get(f"{ADDRESS}template.csv").streaming_content)
    answer = team.post(f"{ADDRESS}upload/", sent(body, file=SimpleUploadedFile("areas.csv", template)))
    assert answer.status_code == 302
    taken = AreaImport.objects.get()
    run_its_job(taken)
    assert (taken.status, taken.counts["postcodes"]) == ("ready", 1)


def test_details_are_needed_by_the_service_too(body, user):
    with pytest.raises(Refused, match="Enter the day"):
        IMPORTS.upload(commissioner=body, filename="areas.csv", content=ONE_AREA.encode(), by=user)
