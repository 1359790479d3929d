"""The tables of this room."""

from .board_packs import BoardPack, BoardPackTransition, DecisionWanted
from .denominators import EligiblePopulation, Setting, Target

__all__ = ["BoardPack", "BoardPackTransition", "DecisionWanted", "EligiblePopulation", "Setting", "Target"]
