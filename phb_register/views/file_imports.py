"""The pages of an import of a file: the list, the upload, what the check found, and the steps that follow.

A room makes an `ImportPages` of each kind of file and takes its addresses in.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods, require_safe

from phb_register import audit
from phb_register import file_import_presenters as presenters
from phb_register.access import requires
from phb_register.exceptions import Refused
from phb_register.file_import_presenters import ImportWords
from phb_register.file_import_states import ImportStatus
from phb_register.forms import ConfirmForm
from phb_register.forms.file_imports import ColumnsForm, UndoForm, UploadForm
from phb_register.models import FileImport, User
from phb_register.presenters import page_links
from phb_register.selectors.commissioners import named_commissioners
from phb_register.selectors.file_imports import import_of, imports_of
from phb_register.services.file_imports import FileImports
from phb_register.tables import csv_stream
from phb_register.views.support import PAGE_LENGTH, form_page, or_404, page_of, refuse

PAGES = "phb_register/file_imports"
_Import = TypeVar("_Import", bound=FileImport)


@dataclass(frozen=True)
class ImportPages(Generic[_Import]):
    """The pages of one kind of import, each for those who may import files of the kind.

    `preview` makes the table of what the rows would change, or changed.
    """

    imports: FileImports[_Import]
    words: ImportWords
    upload_form: type[UploadForm] = UploadForm
    preview: Callable[[_Import, User], dict[str, Any] | None] = lambda found, user: None

    def addresses(self, at: str) -> list[URLPattern]:
        """The addresses of the pages, under `at`, by the names that the words have for them."""
        may_import = requires(self.imports.permission)
        one, words = f"{at}<uuid:reference>/", self.words

        def name(full: str) -> str:
            return full.partition(":")[2]

        def read(view: Callable[..., Any]) -> Any:
            return may_import(require_safe(view))

        def step(view: Callable[..., Any], page: str, last: str) -> URLPattern:
            view = may_import(require_http_methods(["GET", "POST"])(view))
            return path(f"{one}{last}/", view, name=f"{name(words.page)}-{page}")

        upload = may_import(require_http_methods(["GET", "POST"])(self.upload))
        return [
            path(at, read(self.all), name=name(words.list_page)),
            path(f"{at}upload/", upload, name=name(words.upload_page)),
            path(f"{at}template.csv", read(self.template), name=name(words.template_page)),
            path(one, read(self.one), name=name(words.page)),
            path(f"{one}to-put-right.csv", read(self.problems), name=f"{name(words.page)}-problems"),
            step(self.choose_columns, "columns", "columns"),
            step(self.confirm, "confirm", "import"),
            step(self.undo, "undo", "undo"),
            step(self.discard, "discard", "discard"),
            step(self.again, "again", "again"),
        ]

    def all(self, request: HttpRequest) -> HttpResponse:
        """The imports the user may see, the latest first."""
        page = page_of(request, imports_of(self.imports.model, _user(request)))
        context = {
            **self._words(),
            "table": self.words.imports_table(list(page.object_list)),
            "has_rows": bool(page.object_list),
            "pagination": page_links(page, request.get_full_path()) if page.paginator.num_pages > 1 else None,
        }
        return TemplateResponse(request, f"{PAGES}/list.html", context)

    def upload(self, request: HttpRequest) -> HttpResponse:
        """Choose a file; a job checks it, and nothing is imported yet."""
        user = _user(request)
        commissioners = list(named_commissioners(user, self.imports.permission))
        form = self.upload_form(_posted(request), request.FILES or None, commissioners=commissioners)
        if form.is_valid():
            file = form.cleaned_data["file"]
            chosen = next(each for each in commissioners if each.code == form.cleaned_data["commissioner"])
            try:
                taken = self.imports.upload(
                    commissioner=chosen,
                    filename=file.name,
                    content=file.read(),
                    by=user,
                    details={field: form.cleaned_data[field] for field in self.imports.details},
                )
            except Refused as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else "file", str(refusal))
            else:
                return redirect(self.words.url(taken))
        context = {**self._words(), "columns": self.words.column_guide()}
        return form_page(request, f"{PAGES}/upload.html", form, context)

    def template(self, request: HttpRequest) -> StreamingHttpResponse:
        """A file to start from: the columns, and a row as it may look."""
        response = StreamingHttpResponse(self.words.template_file(), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{self.words.template_filename}"'
        return response

    def one(self, request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
        """Where an import stands, what was found, and what can be done now."""
        found = self._found(request, reference)
        page = Paginator(found.problems, PAGE_LENGTH).get_page(request.GET.get("page"))
        context = {
            **self._words(),
            "import": found,
            "tag": presenters.tag(found),
            "facts": self.words.facts(found),
            "lines": self.words.counted_lines(found),
            "can_import_partly": found.has_rows_to_import,
            "is_at_work": presenters.is_at_work(found),
            "stopped": presenters.stopped(found),
            "again_url": self.words.url(found, "again"),
            "problems": self.words.problems_table(found, list(page.object_list)) if found.problems else None,
            "preview": self.preview(found, _user(request)),
            "problems_url": self.words.url(found, "problems"),
            "pagination": page_links(page, request.get_full_path()) if page.paginator.num_pages > 1 else None,
            "columns": self.words.columns_table(found),
            "buttons": self.words.buttons(found),
        }
        return TemplateResponse(request, f"{PAGES}/import.html", context)

    def problems(self, request: HttpRequest, reference: uuid.UUID) -> StreamingHttpResponse:
        """What is to be put right, as a file for whoever puts it right."""
        found = self._found(request, reference)
        user, rows = _user(request), found.problem_count
        audit.record_export(user, "faults of an import", commissioner=found.commissioner, rows=rows)
        lines = [("What is to be put right in", found.filename)]
        content = csv_stream(self.words.problem_columns(), self.imports.all_problems(found), lines)
        response = StreamingHttpResponse(content, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="to-put-right-{found.reference}.csv"'
        return response

    def choose_columns(self, request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
        """Say which heading is which column, and have the file checked again."""
        found = self._found(request, reference)
        form = ColumnsForm(_posted(request), columns=self.imports.columns, header=found.header, initial=found.columns)
        return self._step(
            request,
            found,
            form,
            lambda given: self.imports.choose_columns(file_import=found, columns=given, by=_user(request)),
            heading="Which heading is which column?",
            done="The file is being checked again",
        )

    def confirm(self, request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
        """Say once more what will happen, then have it imported."""
        found = self._found(request, reference)
        is_partly = found.status == ImportStatus.FAULTY
        return self._step(
            request,
            found,
            ConfirmForm(_posted(request), button="Import"),
            lambda given: self.imports.ask_to_import(file_import=found, by=_user(request), is_partly=is_partly),
            heading="Import the rows without faults" if is_partly else self.words.import_heading,
            done=self.words.importing,
            lines=self.words.counted_lines(found),
            said="The rows that are to be put right are left out." if is_partly else "",
        )

    def undo(self, request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
        """Take an import back, with the reason."""
        found = self._found(request, reference)
        return self._step(
            request,
            found,
            UndoForm(_posted(request)),
            lambda given: self.imports.ask_to_undo(file_import=found, by=_user(request), **given),
            heading="Undo the import",
            done="The import is being undone",
            lines=self.words.counted_lines(found),
            said=self.words.undo_words,
        )

    def discard(self, request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
        """Throw away a file that was not imported."""
        found = self._found(request, reference)
        return self._step(
            request,
            found,
            ConfirmForm(_posted(request), button="Discard the file"),
            lambda given: self.imports.discard(file_import=found, by=_user(request)),
            heading="Discard the file",
            done="The file is discarded",
            said="Nothing of it was imported. The file itself is removed.",
        )

    def again(self, request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
        """Ask once more for work that was given up."""
        found = self._found(request, reference)
        return self._step(
            request,
            found,
            ConfirmForm(_posted(request), button="Try again"),
            lambda given: self.imports.try_again(file_import=found, by=_user(request)),
            heading="Try again",
            done="It is being tried again",
            said=presenters.left_as_it_was(found),
        )

    def _step(
        self,
        request: HttpRequest,
        found: _Import,
        form: Any,
        act: Callable[[dict[str, Any]], FileImport],
        *,
        done: str,
        **context: Any,
    ) -> HttpResponse:
        """The page of a step, and the step itself; then back to the import."""
        form.cancel_url = self.words.url(found)
        if form.is_valid():
            try:
                act(form.cleaned_data)
            except Refused as refusal:
                refuse(form, refusal)
            else:
                messages.success(request, done)
                return redirect(self.words.url(found))
        return form_page(request, f"{PAGES}/step.html", form, {"import": found, **context})

    def _found(self, request: HttpRequest, reference: uuid.UUID) -> _Import:
        found: _Import = or_404(import_of(self.imports.model, _user(request), reference), "import")
        return found

    def _words(self) -> dict[str, Any]:
        back_page, back_text = self.words.back
        return {
            "words": self.words,
            "list_url": reverse(self.words.list_page),
            "upload_url": reverse(self.words.upload_page),
            "template_url": reverse(self.words.template_page),
            "room_url": reverse(back_page),
            "room_text": back_text,
        }


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)  # every page of an import needs a permission


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None
