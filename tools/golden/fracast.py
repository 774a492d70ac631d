"""Golden values of tools/models/fracast: the network of Fracast-0 in numpy (float64), with weights made up by `wave`.

    pip install numpy==2.4.6
    python tools/golden/fracast.py

Written by hand after the sources of fracast 0.1.0 (its torch code was not run).
"""

import json
import pathlib

import numpy as np

FILE = pathlib.Path(__file__).resolve().parents[2] / "tools/models/fracast/golden/fracast.json"
CONTEXT, HORIZON, D, HIDDEN, BATCH = 2048, 48, 64, 96, 2


def linear_shapes(name: str, inputs: int, outputs: int) -> dict:
    return {f"{name}.weight": [outputs, inputs], f"{name}.bias": [outputs]}


def convolution_shapes(name: str) -> dict:
    return {f"{name}.dw_weight": [D, 1, 3], f"{name}.dw_bias": [D]}


def ffn_shapes(name: str) -> dict:
    return {**linear_shapes(f"{name}.up", D, 2 * HIDDEN), **linear_shapes(f"{name}.down", HIDDEN, D)}


def block_shapes(name: str) -> dict:
    norms = {f"{name}.norm{n}.weight": [D] for n in (1, 2)}
    return {**convolution_shapes(name), **linear_shapes(f"{name}.pw", D, D), **ffn_shapes(f"{name}.ffn"), **norms}


SHAPES = {
    **linear_shapes("core.in_proj", 7, D),
    **linear_shapes("core.periodic.proj", 8, D),
    **linear_shapes("core.scale.to_gb", 8, 2 * D),
    **block_shapes("core.block"),
    "core.norm.weight": [D],
    **linear_shapes("head.summary_proj", 2 * D + 5, D),
    "head.queries": [HORIZON, D],
    **ffn_shapes("head.decoder_ffns.0"),
    "head.decoder_norms.0.weight": [D],
    **{k: v for n in (0, 1) for k, v in convolution_shapes(f"head.fc_blocks.{n}").items()},
    **{f"head.fc_blocks.{n}.norm.weight": [D] for n in (0, 1)},
    **linear_shapes("head.future_conv.in_proj", 6, D),
    **block_shapes("head.future_conv.block"),
    **linear_shapes("head.future_conv.out_proj", D, D),
    **linear_shapes("head.out_proj", D, 9),
}


def wave(number: int, shape: list[int], size: float) -> np.ndarray:
    """`wave` of the test."""
    n = np.arange(int(np.prod(shape)))
    return (size * np.sin(number + 1.3 * n + 0.001 * n * n)).reshape(shape)


WEIGHTS = {name: wave(number, shape, 0.2) for number, (name, shape) in enumerate(SHAPES.items())}


def linear(x: np.ndarray, name: str) -> np.ndarray:
    return x @ WEIGHTS[f"{name}.weight"].T + WEIGHTS[f"{name}.bias"]


def rms_norm(x: np.ndarray, name: str) -> np.ndarray:
    mean = (x**2).mean(axis=-1, keepdims=True)
    return x / np.sqrt(mean + np.finfo(np.float32).eps) * WEIGHTS[f"{name}.weight"]


def swiglu(x: np.ndarray, name: str) -> np.ndarray:
    gate, value = np.split(linear(x, f"{name}.up"), 2, axis=-1)
    return linear(gate / (1 + np.exp(-gate)) * value, f"{name}.down")


def convolve(x: np.ndarray, name: str, dilation: int) -> np.ndarray:
    steps = x.shape[1]
    padded = np.pad(x, ((0, 0), (2 * dilation, 0), (0, 0)))
    taps = [padded[:, k * dilation : k * dilation + steps] * WEIGHTS[f"{name}.dw_weight"][:, 0, k] for k in range(3)]
    return sum(taps) + WEIGHTS[f"{name}.dw_bias"]


def block(x: np.ndarray, name: str, dilation: int) -> np.ndarray:
    x = rms_norm(x + linear(convolve(x, name, dilation), f"{name}.pw"), f"{name}.norm1")
    return rms_norm(x + swiglu(x, f"{name}.ffn"), f"{name}.norm2")


def recency(first: int, count: int, batch: int) -> np.ndarray:
    delta = (np.arange(first, first + count) - (CONTEXT - 1)) / CONTEXT
    far = np.abs(delta)
    channels = [delta, np.sign(delta) * np.log1p(far) / np.log(2), np.exp(-0.5 * far), np.exp(-2 * far), np.exp(-8 * far)]
    return np.broadcast_to(np.stack(channels, axis=-1), (batch, count, 5))


def encode(values: np.ndarray, coverage: np.ndarray, phase: np.ndarray) -> np.ndarray:
    features = np.concatenate([values[..., None], coverage[..., None], recency(0, CONTEXT, len(values))], axis=-1)
    x = linear(features, "core.in_proj") + linear(phase, "core.periodic.proj")
    for stage in range(10):
        angles = stage / 2.0 ** np.arange(4) * np.pi
        gamma, beta = np.split(linear(np.concatenate([np.sin(angles), np.cos(angles)]), "core.scale.to_gb"), 2)
        x = block(x * (1 + gamma) + beta, "core.block", 2**stage)
    return rms_norm(x, "core.norm")


def forecast(hidden: np.ndarray, fill: np.ndarray) -> np.ndarray:
    ahead = recency(CONTEXT, HORIZON, len(hidden))
    summary = np.concatenate([hidden.mean(axis=1), hidden[:, -1]], axis=-1)
    summaries = np.repeat(summary[:, None], HORIZON, axis=1)
    x = linear(np.concatenate([ahead, summaries], axis=-1), "head.summary_proj") + WEIGHTS["head.queries"]
    x = rms_norm(x + swiglu(x, "head.decoder_ffns.0"), "head.decoder_norms.0")
    for n in (0, 1):
        x = rms_norm(x + convolve(x, f"head.fc_blocks.{n}", 2**n), f"head.fc_blocks.{n}.norm")
    future = linear(np.concatenate([fill[..., None], ahead], axis=-1), "head.future_conv.in_proj")
    z = np.concatenate([hidden[:, -128:], future], axis=1)
    for stage in range(6):
        z = block(z, "head.future_conv.block", 2**stage)
    return linear(x + linear(z[:, -HORIZON:], "head.future_conv.out_proj"), "head.out_proj")


def main() -> None:
    inputs = {
        "values": [BATCH, CONTEXT],
        "coverage": [BATCH, CONTEXT],
        "phase": [BATCH, CONTEXT, 8],
        "seasonal_fill": [BATCH, HORIZON],
    }
    values, coverage, phase, fill = (wave(100 + n, shape, 1) for n, shape in enumerate(inputs.values()))
    quantiles = forecast(encode(values, coverage, phase), fill)
    content = {
        "maker": "tools/golden/fracast.py",
        "reference": f"numpy {np.__version__}, after fracast 0.1.0",
        "tolerance": 1e-5,
        "weights": SHAPES,
        "inputs": inputs,
        "quantiles": np.round(quantiles, 7).ravel().tolist(),
    }
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(content) + "\n")


if __name__ == "__main__":
    main()
