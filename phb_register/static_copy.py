"""The static copy of the public site: every page that everybody may read, as files, to be read without the database.

The rooms name their pages in the slot `public_pages`. A copy is made whole in a folder of its own, and only then does
the link `current` lead to it: at any moment, and after any crash, readers find one whole copy.
"""

import fcntl
import functools
import io
import json
import logging
import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from phb_register import clock, jobs, slots
from phb_register.jobs import JobRun, job_kind
from phb_register.models import Job, JobState

log = logging.getLogger(__name__)

JOB_KIND = "copy-public-site"
#: In the environment of a request that is made to copy a page, so that no copy is made of a copy.
COPYING = "phb_register.copying"
CURRENT, INDEX, SITE = "current", "index.json", "site"
# What a page says when it is there to be read, and when it says that it was withdrawn.
KEPT = {200, 410}
# Of the moment, or of the way from the server to the reader.
LEFT_OUT = {"date", "content-length", "set-cookie", "etag", "vary", "expires"}
ENDINGS = {"text/html": "html", "application/json": "json", "application/feed+json": "json"}
STATIC_LINK = re.compile(r'(?:href|src)="([^"#?]+)')
STYLE_LINK = re.compile(r"url\([\"']?([^\"')?#]+)")


class CopyFailed(Exception):
    """A page could not be copied; the copy before stays."""


@dataclass(frozen=True)
class CopiedPage:
    """One page of a copy: where it lies in the copy's folder, its status and its headers."""

    file: str
    status: int
    headers: dict[str, str]


#: While many changes follow each other: whether any of them asked for a copy. None at other times.
_asked: ContextVar[list[bool] | None] = ContextVar("asked for a copy", default=None)


def ask_for_copy() -> Job | None:
    """Ask for a new copy once the caller's transaction has changed what everybody reads."""
    if (asked := _asked.get()) is not None:
        asked.append(True)
        return None
    return jobs.enqueue(kind=JOB_KIND, key=f"{JOB_KIND}-{uuid.uuid4()}", parameters={}, requested_by=None)


@contextmanager
def one_copy_at_the_end() -> Iterator[None]:
    """Many changes one after the other, and one copy of all of them; where they break off, of what was done."""
    asked: list[bool] = []
    token = _asked.set(asked)
    try:
        yield
    finally:
        _asked.reset(token)
        if asked:
            ask_for_copy()


@job_kind(JOB_KIND, title="Copying the public site")
def copy_public_site(run: JobRun) -> None:
    """Write a new copy, unless another job is to do so after this one and will find what this one would, and more."""
    if not Job.objects.filter(kind=JOB_KIND, state=JobState.QUEUED, pk__gt=run.job.pk).exists():
        write_copy(settings.PUBLIC_COPY_FOLDER)


def write_copy(folder: Path) -> int:
    """Write a new copy under `folder` and lead `current` to it; how many pages it has. Raises `CopyFailed`."""
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        made = folder / f"{clock.now():%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:8]}"
        try:
            pages = _write_pages(made / SITE)
            index = {"made_at": clock.now().isoformat(), "pages": {path: asdict(page) for path, page in pages.items()}}
            (made / INDEX).write_text(json.dumps(index, indent=1), encoding="utf-8")
        except BaseException:
            shutil.rmtree(made, ignore_errors=True)
            raise
        before = (folder / CURRENT).resolve()
        link = folder / f"{made.name}.link"
        link.symlink_to(made.name)
        link.replace(folder / CURRENT)
        # The copy before stays for those who are just reading it; older ones, and halves left by a crash, go.
        for other in folder.iterdir():
            if other.name not in {CURRENT, made.name, before.name} and not other.name.startswith("."):
                other.unlink() if other.is_symlink() else shutil.rmtree(other, ignore_errors=True)
    return len(pages)


def copied_response(request: HttpRequest) -> HttpResponse | None:
    """What the copy has for a request; None if nothing. Touches no database."""
    if request.method not in {"GET", "HEAD"} or request.META.get("QUERY_STRING"):
        return None
    folder = settings.PUBLIC_COPY_FOLDER
    try:
        made = (folder / CURRENT).resolve(strict=True)
        page = _index_of(made)["pages"].get(request.path)
        content = (made / SITE / page["file"]).read_bytes() if page else b""
    except OSError:
        return None
    return HttpResponse(content, status=page["status"], headers=page["headers"]) if page else None


@functools.lru_cache(maxsize=2)
def _index_of(made: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((made / INDEX).read_text(encoding="utf-8"))
    return found


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two copies at once: the second waits, and then finds what the first did and more."""
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write_pages(site: Path) -> dict[str, CopiedPage]:
    handler = BaseHandler()
    handler.load_middleware()
    pages: dict[str, CopiedPage] = {}
    linked: set[str] = set()
    for path in _addresses():
        response = handler.get_response(_request(path))
        if response.status_code == 404:
            log.warning("%s is on the list of public pages, and is not found", path)
            continue
        if response.status_code not in KEPT or response.cookies or not isinstance(response, HttpResponse):
            raise CopyFailed(f"{path} answered {response.status_code} with {len(response.cookies)} cookies")
        page = CopiedPage(_file_of(path, response), response.status_code, _headers(response))
        content: bytes = response.content
        _write(site, page.file, content)
        pages[path] = page
        if page.file.endswith(".html"):
            linked |= {urljoin(path, link) for link in STATIC_LINK.findall(content.decode())}
    _write_static_files(site, {link for link in linked if link.startswith(settings.STATIC_URL)})
    return pages


def _addresses() -> list[str]:
    """The path of every public page, once."""
    own = [reverse("phb_register:accessibility"), reverse("phb_register:privacy")]
    return list(dict.fromkeys([*(path for each in slots.public_pages for path in each.addresses()), *own]))


def _request(path: str) -> WSGIRequest:
    """A reader's request for a page, as it comes to the site's own address."""
    address = urlsplit(settings.SITE_URL)
    port = address.port or (443 if address.scheme == "https" else 80)
    environment: dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "HTTP_HOST": address.netloc,
        "SERVER_NAME": address.hostname,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": address.scheme,
        "wsgi.input": io.BytesIO(),
        COPYING: True,
    }
    if settings.SECURE_PROXY_SSL_HEADER and address.scheme == "https":
        name, value = settings.SECURE_PROXY_SSL_HEADER
        environment[name] = value
    return WSGIRequest(environment)


def _headers(response: HttpResponse) -> dict[str, str]:
    return {name: value for name, value in response.items() if name.lower() not in LEFT_OUT}


def _file_of(path: str, response: HttpResponse) -> str:
    """Where a page lies: as any web server looks for it. An address without an ending is a folder with an index."""
    relative = path.lstrip("/")
    if "." in relative.rpartition("/")[2]:
        return relative
    media_type = response["Content-Type"].partition(";")[0]
    return f"{relative.rstrip('/')}/index.{ENDINGS.get(media_type, 'html')}"


def _write(site: Path, name: str, content: bytes) -> None:
    file = site / name
    if not file.resolve().is_relative_to(site.resolve()):
        raise CopyFailed(f"{name} lies outside the copy")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def _write_static_files(site: Path, links: set[str]) -> None:
    """Styles, scripts, fonts and pictures that the pages use, and those that the styles use."""
    waiting, seen = sorted(links), set(links)
    while waiting:
        link = waiting.pop()
        content = _static_file(link.removeprefix(settings.STATIC_URL))
        if content is None:
            continue
        _write(site, link.lstrip("/"), content)
        if link.endswith(".css"):
            further = {urljoin(link, each) for each in STYLE_LINK.findall(content.decode())}
            further = {each for each in further if each.startswith(settings.STATIC_URL)} - seen
            seen |= further
            waiting += further


def _static_file(name: str) -> bytes | None:
    root = settings.STATIC_ROOT
    found = Path(root) / name if root and (Path(root) / name).is_file() else finders.find(name)
    return Path(found).read_bytes() if isinstance(found, str | Path) else None
