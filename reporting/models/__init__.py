"""The tables of this room."""

from .board_packs import BoardPack, BoardPackTransition, DecisionWanted
from .denominators import EligiblePopulation, Setting, Target
from .eligible_imports import EligibleImport, EligibleImportFile, EligibleImportRow
from .equity import AreaTable, EligibleGroup, PostcodeArea, PracticeArea
from .returns import NationalReturn, ReturnWindow
from .snapshots import Snapshot, SnapshotRecord
from .trajectories import Trajectory
from .variation import Recalculation

__all__ = [
    "AreaTable",
    "BoardPack",
    "BoardPackTransition",
    "DecisionWanted",
    "EligibleGroup",
    "EligibleImport",
    "EligibleImportFile",
    "EligibleImportRow",
    "EligiblePopulation",
    "NationalReturn",
    "PostcodeArea",
    "PracticeArea",
    "Recalculation",
    "ReturnWindow",
    "Setting",
    "Snapshot",
    "SnapshotRecord",
    "Target",
    "Trajectory",
]
