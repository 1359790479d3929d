"""Check a PDF: which published edition it is, or that it was changed. Nothing of the file is kept, not even on disk."""

import io
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse

from offers.forms.checking import CheckForm
from offers.presenters.checking import verdict
from offers.rules.checking import LARGEST_FILE
from offers.selectors.checking import verdict_on
from phb_register import clock
from phb_register.views.public_forms import is_taken, public_form, public_form_page


class MemoryOnly(FileUploadHandler):
    """Holds one file in memory and never writes it; of one that is too large only the size is told.

    Any other file of the request is let pass, or a hundred of them would be held at once.
    """

    held: io.BytesIO | None = None

    def new_file(self, field_name: str, *args: Any, **kwargs: Any) -> None:
        """Begin with the one file that the form asks for. Raises `SkipFile` for any other."""
        super().new_file(field_name, *args, **kwargs)
        if self.held is not None or field_name != "file":
            raise SkipFile
        self.held = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep what may still be looked at."""
        if self.held is not None and start + len(raw_data) <= LARGEST_FILE:
            self.held.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile | None:
        """The file, with the size it was sent in."""
        if self.held is None:
            return None
        self.held.seek(0)
        return InMemoryUploadedFile(
            file=self.held,
            field_name=self.field_name,
            name=self.file_name or "",
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )


@public_form
def check_a_pdf(request: HttpRequest) -> HttpResponse:
    """The form, and above it what the file is that was sent."""
    # Before anything of the request's body is read.
    request.upload_handlers = [MemoryOnly(request)]
    is_sent = request.method == "POST"
    form = CheckForm(request.POST if is_sent else None, request.FILES if is_sent else None, now=clock.now())
    context: dict[str, Any] = {}
    if is_sent and is_taken(request, form):
        context = {"verdict": verdict(verdict_on(form.cleaned_data["file"]))}
        form = CheckForm(now=clock.now())
    return public_form_page(request, "offers/check_a_pdf.html", form, context)
