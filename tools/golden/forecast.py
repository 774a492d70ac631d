"""Makes the golden values of apps/forecasting, the probe of the model fracast-0 and the sample.

    pip install numpy==2.4.6
    pip download --no-deps vega_datasets==0.9.0
    python tools/golden/forecast.py vega_datasets-0.9.0-py3-none-any.whl

The reference is the network of tools/golden/fracast.py in float64 over the publisher's weights (in the cache, where
`npm start` pulls them), with periods by numpy's Fourier transform. Run it again when the intervals were calibrated anew.
"""

import csv
import hashlib
import io
import json
import os
import pathlib
import subprocess
import sys
import zipfile

import fracast
import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
APP = ROOT / "apps/forecasting"
MANIFEST_FILE = APP / "models/fracast.json"
SAMPLE_FILE = APP / "samples/forecast.json"
GOLDEN_FILE = APP / "src/forecast/golden/forecast.json"
MANIFEST = json.loads(MANIFEST_FILE.read_text())
FACTORS = MANIFEST["preprocessing"]["intervals"]
REFERENCE = f"tools/golden/forecast.py: numpy {np.__version__} in float64 over the publisher's weights"
CONTEXT, BLOCK, PERIODS, BINS = 2048, 48, 4, 16
SAMPLE_CSV = "vega_datasets/_data/seattle-weather.csv"
SAMPLE_SHA256 = "62f0609f787158128aa2bd102967173a4953122dd4f872bf1d502cae1037df0b"


def read_weights() -> dict[str, np.ndarray]:
    """https://github.com/huggingface/safetensors, "Format"."""
    sha256 = next(file["sha256"] for file in MANIFEST["files"] if file["path"] == "model.safetensors")
    default = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "ganglion"
    data = (pathlib.Path(os.environ.get("GANGLION_CACHE") or default) / "models" / sha256).read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    tensors = {}
    for name, entry in json.loads(data[8:start]).items():
        if name != "__metadata__":
            begin, end = (start + offset for offset in entry["data_offsets"])
            tensors[name] = np.frombuffer(data[begin:end], "<f4").reshape(entry["shape"]).astype(np.float64)
    return tensors


fracast.WEIGHTS = read_weights()


def find_periods(context: np.ndarray) -> list[int]:
    filled = np.where(np.isnan(context), np.nanmean(context), context)
    power = np.abs(np.fft.rfft(filled - filled.mean()))[1:] ** 2
    share = power / max(power.sum(), 1e-12)
    limit = np.log(len(share) / 0.05) / len(share)
    inner = np.arange(1, len(share) - 1)
    peaks = inner[(share[inner] > share[inner - 1]) & (share[inner] > share[inner + 1]) & (share[inner] >= limit)]
    strongest = peaks[np.argsort(-share[peaks], kind="stable")][:PERIODS]
    return [int(np.round(CONTEXT / (index + 1))) for index in strongest]


def seasonal_fill(context: np.ndarray, period: int) -> np.ndarray:
    bins = (np.arange(CONTEXT + BLOCK) % period / period * BINS).astype(int)
    known = ~np.isnan(context)
    means = [context[known & (bins[:CONTEXT] == index)] for index in range(BINS)]
    means = [part.mean() if len(part) else context[known].mean() for part in means]
    return np.array(means)[bins[CONTEXT:]]


def prepare(history: np.ndarray) -> dict:
    recent = history[-CONTEXT:]
    least, span = np.nanmin(recent), np.nanmax(recent) - np.nanmin(recent)
    context = np.full(CONTEXT, np.nan)
    context[CONTEXT - len(recent) :] = (recent - least) / (span or 1)
    periods = find_periods(context)
    phase = np.zeros((CONTEXT, PERIODS, 2))
    for index, period in enumerate(periods):
        angle = 2 * np.pi * np.arange(CONTEXT) / period
        phase[:, index] = np.stack([np.sin(angle), np.cos(angle)], axis=-1)
    fill = seasonal_fill(context, periods[0] if periods else 1)
    return {"context": context, "periods": periods, "phase": phase.reshape(CONTEXT, -1), "fill": fill, "scale": (least, span)}


def run_network(values: np.ndarray, coverage: np.ndarray, phase: np.ndarray, fill: np.ndarray) -> np.ndarray:
    """[48, 9] of one row, in the network's scale."""
    return fracast.forecast(fracast.encode(values[None], coverage[None], phase[None]), fill[None])[0]


def predict(history: np.ndarray) -> np.ndarray:
    """[48, 9]"""
    row = prepare(history)
    known = ~np.isnan(row["context"])
    quantiles = run_network(np.nan_to_num(row["context"]), known.astype(float), row["phase"], row["fill"])
    least, span = row["scale"]
    return np.sort(least + span * quantiles, axis=-1)


def continue_forecast(history: np.ndarray, horizon: int) -> np.ndarray:
    steps = predict(history)
    while len(steps) < horizon:
        ways = [predict(np.concatenate([history, steps[:, way]])) for way in range(9)]
        steps = np.concatenate([steps, np.quantile(np.concatenate(ways, axis=1), np.arange(1, 10) / 10, axis=1).T])
    return steps[:horizon]


def make_series() -> dict[str, np.ndarray]:
    random = np.random.default_rng(8)
    step = np.arange(2600)
    wave = lambda period: np.sin(2 * np.pi * step / period)
    hourly = 50 + 0.02 * step + 10 * wave(24) + 4 * wave(168) + random.normal(0, 1, 2600)
    daily = 200 + 30 * wave(7) + random.normal(0, 8, 2600)
    gaps = np.where(random.random(300) < 0.2, np.nan, daily[:300])
    gaps[120:140] = np.nan
    series = {
        "a day and a trend": hourly[:500],
        "a week, with gaps": gaps,
        "longer than the context": hourly,
        "ten values": daily[:10],
        "a random walk": random.normal(0, 3, 200).cumsum(),
        "equal values": np.full(30, 7.5),
    }
    return {name: np.round(values, 3) for name, values in series.items()}


def make_case(name: str, values: np.ndarray) -> dict:
    row = prepare(values)
    case = {
        "name": name,
        "values": [None if np.isnan(value) else float(value) for value in values],
        "periods": row["periods"],
        "seasonalFill": np.round(row["fill"], 7).tolist(),
        "quantiles": np.round(predict(values), 5).tolist(),
    }
    if name == "a day and a trend":
        case["continued"] = np.round(continue_forecast(values, 110)[BLOCK:], 5).tolist()
    return case


def write_golden() -> None:
    cases = [make_case(name, values) for name, values in make_series().items()]
    GOLDEN_FILE.parent.mkdir(exist_ok=True)
    GOLDEN_FILE.write_text(json.dumps({"reference": REFERENCE, "tolerance": 1e-4, "cases": cases}) + "\n")


def write_probe() -> None:
    """Values, gaps and phases that are short to write down."""
    step = np.arange(CONTEXT)
    values = np.round(0.5 + 0.4 * np.sin(step / 5) * np.cos(step / 91), 2)
    coverage = ((step > 700) & (step % 11 != 0)).astype(float)
    values *= coverage
    phase = np.zeros((CONTEXT, PERIODS, 2))
    for index, period in enumerate([4, 2]):
        angle = 2 * np.pi * step / period
        phase[:, index] = np.round(np.stack([np.sin(angle), np.cos(angle)], axis=-1))
    phase = phase.reshape(CONTEXT, -1) + 0.0
    fill = np.round(0.5 + 0.4 * np.cos(np.arange(BLOCK) / 5), 2)
    quantiles = run_network(values, coverage, phase, fill)
    tensor = lambda array: {"dtype": "float32", "shape": [1, *array.shape], "data": shorten(array.ravel())}
    inputs = {"values": values, "coverage": coverage, "phase": phase, "seasonal_fill": fill}
    MANIFEST["probes"] = [
        {
            "name": "waves with gaps",
            "inputs": {name: tensor(array) for name, array in inputs.items()},
            "outputs": {"quantiles": tensor(np.round(quantiles, 6))},
            "tolerance": {"absolute": 1e-4, "relative": 1e-4},
            "reference": REFERENCE,
        }
    ]
    MANIFEST.pop("unverified", None)
    MANIFEST_FILE.write_text(json.dumps(MANIFEST, ensure_ascii=False))


def shorten(values: np.ndarray) -> list:
    return [int(value) if value == int(value) else float(value) for value in values]


def read_temperatures(wheel: str) -> list[float]:
    """Seattle's highest temperature of each day, 2012 to 2015 (NOAA, public domain)."""
    data = zipfile.ZipFile(wheel).read(SAMPLE_CSV)
    if hashlib.sha256(data).hexdigest() != SAMPLE_SHA256:
        raise ValueError(f"{SAMPLE_CSV} does not have the sha256 that it should have.")
    return [float(row["temp_max"]) for row in csv.DictReader(io.StringIO(data.decode()))]


def stretch(quantiles: np.ndarray, percent: str) -> tuple[np.ndarray, np.ndarray]:
    """Intervals of the first half block, where the first factor holds."""
    low, median, high = quantiles[:, 0], quantiles[:, 4], quantiles[:, 8]
    factor = FACTORS[percent][0]
    return median - factor * (median - low), median + factor * (high - median)


def write_sample(values: list[float], horizon: int, season: int) -> None:
    history = np.array(values)
    quantiles = predict(history)[:horizon]
    errors = {"model": [], "seasonalNaive": []}
    for window in range(4, 0, -1):
        origin = len(history) - window * horizon
        actual = history[origin : origin + horizon]
        errors["model"].append(np.abs(actual - predict(history[:origin])[:horizon, 4]).mean())
        errors["seasonalNaive"].append(np.abs(actual - history[origin - season : origin - season + horizon]).mean())
    near = lambda pointer, value: {"pointer": pointer, "value": round(float(value), 4), "tolerance": 0.002}
    last = horizon - 1
    expect = [
        {"pointer": "/output/points/0/time", "value": "2016-01-01"},
        {"pointer": "/output/season/steps", "value": season},
        near(f"/output/points/{last}/seasonalNaive", history[len(history) - season + last]),
    ]
    for index in (0, last):
        expect.append(near(f"/output/points/{index}/median", quantiles[index, 4]))
        for percent in ("80", "95"):
            for side, bounds in zip(("lower", "upper"), stretch(quantiles, percent)):
                expect.append(near(f"/output/points/{index}/interval{percent}/{side}", bounds[index]))
    for name, parts in errors.items():
        expect.append(near(f"/output/backtest/{name}/meanAbsoluteError", np.mean(parts)))
    body = {"values": shorten(history), "start": "2012-01-01", "frequency": "day", "horizon": horizon}
    sample = {
        "operation": "forecast",
        "title": "Seattle's highest temperature of each day",
        "request": {"method": "POST", "path": "/v1/forecasting/forecast", "json": body},
        "show": ["/output/points/0/median", "/output/backtest/better"],
        "expect": expect,
        "reference": f"{REFERENCE}; values: pypi:vega_datasets==0.9.0#{SAMPLE_CSV}, sha256 {SAMPLE_SHA256}",
    }
    SAMPLE_FILE.parent.mkdir(exist_ok=True)
    SAMPLE_FILE.write_text(json.dumps(sample))


write_golden()
write_probe()
write_sample(read_temperatures(sys.argv[1]), horizon=14, season=365)
subprocess.run(["npx", "prettier", "--write", str(MANIFEST_FILE), str(SAMPLE_FILE)], cwd=ROOT, check=True)
