"""`manage.py screen`: worked cases against the rules that arrive with `migrate`."""

import json
import subprocess
import sys
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from eligibility.models import RuleSet
from tests.support.rules import CASES, ROOT

pytestmark = pytest.mark.django_db

CASE = {
    "id": "one",
    "commissioner": "04C",
    "assessed_on": "2018-06-01",
    "facts": {"born_on": "1970-06-15", "chc": "eligible"},
    "expect": {"outcome": "right_to_have"},
}


def run(path):
    """The lines printed, and the exit code."""
    out = StringIO()
    try:
        call_command("screen", str(path), stdout=out)
    except SystemExit as ended:
        return out.getvalue().splitlines(), ended.code
    return out.getvalue().splitlines(), 0


@pytest.fixture
def file_of(tmp_path):
    def write(*cases, encoding="utf-8"):
        path = tmp_path / "cases.json"
        path.write_text(json.dumps({"cases": cases}), encoding=encoding)
        return path

    return write


def test_worked_cases_all_pass_with_a_line_each():
    lines, code = run(CASES)
    count = len(json.loads(CASES.read_text(encoding="utf-8"))["cases"])

    assert [line for line in lines[:-1] if not line.startswith("passed  ")] == []
    assert (len(lines), lines[-1], code) == (count + 1, f"{count} passed, 0 failed", 0)


def test_failed_case_says_what_differs_and_ends_with_code_1(file_of):
    wrong = {**CASE, "id": "two", "expect": {"outcome": "not_offered"}, "why": "to see it fail"}

    lines, code = run(file_of(CASE, wrong))

    assert lines == [
        "passed  one",
        "failed  two, line 1: outcome right_to_have, expected not_offered (to see it fail)",
        "1 passed, 1 failed",
    ]
    assert code == 1


def test_file_with_a_byte_order_mark_is_read(file_of):
    assert run(file_of(CASE, encoding="utf-8-sig"))[1] == 0


@pytest.mark.parametrize("code", ["04C", "04V", "03W", "QK1", "LLR"])
def test_local_rules_hold_for_every_member_successor_and_the_partnership(file_of, code):
    case = {
        **CASE,
        "commissioner": code,
        "assessed_on": "2022-07-01" if code == "QK1" else "2016-06-01",
        "facts": {
            "born_on": "1970-06-15",
            "chc": "not_eligible",
            "learning_disability": True,
            "needs_above_local_authority": True,
        },
        "expect": {"outcome": "may_request"},
    }
    # All else in this case is unknown, and a wheelchair or after-care would give a right by 2022.
    case["facts"] |= {"chc_fast_track": False, "s117_aftercare": False, "wheelchair_need": "none"}

    assert run(file_of(case)) == (["passed  one", "1 passed, 0 failed"], 0)


@pytest.mark.parametrize("code", ["15N", "36J", "QWO"])
def test_elsewhere_the_law_alone_holds(file_of, code):
    on = "2022-07-01" if code == "QWO" else "2021-06-01"
    local = {"born_on": "1970-06-15", "learning_disability": True, "mental_health_need": True}
    settled = {"chc": "not_eligible", "chc_fast_track": False, "s117_aftercare": False, "wheelchair_need": "none"}

    lines, exit_code = run(
        file_of(
            {**CASE, "commissioner": code, "assessed_on": on},
            {
                **CASE,
                "id": "two",
                "commissioner": code,
                "assessed_on": on,
                "facts": {**local, **settled},
                "expect": {"outcome": "not_offered"},
            },
        )
    )

    assert (lines[-1], exit_code) == ("2 passed, 0 failed", 0)


def test_closed_commissioner_is_screened_with_a_warning(file_of):
    case = {**CASE, "assessed_on": "2023-01-01", "expect": {"outcome": "right_to_have", "warns": "commissioner"}}

    assert run(file_of(case))[1] == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"cases": [', "line 1: This is not JSON"),
        (b'{"cases": [\n{"id": "a", "commissioner": "ZZ9"}]}', 'line 2, case a: There is no commissioner "ZZ9"'),
        (b'{"cases": []}', "line 1: Give at least one case"),
        ('{"about": "\u00e9"}'.encode("latin-1"), "is not text in UTF-8"),
        (None, "no such file or directory"),
    ],
)
def test_file_that_cannot_be_used_is_refused_with_the_line_and_remedy(tmp_path, content, said):
    path = tmp_path / "cases.json"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(CommandError) as refused:
        run(path)

    assert said in str(refused.value)
    assert refused.value.returncode == 2


def test_folder_instead_of_a_file_is_refused(tmp_path):
    with pytest.raises(CommandError, match="is a directory"):
        run(tmp_path)


def test_faulty_file_ends_without_a_traceback(tmp_path):
    path = tmp_path / "cases.json"
    path.write_text('{"cases": [\n{"id": "a"', encoding="utf-8")

    ended = subprocess.run(
        [sys.executable, "manage.py", "screen", str(path)], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert ended.returncode == 2
    assert "line 2: This is not JSON" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_rule_set_that_cannot_be_read_is_named_with_the_remedy(file_of):
    chc = RuleSet.objects.get(code="national-chc")
    broken = RuleSet.objects.create(code="broken", title="Broken", cohort=chc.cohort)
    version = chc.versions.get(number=1)
    version.pk, version.rule_set, version.content = None, broken, {"says": "Broken.", "criteria": {"any": []}}
    version.effective_to = None
    version.save(force_insert=True)

    with pytest.raises(CommandError, match=r"broken, version 1\.criteria\.any: This branch is empty"):
        run(file_of(CASE))
