"""Addresses of letters, and of the templates they are written from."""

from django.urls import path

from eligibility.views import letter_templates, letters

urlpatterns = [
    path("referrals/<uuid:reference>/letters/new/", letters.write_letter, name="write-letter"),
    path("people/<uuid:reference>/letters/new/", letters.write_letter_to_person, name="write-letter-to-person"),
    path("letters/<uuid:reference>/", letters.letter, name="letter"),
    path("letters/<uuid:reference>/letter.pdf", letters.letter_pdf, name="letter-pdf"),
    path("letters/<uuid:reference>/letter.txt", letters.letter_text, name="letter-text"),
    path("letters/<uuid:reference>/make-pdf/", letters.make_letter_pdf, name="make-letter-pdf"),
    path("letters/<uuid:reference>/sent/", letters.letter_sent, name="letter-sent"),
    path("letters/<uuid:reference>/replace/", letters.replace_letter, name="replace-letter"),
    path("settings/<str:code>/letters/", letter_templates.letter_templates, name="letter-templates"),
    path(
        "settings/<str:code>/letters/<slug:kind>/<slug:wording>/",
        letter_templates.letter_template,
        name="letter-template",
    ),
]
