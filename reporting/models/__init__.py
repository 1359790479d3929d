"""The tables of this room."""

from .board_packs import BoardPack, BoardPackTransition, DecisionWanted
from .denominators import EligiblePopulation, Setting, Target
from .returns import NationalReturn, ReturnWindow
from .snapshots import Snapshot, SnapshotRecord

__all__ = [
    "BoardPack",
    "BoardPackTransition",
    "DecisionWanted",
    "EligiblePopulation",
    "NationalReturn",
    "ReturnWindow",
    "Setting",
    "Snapshot",
    "SnapshotRecord",
    "Target",
]
