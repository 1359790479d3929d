"""The inner shape of each room, and what no file of the repository may hold."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from tests.architecture.rooms import ROOMS, ROOT, name_of, python_files, template_files

LONGEST_FILE = 400
# A list of cases is easier to read in one piece than spread over files.
LONGEST_TEST_FILE = 500
# In statements, without the docstring.
LONGEST_VIEW = 15
# Layers that ask a selector or a service, and never the tables themselves.
ASKING = ("views", "forms", "presenters")
# A closed list of choices is no table: it may stand with the rules it is for.
CHOICES = {"TextChoices", "IntegerChoices"}
QUERY_SHORTCUTS = {"get_object_or_404", "get_list_or_404", "aget_object_or_404"}


def in_layer(path: Path, *layers: str) -> bool:
    """Whether the file is this layer's module, or lies in its package."""
    below = path.relative_to(ROOT).parts[1:]
    return bool(below) and Path(below[0]).stem in layers


@pytest.mark.parametrize("room", ROOMS)
def test_views_forms_and_presenters_ask_no_table(room):
    wrong = []
    for path in python_files(room):
        if not in_layer(path, *ASKING):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager"):
                wrong.append(f"{name_of(path)}:{node.lineno} uses .{node.attr}")
            if isinstance(node, ast.Name) and node.id in QUERY_SHORTCUTS:
                wrong.append(f"{name_of(path)}:{node.lineno} uses {node.id}")
            if isinstance(node, ast.Attribute) and node.attr in ("save", "delete") and _is_called_on_a_row(node):
                wrong.append(f"{name_of(path)}:{node.lineno} calls .{node.attr}")
    assert wrong == []


def _is_called_on_a_row(node: ast.Attribute) -> bool:
    """`thing.save`, but not `super().save`."""
    return isinstance(node.value, ast.Name) and node.value.id not in ("self", "cls")


def _reads_the_clock(node: ast.Attribute) -> bool:
    """`datetime.now`, but not `change.now`."""
    asked = ast.unparse(node.value).rpartition(".")[2]
    return node.attr in ("today", "localdate") or (node.attr == "now" and asked in ("datetime", "timezone", "clock"))


@pytest.mark.parametrize("room", ROOMS)
def test_rules_touch_no_table_and_no_clock(room):
    wrong = []
    for path in python_files(room):
        if not in_layer(path, "rules"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            names = []
            if isinstance(node, ast.ImportFrom) and {alias.name for alias in node.names} - CHOICES:
                names = [node.module or ""]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            wrong += [
                f"{name_of(path)}:{node.lineno} imports {name}"
                for name in names
                if name.startswith(("django.db", "django.http")) or name.endswith((".models", ".clock"))
            ]
            if isinstance(node, ast.Attribute) and _reads_the_clock(node):
                wrong.append(f"{name_of(path)}:{node.lineno} reads the clock")
    assert wrong == []


@pytest.mark.parametrize("room", ROOMS)
def test_services_and_selectors_know_no_request(room):
    wrong = [
        f"{name_of(path)}:{node.lineno} imports {node.module}"
        for path in python_files(room)
        if in_layer(path, "services", "selectors", "policies", "models", "rules")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith(("django.http", "django.shortcuts", "django.template.response"))
    ]
    assert wrong == []


@pytest.mark.parametrize("room", ROOMS)
def test_view_is_thin(room):
    wrong = []
    for path in python_files(room):
        if not in_layer(path, "views"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.args.args[:1]:
                first = node.args.args[0].arg if node.args.args[0].arg != "self" else "request"
                statements = _statements(node)
                if first == "request" and statements > LONGEST_VIEW:
                    wrong.append(f"{name_of(path)}:{node.lineno} {node.name} has {statements} statements")
    assert wrong == []


def _statements(function: ast.FunctionDef) -> int:
    """The statements of its body. Lines would count the formatter's line breaks."""
    has_docstring = ast.get_docstring(function) is not None
    return -has_docstring + sum(isinstance(node, ast.stmt) for part in function.body for node in ast.walk(part))


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def text_files() -> list[tuple[Path, str]]:
    found = []
    for path in tracked_files():
        try:
            found.append((path, path.read_text()))
        except UnicodeDecodeError:
            continue
    return found


def test_file_is_short_enough_to_read():
    long = [
        f"{name_of(path)} has {lines} lines"
        for path in tracked_files()
        if path.suffix in (".py", ".html", ".scss", ".mjs") and "migrations" not in path.parts
        if (lines := len(path.read_text().splitlines())) > _longest(path)
    ]
    assert long == []


def _longest(path: Path) -> int:
    return LONGEST_TEST_FILE if path.is_relative_to(ROOT / "tests") else LONGEST_FILE


def test_no_file_names_a_machine_or_a_registry():
    # In pieces, so that this file does not hold them.
    words = [
        "/" + "work/",
        "/" + "root/",
        "/home" + "/",
        "/" + "tmp/try",
        "pypi" + ".org",
        "pythonhosted" + ".org",
        "registry.npmjs" + ".org",
        "/opt" + "/pypi",
    ]
    wrong = [f"{name_of(path)} holds {word}" for path, text in text_files() for word in words if word in text]
    assert wrong == []


def test_no_file_holds_an_unfinished_mark():
    marks = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b|NotImplemented" + r"Error|lorem" + " ipsum", re.I)
    wrong = [
        f"{name_of(path)}: {found.group()}"
        for path, text in text_files()
        if path.suffix in (".py", ".html", ".js", ".mjs", ".scss") and (found := marks.search(text))
    ]
    assert wrong == []


def test_template_has_no_inline_script_or_style_and_no_other_host():
    inline = re.compile(
        r"""<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=["']|\son[a-z]+=["']|javascript:"""
        r"""|(?:src|action|poster)=["'](?:https?:)?//|<link[^>]*href=["'](?:https?:)?//""",
        re.IGNORECASE,
    )
    wrong = [
        f"{name_of(path)}: {found.group()}" for path in template_files() if (found := inline.search(path.read_text()))
    ]
    assert wrong == []
