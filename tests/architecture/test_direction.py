"""The rooms know of each other in one direction only, also where import-linter cannot see it."""

import ast
import functools
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db.migrations.loader import MigrationLoader
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from tests.architecture.rooms import (
    RANKS,
    ROOMS,
    TEMPLATES,
    may_use,
    name_of,
    python_files,
    room_of,
    template_files,
)

# "budgets:register", as reverse(), redirect(), a navigation item or {% url %} writes it.
URL_NAME = re.compile(rf"(?:{'|'.join(ROOMS)}):[a-z][a-z0-9-]*")
URL_TAG = re.compile(r"""\{%\s*url\s+["'](\w+):""")
TEMPLATE_TAG = re.compile(r"""\{%\s*(?:include|extends)\s+["']([^"']+)["']""")
# "budgets/register.html", as render() or a panel writes it.
TEMPLATE_NAME = re.compile(rf"(?:{'|'.join(ROOMS)})/[\w/-]+\.(?:html|txt)")
# "budgets.PersonalHealthBudget", as a relation or get_model() writes it.
MODEL_NAME = re.compile(rf"(?:{'|'.join(ROOMS)})\.[A-Z]\w+")


@functools.cache
def strings_of(path: Path) -> list[tuple[int, str]]:
    """The string constants of a Python file with their lines, docstrings left out."""
    tree = ast.parse(path.read_text())
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    ]


def test_relation_of_a_model_points_to_its_own_room_or_to_the_left():
    wrong = [
        f"{model._meta.label}.{field.name} points to {field.related_model._meta.label}"
        for room in ROOMS
        for model in apps.get_app_config(room).get_models()
        for field in model._meta.get_fields()
        if field.is_relation
        and not field.auto_created
        and field.related_model is not None
        and field.related_model._meta.app_label in RANKS
        and not may_use(room, field.related_model._meta.app_label)
    ]
    assert wrong == []


def test_migration_depends_on_its_own_room_or_on_those_to_the_left():
    loader = MigrationLoader(None)
    wrong = [
        f"{room}.{name} depends on {other}"
        for (room, name), migration in loader.disk_migrations.items()
        if room in RANKS
        for other, _ in migration.dependencies
        if other in RANKS and not may_use(room, other)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("pattern", "separator"),
    [(URL_NAME, ":"), (TEMPLATE_NAME, "/"), (MODEL_NAME, ".")],
    ids=["address", "template", "model"],
)
def test_name_in_code_is_of_its_own_room_or_of_one_to_the_left(pattern, separator):
    wrong = [
        f"{name_of(path)}:{line} names {text}"
        for path in python_files()
        if "settings" not in path.parts
        for line, text in strings_of(path)
        if pattern.fullmatch(text) and not may_use(room_of(path), text.split(separator)[0])
    ]
    assert wrong == []


def test_link_in_a_template_leads_to_its_own_room_or_to_the_left():
    wrong = [
        f"{name_of(path)} links to {other}"
        for path in template_files()
        for other in URL_TAG.findall(path.read_text())
        if other in RANKS and not may_use(room_of(path), other)
    ]
    assert wrong == []


def test_template_builds_on_its_own_room_or_on_those_to_the_left():
    wrong = [
        f"{name_of(path)} uses {other}"
        for path in template_files()
        for other in TEMPLATE_TAG.findall(path.read_text())
        if not may_use(room_of(path), room_of(TEMPLATES / other))
    ]
    assert wrong == []


def test_template_that_another_builds_on_exists():
    missing = []
    for path in template_files():
        for other in TEMPLATE_TAG.findall(path.read_text()):
            try:
                get_template(other)
            except TemplateDoesNotExist:
                missing.append(f"{name_of(path)} uses {other}")
    assert missing == []
