"""Golden values of libs/tensor/src/series: autocorrelation and trend by statsmodels, the rest by numpy.

    pip install numpy==2.4.6 statsmodels==0.15.0
    python tools/golden/series.py

The series are made up by a seeded generator and written beside the values.
"""

import json
import pathlib

import numpy
import statsmodels
from statsmodels.tsa.stattools import acf
from statsmodels.tsa.tsatools import detrend

FILE = pathlib.Path(__file__).resolve().parents[2] / "libs/tensor/src/series/golden/series.json"
REFERENCE = f"statsmodels {statsmodels.__version__}, numpy {numpy.__version__}"
SEASON = 12
MAX_LAG = 30


def seasonal(random: numpy.random.Generator, count: int) -> numpy.ndarray:
    """A line, a season of twelve and noise."""
    n = numpy.arange(count)
    return numpy.round(50 + 0.3 * n + 8 * numpy.sin(2 * numpy.pi * n / SEASON) + random.normal(0, 2, count), 4)


def with_gaps(random: numpy.random.Generator, values: numpy.ndarray) -> dict:
    missing = random.random(len(values)) < 0.3
    missing[[0, 1, -1]] = True
    known = numpy.flatnonzero(~missing)
    filled = numpy.interp(numpy.arange(len(values)), known, values[known])
    gappy = [None if gap else float(value) for value, gap in zip(values, missing)]
    return {"values": gappy, "filled": filled.tolist()}


def correlated(values: numpy.ndarray) -> dict:
    options = {"nlags": MAX_LAG, "fft": False, "alpha": 0.1, "bartlett_confint": True, "result_object": False}
    correlations, bounds = acf(values, **options)
    limits = bounds[:, 1] - correlations
    return {"values": values.tolist(), "correlations": correlations.tolist(), "limits": limits.tolist()}


def shares(values: numpy.ndarray) -> dict:
    """Padded to the next power of two, without the constant."""
    power = numpy.abs(numpy.fft.rfft(values - values.mean(), 128)[1:]) ** 2
    return {"values": values.tolist(), "shares": (power / power.sum()).tolist()}


def errors(random: numpy.random.Generator, values: numpy.ndarray) -> dict:
    history, actual = values[:-24], values[-24:]
    naive = numpy.resize(history[-SEASON:], 24)
    forecast = actual + random.normal(0, 3, 24)
    lower, upper = forecast - 3, forecast + 3
    gap = numpy.abs(actual - forecast)
    return {
        "season": SEASON,
        "history": history.tolist(),
        "actual": actual.tolist(),
        "forecast": forecast.tolist(),
        "lower": lower.tolist(),
        "upper": upper.tolist(),
        "seasonalNaive": naive.tolist(),
        "mase": float(gap.mean() / numpy.abs(history[SEASON:] - history[:-SEASON]).mean()),
        "smape": float(numpy.mean(200 * gap / (numpy.abs(actual) + numpy.abs(forecast)))),
        "pinball": [
            {"quantile": q, "loss": float(numpy.maximum(q * (actual - forecast), (q - 1) * (actual - forecast)).mean())}
            for q in (0.025, 0.1, 0.5, 0.9)
        ],
        "coverage": float(((lower <= actual) & (actual <= upper)).mean()),
    }


def main() -> None:
    random = numpy.random.default_rng(5)
    values = seasonal(random, 84)
    content = {
        "maker": "tools/golden/series.py",
        "reference": REFERENCE,
        "tolerance": 1e-9,
        "gaps": with_gaps(random, values[:30]),
        "trend": {"values": values.tolist(), "remainder": detrend(values, order=1).tolist()},
        "autocorrelation": [correlated(values), correlated(random.normal(0, 1, 60).cumsum())],
        "periodogram": shares(values),
        "errors": errors(random, values),
    }
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(content) + "\n")


if __name__ == "__main__":
    main()
