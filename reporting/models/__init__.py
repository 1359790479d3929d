"""The tables of this room."""

from .board_packs import BoardPack, BoardPackTransition, DecisionWanted
from .denominators import EligiblePopulation, Setting, Target
from .equity import AreaTable, EligibleGroup, PostcodeArea, PracticeArea
from .returns import NationalReturn, ReturnWindow
from .snapshots import Snapshot, SnapshotRecord
from .trajectories import Trajectory

__all__ = [
    "AreaTable",
    "BoardPack",
    "BoardPackTransition",
    "DecisionWanted",
    "EligibleGroup",
    "EligiblePopulation",
    "NationalReturn",
    "PostcodeArea",
    "PracticeArea",
    "ReturnWindow",
    "Setting",
    "Snapshot",
    "SnapshotRecord",
    "Target",
    "Trajectory",
]
