"""The form with which anybody asks what a PDF is."""

from django import forms
from django.core.files.uploadedfile import UploadedFile

from offers.rules.checking import LARGEST_FILE, is_pdf
from phb_register.forms.public import PublicForm

_MEGABYTES = LARGEST_FILE // 1_000_000


class CheckForm(PublicForm):
    """A file, and nothing else."""

    purpose = "check-a-pdf"
    submit_text = "Check the PDF"

    file = forms.FileField(
        label="PDF",
        allow_empty_file=True,
        max_length=1000,
        help_text=f"A PDF of at most {_MEGABYTES} MB. We look at it once, and keep nothing of it.",
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
        error_messages={
            "required": "Select the PDF to check",
            "invalid": "The PDF could not be uploaded – try again",
            "max_length": "The name of the file is too long. Give it a shorter one",
        },
    )

    def clean_file(self) -> bytes:
        """The bytes of the file. Raises `ValidationError` where it is too large, or not a PDF."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_FILE:
            raise forms.ValidationError(f"The PDF must be smaller than {_MEGABYTES} MB")
        content: bytes = file.read()
        if not is_pdf(content):
            raise forms.ValidationError("This file is not a PDF. Select the PDF that you were given")
        return content
