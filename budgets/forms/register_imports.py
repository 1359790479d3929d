"""The form to upload another register."""

from typing import ClassVar

from django import forms

from phb_register.forms import Radios
from phb_register.forms.file_imports import UploadForm


class RegisterUploadForm(UploadForm):
    """A file of another register, and whose register it is."""

    error_nouns: ClassVar[dict[str, str]] = {"commissioner": "whose register it is", "file": "the file"}

    commissioner = forms.ChoiceField(label="Whose register is it?", widget=Radios())
