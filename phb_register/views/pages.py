"""Pages that every service has: accessibility, privacy, staying signed in; and the gallery of components."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from phb_register import clock
from phb_register.access import public, signed_in
from phb_register.forms.gallery import GalleryForm
from phb_register.gallery import gallery_examples
from phb_register.views.support import form_page


@public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """How accessible the register is, and what to do when it is not."""
    return TemplateResponse(request, "phb_register/accessibility.html")


@public
def closed(request: HttpRequest) -> HttpResponse:
    """An address that a library brings and the register does not use."""
    raise Http404("This page is not in use")


@public
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is held about whom, and the cookies."""
    minutes = settings.SESSION_COOKIE_AGE // 60
    cookies = {
        "caption": "Cookies for staff",
        "firstCellIsHeader": True,
        "head": ["Name", "What it is for", "How long it lasts"],
        "rows": [
            [
                settings.SESSION_COOKIE_NAME,
                "Keeps you signed in",
                f"{minutes} minutes after the last page you opened",
            ],
            [settings.CSRF_COOKIE_NAME, "Makes sure that what is sent comes from you", "1 year"],
        ],
    }
    return TemplateResponse(request, "phb_register/privacy.html", {"cookies": cookies})


@signed_in
@require_POST
def stay_signed_in(request: HttpRequest) -> HttpResponse:
    """Start the session's time afresh: every request does, and this one does nothing else."""
    return HttpResponse(status=204)


@public
@require_http_methods(["GET", "POST"])
def component_gallery(request: HttpRequest) -> HttpResponse:
    """Every component and kind of field on one page, to look at and to test. Only in the demonstration."""
    if not settings.DEMONSTRATION:
        raise Http404("The gallery is part of the demonstration")
    is_sent = request.method == "POST"
    form = GalleryForm(request.POST if is_sent else None, request.FILES if is_sent else None, today=clock.today())
    return form_page(request, "phb_register/component_gallery.html", form, {"examples": gallery_examples()})
