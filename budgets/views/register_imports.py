"""The pages of importing another register."""

from budgets.forms.register_imports import RegisterUploadForm
from budgets.presenters.register_imports import WORDS
from budgets.services.register_imports import IMPORTS
from phb_register.views.file_imports import ImportPages

PAGES = ImportPages(IMPORTS, WORDS, RegisterUploadForm)
