"""The tables of this room."""

from .areas import AreaImport, AreaImportFile, AreaTable, PostcodeArea, PracticeArea
from .board_packs import BoardPack, BoardPackTransition, DecisionWanted
from .counting import CountingPolicyChange
from .denominators import EligiblePopulation, Setting, Target
from .eligible_imports import EligibleImport, EligibleImportFile, EligibleImportRow
from .equity import EligibleGroup
from .releases import CellState, FigureRelease, ReleasedCell
from .returns import NationalReturn, ReturnWindow
from .scheduled_reports import ReportSubscription, ScheduledReport
from .snapshots import Snapshot, SnapshotRecord
from .trajectories import Trajectory
from .variation import Recalculation

__all__ = [
    "AreaImport",
    "AreaImportFile",
    "AreaTable",
    "BoardPack",
    "BoardPackTransition",
    "CellState",
    "CountingPolicyChange",
    "DecisionWanted",
    "EligibleGroup",
    "EligibleImport",
    "EligibleImportFile",
    "EligibleImportRow",
    "EligiblePopulation",
    "FigureRelease",
    "NationalReturn",
    "PostcodeArea",
    "PracticeArea",
    "Recalculation",
    "ReleasedCell",
    "ReportSubscription",
    "ReturnWindow",
    "ScheduledReport",
    "Setting",
    "Snapshot",
    "SnapshotRecord",
    "Target",
    "Trajectory",
]
