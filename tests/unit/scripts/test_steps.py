"""The set-up's steps: what is unchanged is left out, and what fails is said."""

import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[3] / "scripts"


@pytest.fixture
def steps(monkeypatch):
    monkeypatch.syspath_prepend(str(SCRIPTS))
    import steps

    return steps


@pytest.fixture
def source(steps, monkeypatch, tmp_path):
    monkeypatch.setattr(steps, "ROOT", tmp_path)
    source = tmp_path / "source.txt"
    source.write_text("first")
    return source


def test_stamp_is_current_until_an_input_changes(steps, source, tmp_path):
    stamp = steps.Stamp(tmp_path / "stamp", [source])
    assert not stamp.is_current()
    stamp.set()
    assert steps.Stamp(tmp_path / "stamp", [source]).is_current()

    source.write_text("second")

    assert not steps.Stamp(tmp_path / "stamp", [source]).is_current()


def test_stamp_sees_a_new_input_a_renamed_one_and_a_changed_fact(steps, source, tmp_path):
    steps.Stamp(tmp_path / "stamp", [source], "3.11").set()
    other = tmp_path / "other.txt"
    other.write_text("")

    assert not steps.Stamp(tmp_path / "stamp", [source, other], "3.11").is_current()
    assert not steps.Stamp(tmp_path / "stamp", [source], "3.12").is_current()
    renamed = source.rename(tmp_path / "renamed.txt")
    assert not steps.Stamp(tmp_path / "stamp", [renamed], "3.11").is_current()


def test_step_that_works_says_how_long_it_took_and_nothing_else(steps, capsys):
    steps.run_step("Counting", [sys.executable, "-c", "print('one')"])

    assert "✓ Counting (0 s)" in capsys.readouterr().out


def test_step_that_fails_shows_the_end_of_its_output_and_the_hint(steps):
    command = [sys.executable, "-c", "print('one'); raise SystemExit('two')"]

    with pytest.raises(steps.Stop, match=r"(?s)two.*Counting: failed.*Count again"):
        steps.run_step("Counting", command, hint="Count again")
