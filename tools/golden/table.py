"""Golden values of libs/tensor/src/table by scikit-learn.

  pip install numpy==2.4.6 scikit-learn==1.9.1
  python3 tools/golden/table.py

Each case is one column: its cells to fit to and to transform, and the features that the pipeline of an imputer and a
scaler or encoder makes of the latter.
"""

import json
import pathlib

import numpy as np
import sklearn
from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler, OneHotEncoder, OrdinalEncoder, RobustScaler, StandardScaler

FILE = pathlib.Path(__file__).parents[2] / "libs/tensor/src/table/golden/table.json"
SCALERS = {"none": FunctionTransformer, "standard": StandardScaler, "minMax": MinMaxScaler, "robust": RobustScaler}
AMOUNTS = [12.5, None, 3.25, 1e4, -7.0, 88.0, None, 0.125, 41.0]
NEW_AMOUNTS = [0.0, None, 5e5, -12.75]
COLOURS = ["red", "green", None, "blue", "green", "Blue", None]
NEW_COLOURS = ["green", None, "violet", "Blue"]


def column(cells, missing):
    return np.array([[missing if cell is None else cell] for cell in cells], dtype=object if missing is None else float)


def imputer(missing, gap):
    if isinstance(missing, dict):
        return SimpleImputer(strategy="constant", fill_value=missing["constant"], missing_values=gap)
    return SimpleImputer(strategy={"mostFrequent": "most_frequent"}.get(missing, missing), missing_values=gap)


def case(options, fit, transform, pipeline, gap):
    fit_cells, cells = column(fit, gap), column(transform, gap)
    features = np.asarray(pipeline.fit(fit_cells).transform(cells), dtype=float)
    if options.get("indicator"):
        features = np.hstack([features, MissingIndicator(features="all", missing_values=gap).fit(fit_cells).transform(cells)])
    return {"column": {"name": "x", **options}, "fit": fit, "transform": transform, "features": features.tolist()}


def numeric(scaling, missing, fit=AMOUNTS, indicator=False):
    options = {"kind": "numeric", "scaling": scaling, "missing": missing, "indicator": indicator}
    return case(options, fit, NEW_AMOUNTS, make_pipeline(imputer(missing, np.nan), SCALERS[scaling]()), np.nan)


def categorical(encoding, unseen, missing, indicator=False, categories=None):
    options = {"kind": "categorical", "encoding": encoding, "unseen": unseen, "missing": missing, "indicator": indicator}
    order = {"categories": [categories]} if categories else {}
    if categories:
        options["categories"] = categories
    if encoding == "oneHot":
        encoder = OneHotEncoder(handle_unknown="ignore" if unseen == "zeros" else "error", sparse_output=False, **order)
    else:
        count = len(categories or {c for c in COLOURS if c} | ({missing["constant"]} if isinstance(missing, dict) else set()))
        encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=count, **order)
    return case(options, COLOURS, NEW_COLOURS, make_pipeline(imputer(missing, None), encoder), None)


def main():
    cases = [
        *(numeric(scaling, missing) for scaling in SCALERS for missing in ("mean", "median", {"constant": -1.5})),
        numeric("standard", "median", indicator=True),
        *(numeric(scaling, "mean", fit=[0.1, 0.1, None, 0.1]) for scaling in SCALERS),
        categorical("oneHot", "zeros", "mostFrequent"),
        categorical("oneHot", "zeros", {"constant": "none"}, indicator=True),
        categorical("ordinal", "own", "mostFrequent"),
        categorical("ordinal", "own", {"constant": "none"}),
        categorical("ordinal", "own", "mostFrequent", categories=["red", "green", "blue", "Blue"]),
    ]
    reference = f"scikit-learn {sklearn.__version__}, numpy {np.__version__}"
    content = {"maker": "tools/golden/table.py", "reference": reference, "relativeTolerance": 1e-7, "cases": cases}
    FILE.write_text(json.dumps(content, indent=1) + "\n")


if __name__ == "__main__":
    main()
