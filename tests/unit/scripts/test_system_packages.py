"""System packages: installed where the user may, else named; none of it asked for twice."""

from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[3] / "scripts"


@pytest.fixture
def system_packages(monkeypatch):
    monkeypatch.syspath_prepend(str(SCRIPTS))
    import system_packages

    return system_packages


@pytest.fixture
def installed(system_packages, monkeypatch):
    """What apt was asked to do, and the packages that are there."""
    asked: list[list[str]] = []
    there: set[str] = set()

    def run(title: str, command: list[str], **_: object) -> None:
        asked.append(command)
        if "install" in command:
            there.update(command[command.index("--no-install-recommends") + 1 :])

    monkeypatch.setattr(system_packages, "run_step", run)
    monkeypatch.setattr(system_packages, "_apt", lambda: ["apt-get"])
    return asked, there


def need(system_packages, there, name):
    return system_packages.Need("does a thing", (name,), lambda: name in there)


def test_missing_packages_are_installed(system_packages, installed):
    asked, there = installed

    system_packages.ensure([need(system_packages, there, "libone")], [need(system_packages, there, "libtwo")])

    assert there == {"libone", "libtwo"}
    assert len(asked) == 2


def test_nothing_is_asked_for_what_is_there(system_packages, installed):
    asked, there = installed
    there.add("libone")

    system_packages.ensure([need(system_packages, there, "libone")])

    assert asked == []


def test_user_who_may_not_is_told_the_names(system_packages, installed, monkeypatch):
    _, there = installed
    monkeypatch.setattr(system_packages, "_apt", lambda: None)

    with pytest.raises(system_packages.Stop, match=r"(?s)libone.*does a thing.*apt-get install libone"):
        system_packages.ensure([need(system_packages, there, "libone")])


def test_what_is_only_wanted_stops_nobody(system_packages, installed, monkeypatch):
    _, there = installed
    monkeypatch.setattr(system_packages, "_apt", lambda: None)

    system_packages.ensure([], [need(system_packages, there, "libtwo")])
