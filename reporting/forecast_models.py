"""The forecast of a series, in a process of its own: `python -m reporting.forecast_models`.

Reads a list of {"values", "horizon", "level"} as JSON and writes a forecast for each. statsmodels takes 140 MB and over
a second to load; a process that ends afterwards gives both back. Nothing of Django is imported here.

The model is the local linear trend of Harvey ("Forecasting, structural time series models and the Kalman filter",
1989): a level that moves by a trend, both of which may drift. How much they drift is estimated from the series, and
the trend's own uncertainty is in the interval, which a fitted line leaves out.
"""

import json
import math
import sys
import warnings
from collections.abc import Sequence

MODEL = "local linear trend"


def forecast(values: Sequence[float | None], horizon: int, level: float) -> dict[str, list[float]]:
    """Return what is expected in each of `horizon` steps after `values`, and both ends of the prediction interval.

    The model needs no number at every step: None is one that is not known.
    """
    # In the process that is there for it, and in tests, but never where the site runs.
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    with warnings.catch_warnings():
        # Of a search that stopped early, or a drift of nought: what it stopped at is a model all the same.
        warnings.simplefilter("ignore")
        series = [math.nan if value is None else float(value) for value in values]
        found = UnobservedComponents(series, MODEL).fit(disp=False)
        steps = found.get_forecast(horizon)
        ends = steps.conf_int(alpha=1 - level)
    return {
        "expected": [float(value) for value in steps.predicted_mean],
        "lower": [float(lower) for lower, _ in ends],
        "upper": [float(upper) for _, upper in ends],
    }


def main() -> None:
    """Answer what stands on standard input."""
    asked = json.load(sys.stdin)
    json.dump([forecast(**each) for each in asked], sys.stdout)


if __name__ == "__main__":
    main()
