"""PDF/UA-1 documents: tagged, titled, in British English, with the fonts inside and nothing fetched from
elsewhere.

One function, `render_pdf`.
Takes about 100 ms a page and 140 MB of memory, so it belongs in a background job.
"""

from typing import Any


class RemoteContentRefused(Exception):
    """The document asked for something that is not one of our static files. Nothing was fetched, and nothing
    is made."""


def render_pdf(template: str, context: dict[str, Any], *, title: str, identifier: str = "") -> bytes:
    """Make a PDF/UA-1 file from a template.

    The template is a whole HTML page with `lang="en-GB"`; it shows `title` in its title element, which becomes
    the document's. Raises RemoteContentRefused where the page asks for anything but our static files.
    """
    # Most of a second and 40 MB to import, which a web server that makes no PDF need not spend.
    from phb_register.pdf import writer

    return writer.write_pdf(template, context, title=title, identifier=identifier)
