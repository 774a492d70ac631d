"""Makes the golden values of apps/image-recognition/src/detect by numpy and Pillow.

    pip install numpy==2.4.6 pillow==13.0.0
    python tools/golden/nanodet.py [FOLDER]

With FOLDER it also writes there a picture, and the picture as the model takes it, for tools/models/nanodet/prove-picture.mjs.
"""

import json
import pathlib
import sys

import numpy
import PIL
from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "apps/image-recognition/src/detect/golden"
MANIFEST = json.loads((ROOT / "apps/image-recognition/models/nanodet.json").read_text())
REFERENCE = f"numpy {numpy.__version__}, Pillow {PIL.__version__}"
LABELS = 5
BINS = 11


def noise(count: int, seed: int) -> numpy.ndarray:
    """Numbers from 0 to 1 of a linear congruential generator; the test makes the same ones."""
    values = numpy.empty(count, numpy.float32)
    state = seed
    for index in range(count):
        state = (state * 1664525 + 1013904223) % 2**32
        values[index] = (state >> 8) / 2**24
    return values


def grids(width: int, height: int) -> dict[int, tuple[numpy.ndarray, numpy.ndarray]]:
    found = {}
    for stride in (8, 16, 32):
        cells = (width // stride) * (height // stride)
        scores = noise(cells * LABELS, stride).reshape(cells, LABELS)
        sides = noise(cells * 4 * BINS, stride + 1).reshape(cells, 4, BINS) * 8 - 4
        found[stride] = (scores, sides)
    return found


def decode(width: int, height: int, min_score: float) -> list[dict]:
    candidates = []
    for stride, (scores, sides) in grids(width, height).items():
        columns = width // stride
        power = numpy.exp(sides.astype(numpy.float64))
        distance = (power / power.sum(-1, keepdims=True)) @ numpy.arange(BINS) * stride
        for cell, label in numpy.argwhere(scores >= min_score):
            x, y = (cell % columns + 0.5) * stride, (cell // columns + 0.5) * stride
            left, top, right, bottom = distance[cell]
            box = [x - left, y - top, x + right, y + bottom]
            candidates.append({"label": int(label), "score": float(scores[cell, label]), "box": box})
    return candidates


def suppress(candidates: list[dict], max_overlap: float) -> list[dict]:
    """Label by label: the best first, what overlaps it goes."""
    kept = []
    for label in range(LABELS):
        rest = sorted((c for c in candidates if c["label"] == label), key=lambda c: -c["score"])
        while rest:
            best, *rest = rest
            kept.append(best)
            rest = [c for c in rest if overlap(best["box"], c["box"]) <= max_overlap]
    return sorted(kept, key=lambda c: -c["score"])


def overlap(a: list[float], b: list[float]) -> float:
    width = max(0.0, min(a[2], b[2]) - max(a[0], b[0]))
    height = max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
    area = lambda box: (box[2] - box[0]) * (box[3] - box[1])
    return width * height / (area(a) + area(b) - width * height)


def painting(width: int, height: int) -> numpy.ndarray:
    y, x = numpy.mgrid[0:height, 0:width]
    return numpy.stack([(x * 5 + y) % 256, (x + y * 3) % 256, (x * y) % 256], axis=-1).astype(numpy.uint8)


def signal(width: int, height: int) -> numpy.ndarray:
    """A red light on a pole before a pale sky: little to write down, and something for the model to look at."""
    y, x = numpy.mgrid[0:height, 0:width]
    sky = numpy.stack([160 + y // 8, 180 + y // 8, 220 - x // 16], axis=-1)
    sky[(abs(x - width // 2) < 8) & (y > height // 2)] = (70, 70, 75)
    sky[(abs(x - width // 2) < 40) & (abs(y - height // 3) < 80)] = (30, 32, 30)
    for row, colour in enumerate([(230, 40, 30), (60, 50, 20), (20, 60, 30)]):
        centre = height // 3 + (row - 1) * 50
        sky[(x - width // 2) ** 2 + (y - centre) ** 2 < 20**2] = colour
    return sky.astype(numpy.uint8)


def prepared(painted: numpy.ndarray) -> numpy.ndarray:
    """A picture laid into the middle of the model's frame: BGR planes, normalised."""
    settings = MANIFEST["preprocessing"]
    frame = (settings["width"], settings["height"])
    height, width, _ = painted.shape
    scale = min(frame[0] / width, frame[1] / height)
    size = (round(width * scale), round(height * scale))
    resized = Image.fromarray(painted, "RGB").resize(size, Image.Resampling.BILINEAR)
    canvas = Image.new("RGB", frame)
    canvas.paste(resized, ((frame[0] - size[0]) // 2, (frame[1] - size[1]) // 2))
    bgr = numpy.asarray(canvas).astype(numpy.float32)[:, :, ::-1]
    planes = (bgr - numpy.float32(settings["mean"])) / numpy.float32(settings["std"])
    return planes.transpose(2, 0, 1)


def write(name: str, content: dict) -> None:
    FOLDER.mkdir(exist_ok=True)
    text = json.dumps({"maker": "tools/golden/nanodet.py", "reference": REFERENCE, **content}, indent=1)
    (FOLDER / name).write_text(text + "\n")


candidates = decode(96, 64, min_score=0.9)
write(
    "decode-nanodet.json",
    {"width": 96, "height": 64, "labels": LABELS, "minScore": 0.9, "maxOverlap": 0.3,
     "candidates": candidates, "kept": suppress(candidates, 0.3)},
)
planes = prepared(painting(600, 250))
places = [(c, y, x) for c in range(3) for y in (5, 121, 122, 200, 293, 294, 410) for x in (0, 7, 208, 415)]
write(
    "preprocess.json",
    {"width": 600, "height": 250, "sum": float(planes.astype(numpy.float64).sum()),
     "values": [{"at": list(place), "value": float(planes[place])} for place in places]},
)
if len(sys.argv) > 1:
    folder = pathlib.Path(sys.argv[1])
    picture = signal(500, 300)
    Image.fromarray(picture, "RGB").save(folder / "picture.png", optimize=True)
    prepared(picture).astype("<f4").tofile(folder / "planes.f32")
    (folder / "reference.txt").write_text(f"tools/golden/nanodet.py, {REFERENCE}")
