"""Addresses of this room."""

from django.urls import path

from reporting.views import (
    board_packs,
    dashboard,
    denominators,
    equity,
    pace,
    pathway,
    return_files,
    returns,
    snapshots,
    variation,
)

app_name = "reporting"

urlpatterns = [
    path("dashboard/", dashboard.dashboards, name="dashboards"),
    path("dashboard/<str:code>/", dashboard.dashboard, name="dashboard"),
    path("dashboard/<str:code>/figures.csv", dashboard.figures_csv, name="figures-csv"),
    path("dashboard/<str:code>/people/<slug:measure_code>/", dashboard.people, name="people"),
    path("dashboard/<str:code>/pace/", pace.pace, name="pace"),
    path("dashboard/<str:code>/trajectories/", pace.trajectories, name="trajectories"),
    path("dashboard/<str:code>/targets/", denominators.targets, name="targets"),
    path("dashboard/<str:code>/eligible-populations/", denominators.eligible_populations, name="eligible-populations"),
    path("dashboard/<str:code>/variation/", variation.variation, name="variation"),
    path("dashboard/<str:code>/variation/variation.csv", variation.variation_csv, name="variation-csv"),
    path("dashboard/<str:code>/variation/recalculations/", variation.recalculations, name="recalculations"),
    path("dashboard/<str:code>/variation/recalculations/<int:pk>/", variation.remove, name="remove-recalculation"),
    path("dashboard/<str:code>/pathway/", pathway.pathway, name="pathway"),
    path("dashboard/<str:code>/pathway/people/<slug:measure_code>/", pathway.people, name="pathway-people"),
    path("dashboard/<str:code>/equity/", equity.equity, name="equity"),
    path("dashboard/<str:code>/equity/equity.csv", equity.equity_csv, name="equity-csv"),
    path("dashboard/<str:code>/equity/people/", equity.people, name="equity-people"),
    path("dashboard/<str:code>/equity/counts/", equity.group_counts, name="group-counts"),
    path("dashboard/<str:code>/snapshots/", snapshots.snapshots, name="snapshots"),
    path("dashboard/<str:code>/snapshots/freeze/", snapshots.freeze, name="freeze-figures"),
    path("dashboard/<str:code>/snapshots/compare/", snapshots.compare, name="compare-snapshots"),
    path("dashboard/<str:code>/snapshots/<uuid:reference>/", snapshots.snapshot, name="snapshot"),
    path("dashboard/<str:code>/snapshots/<uuid:reference>/restate/", snapshots.restate, name="restate-figures"),
    path("dashboard/<str:code>/returns/", returns.returns, name="returns"),
    path("dashboard/<str:code>/returns/<slug:quarter>/", returns.national_return, name="return"),
    path("dashboard/<str:code>/returns/<slug:quarter>/return.csv", return_files.return_csv, name="return-csv"),
    path(
        "dashboard/<str:code>/returns/<slug:quarter>/return.xlsx", return_files.return_workbook, name="return-workbook"
    ),
    path("dashboard/<str:code>/returns/<slug:quarter>/submit/", returns.submit, name="submit-return"),
    path("dashboard/<str:code>/returns/<slug:quarter>/people/<slug:cell>/", returns.people, name="return-people"),
    path("dashboard/<str:code>/returns/<slug:quarter>/changes/<slug:basis>/", returns.changes, name="return-changes"),
    path(
        "dashboard/<str:code>/returns/<slug:quarter>/changes/<slug:basis>/<slug:row>/<slug:change>/",
        returns.movers,
        name="return-movers",
    ),
    path("returns/windows/", return_files.windows, name="return-windows"),
    path("board-packs/", board_packs.board_packs, name="board-packs"),
    path("board-packs/plan/", board_packs.plan, name="plan-board-pack"),
    path("board-packs/<uuid:reference>/", board_packs.board_pack, name="board-pack"),
    path("board-packs/<uuid:reference>/pdf/", board_packs.pdf, name="board-pack-pdf"),
    path("board-packs/<uuid:reference>/preview/", board_packs.preview, name="preview-board-pack"),
    path("board-packs/<uuid:reference>/change/", board_packs.change, name="change-board-pack"),
    path("board-packs/<uuid:reference>/make/", board_packs.make, name="make-board-pack"),
    path("board-packs/<uuid:reference>/cancel/", board_packs.cancel, name="cancel-board-pack"),
    path("board-packs/<uuid:reference>/withdraw/", board_packs.withdraw, name="withdraw-board-pack"),
    path("board-packs/<uuid:reference>/decisions/add/", board_packs.add_decision, name="add-decision"),
    path("board-packs/<uuid:reference>/decisions/<int:pk>/", board_packs.change_decision, name="change-decision"),
    path(
        "board-packs/<uuid:reference>/decisions/<int:pk>/remove/",
        board_packs.remove_decision,
        name="remove-decision",
    ),
    path("targets/", denominators.choose, name="targets-choice"),
]
