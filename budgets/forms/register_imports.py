"""Forms about importing another register."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms

from budgets.rules.register_import import COLUMNS
from phb_register.forms import NhsForm, Radios
from phb_register.models import Commissioner

_MOST_MEGABYTES = 20


class UploadForm(NhsForm):
    """A file, and whose register it is."""

    submit_text = "Upload and check"
    error_nouns: ClassVar[dict[str, str]] = {"commissioner": "whose register it is", "file": "the file"}

    commissioner = forms.ChoiceField(label="Whose register is it?", widget=Radios())
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

    def __init__(self, *args: Any, header: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Not in the file"), *((heading, heading) for heading in dict.fromkeys(header) if heading)]
        for column in COLUMNS:
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
