"""Makes the golden values and the sample of apps/fraud-detection: transactions made up by a seeded generator, their
features by pandas' rolling windows as the Fraud Detection Handbook computes them, the model by ONNX's reference
evaluator, its explanation by shap. Run it again whenever the model was trained anew.

    pip install numpy==2.4.6 onnx==1.23.2 pandas==3.1.1 shap==0.51.0
    python tools/golden/fraud.py
"""

import json
import pathlib
from datetime import datetime, timedelta

import numpy
import onnx
import onnx.reference
import pandas
import shap

ROOT = pathlib.Path(__file__).resolve().parents[2]
APP = ROOT / "apps/fraud-detection"
MANIFEST = json.loads((APP / "models/fraud-mlp.json").read_text())
SETTINGS = MANIFEST["preprocessing"]
MODEL = onnx.reference.ReferenceEvaluator(str(APP / "models/fraud-mlp/graph.onnx"))
REFERENCE = (
    f"tools/golden/fraud.py: pandas {pandas.__version__}, onnx {onnx.__version__} reference evaluator, "
    f"shap {shap.__version__} ExactExplainer, numpy {numpy.__version__}"
)
FACTORS = {
    "amount": [0],
    "moment": [1, 2],
    "customer-frequency": [3, 4, 5],
    "customer-amounts": [6, 7, 8],
    "terminal-traffic": [9, 10, 11],
    "terminal-risk": [12, 13, 14],
}
WINDOWS = [1, 7, 30]
DELAY = 7
SEED = 11


def features(request: dict) -> numpy.ndarray:
    """[15], within the ranges of the manifest."""
    at = datetime.fromisoformat(request["transaction"]["at"])
    amount = request["transaction"]["amount"]
    customer = series([(entry["at"], entry["amount"]) for entry in request["customer"]["history"]], (at, amount))
    counts = [customer.rolling(f"{days}D").count().iloc[-1] - 1 for days in WINDOWS]
    sums = [customer.rolling(f"{days}D").sum().iloc[-1] - amount for days in WINDOWS]
    means = [SETTINGS["usualAmount"]]
    for count, total in zip(reversed(counts), reversed(sums)):
        means.insert(0, total / count if count > 0 else means[0])

    frauds = series([(entry["at"], float(entry["fraud"])) for entry in request["terminal"]["history"]], (at, 0.0))
    delayed = frauds.rolling(f"{DELAY}D")
    traffic, risk = [], []
    for days in WINDOWS:
        wide = frauds.rolling(f"{DELAY + days}D")
        count = wide.count().iloc[-1] - delayed.count().iloc[-1]
        traffic.append(count)
        risk.append((wide.sum().iloc[-1] - delayed.sum().iloc[-1]) / count if count > 0 else 0.0)

    row = [numpy.log1p(amount), at.weekday() >= 5, at.hour <= 6]
    row += [*numpy.log1p(counts), *numpy.log1p(means[:3]), *numpy.log1p(traffic), *risk]
    least, most = numpy.array(SETTINGS["ranges"]).T
    return numpy.clip(numpy.array(row, numpy.float64), least, most).astype(numpy.float32)


def series(entries: list, last: tuple) -> pandas.Series:
    """Values by their time in UTC, the transaction's own at the end."""
    rows = sorted([(datetime.fromisoformat(at), value) for at, value in entries]) + [last]
    times = pandas.to_datetime([at for at, _ in rows], utc=True)
    return pandas.Series([value for _, value in rows], index=times, dtype="float64")


def log_odds(rows: numpy.ndarray) -> numpy.ndarray:
    return MODEL.run(None, {"features": rows[None].astype(numpy.float32)})[0][0]


def explain(row: numpy.ndarray) -> tuple[float, dict[str, float]]:
    """A coalition of factors is worth the mean log-odds over the background, its columns taken from the row."""
    background = numpy.array(SETTINGS["background"], numpy.float32)

    def worth(masks: numpy.ndarray) -> numpy.ndarray:
        values = []
        for mask in masks:
            rows = background.copy()
            for isIn, columns in zip(mask, FACTORS.values()):
                if isIn:
                    rows[:, columns] = row[columns]
            values.append(log_odds(rows).mean(dtype=numpy.float64))
        return numpy.array(values)

    nobody = numpy.zeros((1, len(FACTORS)))
    explainer = shap.explainers.ExactExplainer(worth, shap.maskers.Independent(nobody))
    result = explainer(numpy.ones((1, len(FACTORS))))
    return float(result.base_values[0]), dict(zip(FACTORS, result.values[0].tolist()))


def history(generator, at: datetime, days: int, count: int) -> list[str]:
    """Times of some transactions in the days before `at`, by day and by minute."""
    minutes = sorted(generator.choice(days * 24 * 60 - 1, size=count, replace=False) + 1, reverse=True)
    return [(at - timedelta(minutes=int(ago))).isoformat() for ago in minutes]


def request(generator, case: dict) -> dict:
    at = datetime.fromisoformat(case["at"])
    customer = [
        {"at": time, "amount": round(float(generator.lognormal(numpy.log(case["usual"]), 0.35)), 2)}
        for time in history(generator, at, 30, case["customer"])
    ]
    terminal = [
        {"at": time, "fraud": at - datetime.fromisoformat(time) < timedelta(days=case["compromised"])}
        for time in history(generator, at, 37, case["terminal"])
    ]
    return {
        "transaction": {"amount": case["amount"], "at": case["at"]},
        "customer": {"history": customer},
        "terminal": {"history": terminal},
    }


# `usual`: amount; `customer`, `terminal`: numbers of earlier transactions; `compromised`: days, all of them frauds.
CASES = [
    {
        "name": "terminal where frauds were found",
        "at": "2026-05-23T21:12:00+02:00",
        "amount": 64.9,
        "usual": 58,
        "customer": 18,
        "terminal": 34,
        "compromised": 9,
    },
    {
        "name": "an ordinary purchase",
        "at": "2026-05-20T10:30:00Z",
        "amount": 31.5,
        "usual": 35,
        "customer": 14,
        "terminal": 20,
        "compromised": 0,
    },
    {
        "name": "five times the usual amount, at night",
        "at": "2026-05-24T03:05:30-07:00",
        "amount": 310.75,
        "usual": 60,
        "customer": 25,
        "terminal": 16,
        "compromised": 0,
    },
    {
        "name": "nobody known, and an amount beyond the training data",
        "at": "2026-05-22T12:00:00+05:30",
        "amount": 99_000,
        "usual": 1,
        "customer": 0,
        "terminal": 0,
        "compromised": 0,
    },
]


def main() -> None:
    generator = numpy.random.default_rng(SEED)
    cases = []
    for case in CASES:
        made = request(generator, case)
        row = features(made)
        base, contributions = explain(row)
        cases.append(
            {
                "name": case["name"],
                "input": made,
                "features": [float(value) for value in row],
                "logOdds": float(log_odds(row[None])[0]),
                "baseLogOdds": base,
                "contributions": contributions,
            }
        )
    golden = {"maker": "tools/golden/fraud.py", "reference": REFERENCE, "tolerance": 2e-5, "cases": cases}
    write(APP / "src/score/golden/score.json", golden)
    write(APP / "samples/score.json", sample(cases[0]))


def sample(case: dict) -> dict:
    probability = 1 / (1 + numpy.exp(-case["logOdds"]))
    factor, contribution = max(case["contributions"].items(), key=lambda item: abs(item[1]))
    return {
        "operation": "score",
        "title": "Synthetic transaction (our own seeded generator)",
        "request": {"method": "POST", "path": "/v1/fraud-detection/score", "json": case["input"]},
        "show": ["/output/probability", "/output/reasons/0/factor"],
        "expect": [
            {"pointer": "/output/probability", "value": round(float(probability), 6), "tolerance": 1e-4},
            {"pointer": "/output/baseLogOdds", "value": round(case["baseLogOdds"], 6), "tolerance": 1e-4},
            {"pointer": "/output/reasons/0/factor", "value": factor},
            {"pointer": "/output/reasons/0/contribution", "value": round(contribution, 6), "tolerance": 1e-3},
        ],
        "reference": REFERENCE,
    }


def write(path: pathlib.Path, value: dict) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2) + "\n")


if __name__ == "__main__":
    main()
