"""Running many steps of a migration as one, so that a new database stands in seconds.

Django draws every model anew after each step that changes one, and with them all that a foreign key reaches; nearly
everything here reaches a user. `AllAtOnce` changes the state by all its steps first and draws once. What the database
is given is the same (ADR 0025).
"""

from collections.abc import Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import AddField, AlterField, CreateModel, RunPython, SeparateDatabaseAndState
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.models import ModelOperation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger


class AllAtOnce(Operation):
    """The `operations` in their order, with the models as they are after the last of them.

    A table made here is made whole: fields, constraints and indexes that later steps add to it are there at once.
    Steps in Python, and a second change to a field that was added, need the models of their step: they stand outside.
    """

    reduces_to_sql = True

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = list(operations)
        added = {(each.model_name_lower, each.name_lower) for each in operations if isinstance(each, AddField)}
        for each in operations:
            is_of_its_step = isinstance(each, (RunPython, SeparateDatabaseAndState))
            if is_of_its_step or (isinstance(each, AlterField) and (each.model_name_lower, each.name_lower) in added):
                raise TypeError(f"“{each.describe()}” needs the models of its own step. Put it beside, not inside")
        self._made = {each.name_lower for each in self.operations if isinstance(each, CreateModel)}

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        """As Django writes it into a file."""
        return self.__class__.__name__, [self.operations], {}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Every step on the plain state; who asks for the models next draws them, once."""
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Each step that is not done by making a table whole."""
        for operation in self.operations:
            if not self._is_done_by_making(operation):
                operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Each step back, the last first; what hangs on a table made here goes with it."""
        for operation in reversed(self.operations):
            if not self._is_done_by_making(operation) and not self._hangs_on_made(operation):
                operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """In one line, as `migrate` and `showmigrations` print it."""
        return f"{len(self.operations)} steps at once"

    def _hangs_on_made(self, operation: Operation) -> bool:
        return isinstance(operation, AddTrigger) and operation.model_name.lower() in self._made

    def _is_done_by_making(self, operation: Operation) -> bool:
        if isinstance(operation, (CreateModel, AddTrigger)):
            return False
        name = operation.name_lower if isinstance(operation, ModelOperation) else getattr(operation, "model_name", "")
        return bool(name) and name.lower() in self._made
