"""A reader of releases who knows everything that was ever shown, how it adds up, and mixed integer programming.

An oracle for disclosure control that shares nothing with it: the numbers are unknowns of a linear programme, whose
least and greatest answers scipy finds exactly.
"""

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

MOST = 10_000


class Reader:
    """Unknown whole numbers, what is known of each, and the sums between them."""

    def __init__(self):
        self.index = {}
        self.low = []
        self.high = []
        self.sums = []

    def number(self, name):
        """The place of a number, which is nought or more until something is learnt of it."""
        if name not in self.index:
            self.index[name] = len(self.index)
            self.low.append(0)
            self.high.append(MOST)
        return self.index[name]

    def sees(self, name, value):
        """Learn a number that is shown."""
        place = self.number(name)
        self.low[place] = self.high[place] = value

    def sees_star(self, name, value):
        """Learn that a number is a star: above nought, as readers take it, unless it stands for one."""
        self.low[self.number(name)] = min(value, 1)

    def knows(self, total, parts, less=()):
        """Learn how numbers add up."""
        signs = [(total, -1), *((part, 1) for part in parts), *((part, -1) for part in less)]
        self.sums.append([(self.number(name), sign) for name, sign in signs])

    def can_tell(self, **signs):
        """Whether the numbers with these signs add up to one thing only."""
        return self.can_tell_sum(signs)

    def can_tell_sum(self, signs):
        aim = np.zeros(len(self.index))
        for name, sign in signs.items():
            aim[self.number(name)] += sign
        least, most = self._end(aim), -self._end(-aim)
        return least == most

    def _end(self, aim):
        rows = np.zeros((len(self.sums), len(self.index)))
        for row, signs in enumerate(self.sums):
            for place, sign in signs:
                rows[row, place] += sign
        found = milp(
            aim,
            constraints=LinearConstraint(rows, 0, 0),
            bounds=Bounds(self.low, self.high),
            integrality=np.ones(len(self.index)),
        )
        assert found.status == 0, f"What was shown must fit together: {found.message}"
        return round(found.fun)
