"""Importing another register."""

from django.urls import path

from budgets.views import register_imports as views

_IMPORT = "register/imports/<uuid:reference>/"

urlpatterns = [
    path("register/imports/", views.register_imports, name="register-imports"),
    path("register/imports/upload/", views.upload, name="upload-register"),
    path("register/imports/template.csv", views.template, name="register-import-template"),
    path(_IMPORT, views.register_import, name="register-import"),
    path(f"{_IMPORT}to-put-right.csv", views.problems, name="register-import-problems"),
    path(f"{_IMPORT}columns/", views.columns, name="register-import-columns"),
    path(f"{_IMPORT}import/", views.confirm, name="register-import-confirm"),
    path(f"{_IMPORT}undo/", views.undo, name="register-import-undo"),
    path(f"{_IMPORT}discard/", views.discard, name="register-import-discard"),
]
