"""The pages on which another register is imported, from the file to the undoing, and the console."""

import datetime as dt
import io
from pathlib import Path

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from budgets.models import PersonalHealthBudget, RegisterImport
from phb_register import jobs
from phb_register.models import AccessLogEntry, Commissioner, Person, User
from phb_register.roles import Role
from tests.factories.phb_register import CommissionerFactory, UserFactory
from tests.factories.register_imports import NAMES, ROW, checked, csv_of, imported

pytestmark = pytest.mark.django_db


@pytest.fixture
def body() -> Commissioner:
    return CommissionerFactory()


@pytest.fixture
def user(body: Commissioner) -> User:
    return UserFactory(role=Role.PHB_TEAM, role__commissioner=body)


@pytest.fixture
def team(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def page(team: Client, name: str, taken: RegisterImport) -> str:
    answer = team.get(reverse(f"budgets:{name}", args=[taken.reference]))
    assert answer.status_code == 200
    return answer.content.decode()


def send(team: Client, body: Commissioner, content: bytes, name: str = "register.csv") -> RegisterImport:
    answer = team.post(
        reverse("budgets:upload-register"), {"commissioner": body.code, "file": SimpleUploadedFile(name, content)}
    )
    assert answer.status_code == 302, answer.content.decode()
    return RegisterImport.objects.latest("pk")


def run_its_job(taken: RegisterImport) -> None:
    taken.refresh_from_db()
    assert taken.job_id
    jobs.run(taken.job_id)
    taken.refresh_from_db()


def test_register_goes_in_and_comes_out_again(team: Client, body: Commissioner, user: User) -> None:
    taken = send(team, body, csv_of({"commissioner": body.code, "methods": "notional;direct_payment"}))
    assert "being done now" in page(team, "register-import", taken)
    run_its_job(taken)
    shown = page(team, "register-import", taken)
    assert "1 new budget" in shown
    assert "how the money is split" in shown
    assert not Person.objects.exists()
    team.post(reverse("budgets:register-import-confirm", args=[taken.reference]))
    run_its_job(taken)
    assert PersonalHealthBudget.objects.get().agreed_by == user
    assert team.get(reverse("budgets:register-imports")).content.decode().count("Imported") >= 1
    refused = team.post(reverse("budgets:register-import-undo", args=[taken.reference]), {"reason": ""})
    assert refused.status_code == 422
    assert "Enter why the import is undone" in refused.content.decode()
    team.post(reverse("budgets:register-import-undo", args=[taken.reference]), {"reason": "The wrong file"})
    run_its_job(taken)
    assert "The wrong file" in page(team, "register-import", taken)
    assert not Person.objects.exists()


def test_pages_of_what_was_imported_open_though_nothing_was_screened_here(
    team: Client, body: Commissioner, user: User
) -> None:
    imported(csv_of({"commissioner": body.code}), commissioner=body, by=user)
    phb = PersonalHealthBudget.objects.select_related("person", "referral").get()
    for page_of, record in (("phb_register:person", phb.person), ("eligibility:referral", phb.referral)):
        assert team.get(reverse(page_of, args=[record.reference])).status_code == 200
    assert team.get(reverse("budgets:personal-health-budget", args=[phb.reference])).status_code == 200


def test_faults_are_listed_with_row_column_and_remedy(team: Client, body: Commissioner, user: User) -> None:
    rows = [{"commissioner": body.code, "given_name": f"Number {n}", "born_on": "soon"} for n in range(60)]
    taken = checked(csv_of(*rows), commissioner=body, by=user)
    shown = page(team, "register-import", taken)
    assert "Nothing was imported" in shown
    assert "Date of birth" in shown
    assert shown.count("Write the date as day, month and year") == 50
    assert "page=2" in shown
    answer = team.get(reverse("budgets:register-import-problems", args=[taken.reference]))
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 60 + 3
    assert AccessLogEntry.objects.filter(action="export", actor=user).count() == 1


def test_rows_without_faults_are_offered_only_where_there_are_some(
    team: Client, body: Commissioner, user: User
) -> None:
    wrong = {"commissioner": body.code, "born_on": "soon"}
    none_left = checked(csv_of(wrong), commissioner=body, by=user)
    shown = page(team, "register-import", none_left)
    assert "import the others" not in shown
    assert "Import the rows without faults" not in shown
    refused = team.post(reverse("budgets:register-import-confirm", args=[none_left.reference]))
    assert refused.status_code == 422
    assert "nothing is left to import" in refused.content.decode()
    some_left = checked(csv_of(wrong, {"commissioner": body.code}), commissioner=body, by=user)
    shown = page(team, "register-import", some_left)
    assert "or import the others without them" in shown
    assert "Import the rows without faults" in shown


def test_columns_are_chosen_where_headings_do_not_say_them(team: Client, body: Commissioner, user: User) -> None:
    content = csv_of({"commissioner": body.code}).replace(b"agreed_on", b"Panel said yes", 1)
    taken = checked(content, commissioner=body, by=user)
    assert taken.status == "faulty"
    address = reverse("budgets:register-import-columns", args=[taken.reference])
    assert 'value="Panel said yes"' in team.get(address).content.decode()
    refused = team.post(address, taken.columns | {"agreed_on": "referred_on"})
    assert refused.status_code == 422
    assert "Choose a heading once" in refused.content.decode()
    team.post(address, taken.columns | {"agreed_on": "Panel said yes"})
    run_its_job(taken)
    assert (taken.status, taken.counts["budgets"]) == ("ready", 1)


@pytest.mark.parametrize(
    ("name", "content", "remedy"),
    [
        ("register.csv", b"", "The file is empty"),
        ("register.xlsx", b"no spreadsheet", "cannot be opened as a spreadsheet"),
        ("register.xlsx", b"PK\x03\x04 broken", "cannot be opened"),
        ("register.csv", b"one,two\n1,2\n", "no column for Family name"),
        ("register.csv", b'family_name,"given', "check the quotation marks"),
        ("register.csv", bytes(range(256)), "not text that can be read"),
    ],
)
def test_file_that_is_no_register_is_refused(
    team: Client, body: Commissioner, name: str, content: bytes, remedy: str
) -> None:
    answer = team.post(
        reverse("budgets:upload-register"), {"commissioner": body.code, "file": SimpleUploadedFile(name, content)}
    )
    assert answer.status_code == 422
    assert remedy in answer.content.decode()
    assert not RegisterImport.objects.exists()


def test_spreadsheet_says_the_same_as_text(team: Client, body: Commissioner) -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        dates = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet = book.add_worksheet()
        sheet.write_row(2, 0, NAMES)
        for place, name in enumerate(NAMES):
            cell = (ROW | {"commissioner": body.code, "nhs_number": "9990000018"}).get(name, "")
            if name.endswith("_on") and cell:
                sheet.write_datetime(3, place, dt.datetime.fromisoformat(cell), dates)
            elif name in {"nhs_number", "annual_amount", "nhs_share"}:
                sheet.write_number(3, place, float(cell))
            else:
                sheet.write_string(3, place, cell)
    taken = send(team, body, file.getvalue(), "register.xlsx")
    run_its_job(taken)
    assert taken.status == "ready", taken.problems
    as_text = csv_of({"commissioner": body.code, "nhs_number": "9990000018"})
    imported(as_text, commissioner=body, by=taken.uploaded_by)
    team.post(reverse("budgets:register-import-confirm", args=[taken.reference]))
    run_its_job(taken)
    assert taken.counts["already_there"] == 1


def test_template_is_a_register(team: Client, body: Commissioner) -> None:
    answer = team.get(reverse("budgets:register-import-template"))
    content = b"".join(answer.streaming_content).replace(b"04C", body.code.encode())
    taken = send(team, body, content)
    run_its_job(taken)
    assert taken.status == "ready", taken.problems


def test_nobody_but_the_team_is_offered_an_import(client: Client, body: Commissioner) -> None:
    client.force_login(UserFactory(role=Role.REFERRING_NURSE, role__commissioner=body))
    assert client.get(reverse("budgets:register-imports")).status_code == 403
    assert "Import a register" not in client.get(reverse("budgets:register")).content.decode()


def test_discarded_file_is_gone(team: Client, body: Commissioner, user: User) -> None:
    taken = checked(csv_of({"commissioner": body.code}), commissioner=body, by=user)
    team.post(reverse("budgets:register-import-discard", args=[taken.reference]))
    taken.refresh_from_db()
    assert taken.status == "discarded"
    assert not hasattr(taken, "file")


@pytest.fixture
def file(tmp_path: Path, body: Commissioner) -> Path:
    path = tmp_path / "register.csv"
    path.write_bytes(csv_of({"commissioner": body.code}, {"commissioner": body.code, "given_name": "B"}))
    return path


def test_console_imports_once_tries_and_undoes(file: Path, user: User, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_register", str(file), "--dry-run")
    assert "2 new budgets" in capsys.readouterr().out
    assert not Person.objects.exists()
    call_command("import_register", str(file))
    assert PersonalHealthBudget.objects.count() == 2
    call_command("import_register", str(file))
    assert "2 rows that are in the register already" in capsys.readouterr().out
    assert PersonalHealthBudget.objects.count() == 2
    first = RegisterImport.objects.filter(status="imported").earliest("pk")
    call_command("import_register", "--undo", str(first.reference), "--reason", "The wrong file")
    assert not Person.objects.exists()


def test_console_says_each_faulty_row_and_imports_nothing(
    file: Path, user: User, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_bytes(file.read_bytes().replace(b"1950-04-01", b"1950-04-31", 1))
    with pytest.raises(CommandError, match="Nothing was imported") as refused:
        call_command("import_register", str(file))
    assert refused.value.returncode == 2
    assert "row 2, Date of birth: There is no such day" in capsys.readouterr().err
    assert not Person.objects.exists()
    call_command("import_register", str(file), "--partly")
    assert PersonalHealthBudget.objects.count() == 1


def test_console_asks_who_imports_where_several_may(file: Path, body: Commissioner, user: User) -> None:
    second = UserFactory(role=Role.PHB_TEAM, role__commissioner=body)
    with pytest.raises(CommandError, match="--by"):
        call_command("import_register", str(file))
    with pytest.raises(CommandError, match="No user who may import"):
        call_command("import_register", str(file), "--by", "nobody@example.org")
    call_command("import_register", str(file), "--by", second.email, "--column", "postcode=postcode")
    assert PersonalHealthBudget.objects.filter(agreed_by=second).count() == 2
