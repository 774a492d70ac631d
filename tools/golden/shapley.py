"""Makes the golden values of libs/explain/src/shapley-values by the shap package.

    pip install numpy==2.4.6 shap==0.51.0
    python tools/golden/shapley.py
"""

import json
import pathlib

import numpy
import shap

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGET = ROOT / "libs/explain/src/golden/shapley-values.json"
GROUPS = [[0], [1, 4], [2], [3]]
SEED = 5


def model(rows: numpy.ndarray) -> numpy.ndarray:
    """Products and a sine, so that features interact; the test computes the same."""
    x = rows.T
    return x[0] * x[1] + numpy.sin(2 * x[2]) * x[4] - 0.5 * x[3] ** 2 + x[0] * x[2] * x[3]


def explain(row: numpy.ndarray, background: numpy.ndarray) -> tuple[float, list[float]]:
    """ExactExplainer over coalitions of groups: a coalition's worth is the mean over the background."""

    def worth(masks: numpy.ndarray) -> numpy.ndarray:
        values = []
        for mask in masks:
            rows = background.copy()
            for isIn, columns in zip(mask, GROUPS):
                if isIn:
                    rows[:, columns] = row[columns]
            values.append(model(rows).mean())
        return numpy.array(values)

    nobody = numpy.zeros((1, len(GROUPS)))
    explainer = shap.explainers.ExactExplainer(worth, shap.maskers.Independent(nobody))
    result = explainer(numpy.ones((1, len(GROUPS))))
    return float(result.base_values[0]), result.values[0].tolist()


def main() -> None:
    generator = numpy.random.default_rng(SEED)
    row = generator.normal(size=5).astype(numpy.float32)
    background = generator.normal(size=(7, 5)).astype(numpy.float32)
    base, contributions = explain(row.astype(numpy.float64), background.astype(numpy.float64))
    golden = {
        "maker": "tools/golden/shapley.py",
        "reference": f"shap {shap.__version__} ExactExplainer, numpy {numpy.__version__}",
        "groups": GROUPS,
        "row": row.tolist(),
        "background": background.flatten().tolist(),
        "baseValue": base,
        "contributions": contributions,
        "tolerance": 1e-6,
    }
    TARGET.write_text(json.dumps(golden, indent=2) + "\n")


if __name__ == "__main__":
    main()
