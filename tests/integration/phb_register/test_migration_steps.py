"""Many steps of a migration as one: the same tables as step by step, and the way back."""

import pytest
from django.db import connection, migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from phb_register.migration_steps import AllAtOnce

pytestmark = pytest.mark.django_db

MAKE = migrations.CreateModel(
    "Shelf", [("id", models.BigAutoField(primary_key=True)), ("books", models.IntegerField())]
)
ADD = migrations.AddField("shelf", "room", models.CharField(max_length=20, default="hall"))
INDEX = migrations.AddIndex("shelf", models.Index(fields=["room"], name="shelf_room"))
CHECK = migrations.AddConstraint("shelf", models.CheckConstraint(name="shelf_books", condition=models.Q(books__gte=0)))
FILL = migrations.RunSQL("INSERT INTO trial_shelf (books, room) VALUES (3, 'hall')", migrations.RunSQL.noop)


def run(operations: list[Operation], state: ProjectState) -> ProjectState:
    for operation in operations:
        before, state = state, state.clone()
        operation.state_forwards("trial", state)
        with connection.schema_editor(atomic=False) as editor:
            operation.database_forwards("trial", editor, before, state)
    return state


def described() -> tuple[list[str], list[str], list[tuple[int, str]]]:
    with connection.cursor() as cursor:
        columns = [each.name for each in connection.introspection.get_table_description(cursor, "trial_shelf")]
        constraints = connection.introspection.get_constraints(cursor, "trial_shelf")
        cursor.execute("SELECT books, room FROM trial_shelf")
        return columns, sorted(constraints), cursor.fetchall()


def drop() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE trial_shelf")


def test_steps_at_once_make_what_single_steps_make() -> None:
    steps: list[Operation] = [MAKE, ADD, INDEX, CHECK, FILL]
    run(steps, ProjectState())
    one_by_one = described()
    drop()
    run([AllAtOnce(steps)], ProjectState())
    assert described() == one_by_one
    assert "shelf_books" in one_by_one[1]


def test_steps_at_once_change_a_table_that_was_there() -> None:
    there = run([MAKE], ProjectState())
    run([AllAtOnce([ADD, INDEX, FILL])], there)
    columns, constraints, rows = described()
    assert columns == ["id", "books", "room"]
    assert "shelf_room" in constraints
    assert rows == [(3, "hall")]


def test_steps_at_once_go_back() -> None:
    step, before = AllAtOnce([MAKE, ADD, INDEX, CHECK, FILL]), ProjectState()
    after = run([step], before)
    with connection.schema_editor(atomic=False) as editor:
        step.database_backwards("trial", editor, after, before)
    assert "trial_shelf" not in connection.introspection.table_names()


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RunPython(migrations.RunPython.noop),
        migrations.AlterField("shelf", "room", models.CharField(max_length=30)),
    ],
)
def test_steps_that_need_the_models_of_their_step_are_refused(operation: Operation) -> None:
    with pytest.raises(TypeError, match="Put it beside"):
        AllAtOnce([ADD, operation])
