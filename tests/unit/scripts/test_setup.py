"""The set-up keeps to its own folder."""

import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[3] / "scripts"


@pytest.fixture
def setup(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(str(SCRIPTS))
    monkeypatch.setattr(sys, "argv", ["setup.py"])
    import setup

    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setattr(setup, "VENV", tmp_path / ".venv")
    return setup


@pytest.mark.parametrize("name", [".venv", "node_modules"])
def test_set_up_refuses_packages_of_another_folder_and_leaves_them(setup, tmp_path, name):
    others = tmp_path / "others"
    others.mkdir()
    (others / "package").write_text("used by others")
    (tmp_path / name).symlink_to(others)

    with pytest.raises(setup.Stop, match=rf"{name} is a link to {others}.*rm {tmp_path / name}"):
        setup.main()

    assert (others / "package").read_text() == "used by others"
