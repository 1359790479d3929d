"""Forms about importing a file."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms

from phb_register.file_columns import FileColumns
from phb_register.models import Commissioner
from phb_register.nhsuk.forms import NhsForm
from phb_register.nhsuk.widgets import Radios

_MOST_MEGABYTES = 20


class UploadForm(NhsForm):
    """A file, and whose it is. A room asks in its own words: it declares `commissioner` and its noun again."""

    submit_text = "Upload and check"
    error_nouns: ClassVar[dict[str, str]] = {"commissioner": "whose file it is", "file": "the file"}

    commissioner = forms.ChoiceField(label="Whose file is it?", widget=Radios())
    file = forms.FileField(
        label="File",
        help_text=f"CSV, Excel (.xlsx) or OpenDocument (.ods), up to {_MOST_MEGABYTES} MB",
        error_messages={"empty": "The file is empty. Choose a file with a row of headings and rows under it"},
    )

    def __init__(self, *args: Any, commissioners: Sequence[Commissioner], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commissioner"].choices = [(each.code, each.name) for each in commissioners]  # type: ignore[attr-defined]
        if len(commissioners) == 1:
            self.fields["commissioner"].initial = commissioners[0].code

    def clean_file(self) -> Any:
        """A larger file is for the console, which is made for it."""
        file = self.cleaned_data["file"]
        if file.size > _MOST_MEGABYTES * 1024 * 1024:
            raise forms.ValidationError(
                f"The file must be {_MOST_MEGABYTES} MB or smaller. Ask IT to import a larger one at the console"
            )
        return file


class ColumnsForm(NhsForm):
    """Which heading of the file is which column."""

    submit_text = "Check again"

    def __init__(self, *args: Any, columns: FileColumns, header: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Not in the file"), *((heading, heading) for heading in dict.fromkeys(header) if heading)]
        for column in columns.all:
            self.fields[column.name] = forms.ChoiceField(
                label=column.label, choices=choices, required=False, help_text=_hint(column.example)
            )


class UndoForm(NhsForm):
    """Why an import is undone."""

    submit_text = "Undo the import"
    error_nouns: ClassVar[dict[str, str]] = {"reason": "why the import is undone"}

    reason = forms.CharField(label="Why is it undone?", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


def _hint(example: str) -> str:
    return f"For example, {example}" if example else ""
