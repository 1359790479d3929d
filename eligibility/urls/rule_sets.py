"""Addresses of rule sets and their versions."""

from django.urls import path

from eligibility.views.rule_sets import cases, files, lists, moves, versions

_VERSION = "rule-sets/<slug:code>/versions/<int:number>"

urlpatterns = [
    path("rule-sets/", lists.rule_sets, name="rule-sets"),
    path("rule-sets/new/", lists.new_rule_set, name="new-rule-set"),
    path("rule-sets/import/", lists.import_new, name="import-rule-set"),
    path("rule-sets/<slug:code>/", lists.rule_set, name="rule-set"),
    path("rule-sets/<slug:code>/import/", lists.import_into, name="rule-set-import"),
    path("rule-sets/<slug:code>/versions/new/", lists.start, name="rule-set-start"),
    path(f"{_VERSION}/", versions.version, name="rule-set-version"),
    path(f"{_VERSION}/version.json", files.version_file, name="rule-set-version-file"),
    path(f"{_VERSION}/compare/<int:other>/", versions.compare, name="rule-set-compare"),
    path(f"{_VERSION}/details/", versions.details, name="rule-set-details"),
    path(f"{_VERSION}/notes/", versions.notes, name="rule-set-notes"),
    path(f"{_VERSION}/cases/", cases.cases, name="rule-set-cases"),
    path(f"{_VERSION}/cases/new/", cases.new_case, name="rule-set-new-case"),
    path(f"{_VERSION}/cases/replace/", cases.replace_cases, name="rule-set-replace-cases"),
    path(f"{_VERSION}/cases/cases.json", files.cases_file, name="rule-set-cases-file"),
    path(f"{_VERSION}/cases/<int:place>/", cases.case, name="rule-set-case"),
    path(f"{_VERSION}/cases/<int:place>/remove/", cases.remove_case, name="rule-set-case-remove"),
    path(f"{_VERSION}/submit/", moves.submit, name="rule-set-submit"),
    path(f"{_VERSION}/send-back/", moves.back, name="rule-set-send-back"),
    path(f"{_VERSION}/approve/", moves.approve, name="rule-set-approve"),
    path(f"{_VERSION}/withdraw/", moves.withdraw, name="rule-set-withdraw"),
]
