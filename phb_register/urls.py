"""Every address of the site. The rooms bring their own."""

from django.urls import include, path

from phb_register.health import healthz, readyz
from phb_register.views import (
    access_log,
    home,
    jobs,
    list_files,
    merges,
    outbox,
    pages,
    people,
    saved_filters,
    settings,
    users,
)

own = [
    path("", home.home, name="home"),
    path("people/", people.people, name="people"),
    path("people/merges/", merges.merges, name="merges"),
    path("people/merges/<uuid:reference>/", merges.merge, name="merge"),
    path("people/merges/<uuid:reference>/reverse/", merges.ask_reversal, name="reverse-merge"),
    path("people/<uuid:reference>/", people.person, name="person"),
    path("people/<uuid:reference>/timeline/", people.timeline, name="timeline"),
    path("people/<uuid:reference>/merge/", merges.find_other, name="find-other-record"),
    path("people/<uuid:reference>/merge/<uuid:other>/", merges.propose, name="propose-merge"),
    path("people/<uuid:reference>/correct/", people.correct_person, name="correct-person"),
    path("people/<uuid:reference>/representatives/add/", people.add_representative, name="add-representative"),
    path(
        "people/<uuid:reference>/representatives/<int:pk>/end/",
        people.end_representative,
        name="end-representative",
    ),
    path("settings/", settings.settings_list, name="settings"),
    path("settings/<str:code>/", settings.commissioner_settings, name="commissioner-settings"),
    path("settings/<str:code>/populations/add/", settings.add_population, name="add-population"),
    path("users/", users.users, name="users"),
    path("users/give-role/", users.give_membership, name="give-membership"),
    path("users/memberships/<int:pk>/end/", users.end_membership, name="end-membership"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/<uuid:reference>/", outbox.email, name="outbox-email"),
    path("access-log/", access_log.access_log, name="access-log"),
    path("saved-filters/save/", saved_filters.save_filter, name="save-filter"),
    path("saved-filters/<int:pk>/rename/", saved_filters.rename_filter, name="rename-filter"),
    path("saved-filters/<int:pk>/delete/", saved_filters.delete_filter, name="delete-filter"),
    path("lists/<slug:code>.csv", list_files.list_csv, name="list-csv"),
    path("lists/<slug:code>/workbook/", list_files.list_workbook, name="list-workbook"),
    path("lists/workbooks/<uuid:reference>/", list_files.list_workbook_file, name="list-workbook-file"),
    path("jobs/<uuid:reference>/", jobs.job, name="job"),
    path("jobs/<uuid:reference>/cancel/", jobs.cancel_job, name="cancel-job"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("privacy/", pages.privacy, name="privacy"),
    path("components/", pages.component_gallery, name="component-gallery"),
    path("stay-signed-in/", pages.stay_signed_in, name="stay-signed-in"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
]

handler500 = "phb_register.outages.handler500"

urlpatterns = [
    path("", include((own, "phb_register"))),
    # An administrator makes the accounts, and the address is who the user is: nobody changes it alone.
    *(
        path(f"accounts/{address}/", pages.closed, name="closed")
        for address in ("email", "confirm-email", "login/code/confirm")
    ),
    path("accounts/", include("allauth.urls")),
    path("", include("offers.urls")),
    path("", include("eligibility.urls")),
    path("", include("budgets.urls")),
    path("", include("reporting.urls")),
]
