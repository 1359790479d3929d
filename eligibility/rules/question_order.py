"""In which order to ask, so that the answer is settled on as few pages of questions as can be expected. Pure.

A page is worth what its answers settle: the next page is the one after which the fewest further pages are expected.
How many these are is reckoned by asking, from there on, the page that most often settles everything by itself. That
look ahead stays within a few percent of the best possible order, which would take seconds to find.

Until it is answered, every group of values that the rules tell apart counts as equally likely. A fact that was asked
for and that nobody knows is not asked again, and never stands in the way of the others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

from eligibility.rules.diagram import Branch, Node, branches, deciding_facts, joined
from eligibility.rules.question_pages import page_of

Page = tuple[str, ...]
"""Codes of facts asked together; of those that share a page, only the ones that can still matter."""


@dataclass(frozen=True, slots=True)
class QuestionOrder:
    """The pages still to be asked, the best one first, and how many of them it can take.

    `most` is reached where nobody knows any answer, `least` where the answers help most; `expected` is the average
    when this order is followed.
    """

    pages: tuple[Page, ...]
    least: int
    most: int
    expected: float

    @property
    def facts(self) -> Page:
        """The facts still to be asked for, page by page."""
        return tuple(fact for page in self.pages for fact in page)


def question_order(node: Node, not_known: Collection[str] = ()) -> QuestionOrder:
    """How best to go on from a diagram, where nobody knows the facts in `not_known`."""
    return _question_order(node, frozenset(not_known))


@lru_cache(maxsize=512)
def _question_order(node: Node, not_known: frozenset[str]) -> QuestionOrder:
    return _Search(node, not_known).order()


class _Search:
    """Tries pages on one diagram. Equal remainders are one node, so each is weighed once."""

    def __init__(self, root: Node, not_known: frozenset[str]) -> None:
        self.root = root
        self.not_known = not_known
        self.made: dict[tuple[str, tuple[int, ...]], Branch] = {}
        self.restrictions: dict[tuple[int, str, int], Node] = {}
        self.open_pages: dict[int, list[Page]] = {}
        self.remainders: dict[tuple[int, Page], list[tuple[float, Node]]] = {}
        self.quick: dict[int, float] = {}
        self.careful: dict[int, float] = {}
        for branch in branches(root):
            joined(branch.fact, branch.groups, branch.children, self.made, branch)

    def order(self) -> QuestionOrder:
        pages = self.pages(self.root)
        weights = {page: self.pages_after(self.root, page) for page in pages}
        best_first = sorted(pages, key=lambda page: (round(weights[page], 9), pages.index(page)))
        return QuestionOrder(tuple(best_first), self.least(), len(pages), self.expected(self.root))

    def pages(self, node: Node) -> list[Page]:
        """The pages that can still settle something, in the order of the vocabulary."""
        if isinstance(node, int):
            return []
        if id(node) not in self.open_pages:
            open_facts = [fact for fact in deciding_facts(node) if fact not in self.not_known]
            pages = (tuple(each for each in page_of(fact) if each in open_facts) for fact in open_facts)
            self.open_pages[id(node)] = list(dict.fromkeys(pages))
        return self.open_pages[id(node)]

    def after(self, node: Node, page: Page) -> list[tuple[float, Node]]:
        """What is left after a page's answers, each with how likely it is."""
        key = (id(node), page)
        if key not in self.remainders:
            found: dict[int, tuple[float, Node]] = {}
            for weight, left in self._answered(node, page, 1.0):
                name = left if isinstance(left, int) else id(left)
                found[name] = (found.get(name, (0.0, left))[0] + weight, left)
            self.remainders[key] = list(found.values())
        return self.remainders[key]

    def _answered(self, node: Node, page: Page, weight: float) -> Iterable[tuple[float, Node]]:
        if isinstance(node, int) or not page:
            yield weight, node
            return
        groups = next((branch.groups for branch in branches(node) if branch.fact == page[0]), ())
        if not groups:
            yield from self._answered(node, page[1:], weight)
        for place in range(len(groups)):
            yield from self._answered(self.restricted(node, page[0], place), page[1:], weight / len(groups))

    def restricted(self, node: Node, fact: str, place: int) -> Node:
        """The diagram once the fact is known to lie in the group at `place`."""
        if isinstance(node, int):
            return node
        key = (id(node), fact, place)
        if key not in self.restrictions:
            if node.fact == fact:
                left = node.children[place]
            else:
                children = tuple(self.restricted(child, fact, place) for child in node.children)
                left = joined(node.fact, node.groups, children, self.made)
            self.restrictions[key] = left
        return self.restrictions[key]

    def pages_after(self, node: Node, page: Page) -> float:
        """The pages expected once this one is answered, asking from there on what most often settles everything."""
        return sum(weight * self.quickly(left) for weight, left in self.after(node, page))

    def quickly(self, node: Node) -> float:
        """The pages expected if each one asked is the one that most often settles everything by itself."""
        pages = self.pages(node)
        if not pages:
            return 0.0
        if id(node) not in self.quick:
            open_after = {
                page: sum(weight for weight, left in self.after(node, page) if self.pages(left)) for page in pages
            }
            page = min(pages, key=lambda each: (round(open_after[each], 9), pages.index(each)))
            self.quick[id(node)] = 1 + self.pages_after(node, page)
        return self.quick[id(node)]

    def best(self, node: Node) -> Page:
        """The page to ask next."""
        pages = self.pages(node)
        return min(pages, key=lambda page: (round(self.pages_after(node, page), 9), pages.index(page)))

    def expected(self, node: Node) -> float:
        """The pages expected when the best one is asked each time."""
        if not self.pages(node):
            return 0.0
        if id(node) not in self.careful:
            after = self.after(node, self.best(node))
            self.careful[id(node)] = 1 + sum(weight * self.expected(left) for weight, left in after)
        return self.careful[id(node)]

    def least(self) -> int:
        """The fewest pages after which nothing is left to ask, whatever the order keeps to."""
        waiting, pages = [self.root], 0
        while all(self.pages(node) for node in waiting):
            waiting = [left for node in waiting for _, left in self.after(node, self.best(node))]
            pages += 1
        return pages
