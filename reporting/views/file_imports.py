"""The pages of importing numbers of eligible people, and tables of areas."""

from typing import Any

from phb_register.models import User
from phb_register.views.file_imports import ImportPages
from reporting.forms.file_imports import AreaUploadForm, EligibleUploadForm
from reporting.models import AreaImport, EligibleImport
from reporting.presenters import area_imports, eligible_imports
from reporting.selectors.areas import places_of
from reporting.selectors.eligible_imports import changes_of
from reporting.services.areas import IMPORTS as AREA_IMPORTS
from reporting.services.eligible_imports import IMPORTS as ELIGIBLE_IMPORTS


def _changes(found: EligibleImport, user: User) -> dict[str, Any] | None:
    return eligible_imports.changes_table(changes_of(found, user), is_imported=found.imported_at is not None)


def _places(found: AreaImport, user: User) -> dict[str, Any] | None:
    return area_imports.places_table(places_of(found))


ELIGIBLE_PAGES = ImportPages(ELIGIBLE_IMPORTS, eligible_imports.WORDS, EligibleUploadForm, _changes)
AREA_PAGES = ImportPages(AREA_IMPORTS, area_imports.WORDS, AreaUploadForm, _places)
