"""How figures are said: labels, units, tables, the chart, the lines of the CSV."""

from reporting.presenters.rows import FIGURE_COLUMNS, FigureRow, figure_rows, figures_words

__all__ = ["FIGURE_COLUMNS", "FigureRow", "figure_rows", "figures_words"]
