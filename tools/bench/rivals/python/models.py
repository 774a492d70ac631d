"""The benchmark's three models, for every rival alike: from what a request holds to the answer, batch by batch.

RIVAL_MODEL names the model, RIVAL_FOLDER the folder of its files; computes on one thread.
"""

import io
import json
import os
import pathlib
from typing import Any, Protocol

import numpy as np
import onnxruntime as ort

Answer = dict[str, Any]


class Model(Protocol):
    """`prepare` takes what one request holds, `run` answers a batch of prepared ones."""

    def prepare(self, content: Any) -> Any: ...

    def run(self, batch: list[Any]) -> list[Answer]: ...


def open_session(folder: pathlib.Path) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return ort.InferenceSession(folder / "graph.onnx", options, providers=["CPUExecutionProvider"])


class Tabular:
    """30 numbers to a score."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.session = open_session(folder)

    def prepare(self, features: list[float]) -> np.ndarray:
        return np.asarray(features, np.float32)

    def run(self, batch: list[np.ndarray]) -> list[Answer]:
        (scores,) = self.session.run(["score"], {"features": np.stack(batch)})
        return [{"score": score} for score in scores[:, 0].tolist()]


class Text:
    """An English sentence to the probabilities that it speaks well or ill."""

    MAX_PIECES = 256

    def __init__(self, folder: pathlib.Path) -> None:
        from tokenizers import Tokenizer

        self.session = open_session(folder)
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(self.MAX_PIECES)

    def prepare(self, text: str) -> list[int]:
        return self.tokenizer.encode(text).ids

    def run(self, batch: list[list[int]]) -> list[Answer]:
        shape = (len(batch), max(map(len, batch)))
        input_ids, attention_mask = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        for row, ids in enumerate(batch):
            input_ids[row, : len(ids)] = ids
            attention_mask[row, : len(ids)] = 1
        feeds = {"input_ids": input_ids, "attention_mask": attention_mask}
        (logits,) = self.session.run(["logits"], feeds)
        return [self.describe(row) for row in softmax(logits.astype(np.float64)).tolist()]

    @staticmethod
    def describe(probabilities: list[float]) -> Answer:
        negative, positive = probabilities
        label = "positive" if positive >= negative else "negative"
        return {"label": label, "probabilities": {"negative": negative, "positive": positive}}


class Image:
    """A JPEG to the objects that it shows, by NanoDet."""

    MIN_SCORE = 0.4
    MAX_OVERLAP = 0.6
    MAX_OBJECTS = 100
    STRIDES = (8, 16, 32)
    BINS = np.arange(11, dtype=np.float32)

    def __init__(self, folder: pathlib.Path) -> None:
        manifest = json.loads((folder / "manifest.json").read_text())
        frame = manifest["preprocessing"]
        self.session = open_session(folder)
        self.outputs = [output.name for output in self.session.get_outputs()]
        self.labels: list[str] = manifest["labels"]
        self.width, self.height = frame["width"], frame["height"]
        self.scale = (1 / np.asarray(frame["std"])).astype(np.float32)
        self.offset = (-np.asarray(frame["mean"]) / np.asarray(frame["std"])).astype(np.float32)

    def prepare(self, jpeg: bytes) -> dict[str, Any]:
        import PIL.Image
        import PIL.ImageOps

        image = PIL.Image.open(io.BytesIO(jpeg))
        PIL.ImageOps.exif_transpose(image, in_place=True)
        factor = min(self.width / image.width, self.height / image.height)
        size = (round(image.width * factor), round(image.height * factor))
        left, top = (self.width - size[0]) // 2, (self.height - size[1]) // 2
        resized = image.convert("RGB").resize(size, PIL.Image.Resampling.BILINEAR)
        frame = np.zeros((self.height, self.width, 3), np.uint8)
        frame[top : top + size[1], left : left + size[0]] = np.asarray(resized)
        planes = np.empty((3, self.height, self.width), np.float32)
        for channel in range(3):  # BGR
            np.multiply(frame[:, :, 2 - channel], self.scale[channel], out=planes[channel])
            planes[channel] += self.offset[channel]
        return {"planes": planes, "corner": (left, top), "size": size, "image": image.size}

    def run(self, batch: list[dict[str, Any]]) -> list[Answer]:
        images = np.stack([prepared["planes"] for prepared in batch])
        outputs = dict(zip(self.outputs, self.session.run(self.outputs, {"image": images})))
        return [self.describe(outputs, row, prepared) for row, prepared in enumerate(batch)]

    def describe(self, outputs: dict[str, np.ndarray], row: int, prepared: dict[str, Any]) -> Answer:
        scores, labels, boxes = self.candidates(outputs, row)
        (left, top), size, (width, height) = prepared["corner"], prepared["size"], prepared["image"]
        objects = []
        for index in self.suppress(scores, labels, boxes):
            x0, y0, x1, y1 = boxes[index].tolist()
            x0, x1 = (min(max((x - left) * width / size[0], 0), width) for x in (x0, x1))
            y0, y1 = (min(max((y - top) * height / size[1], 0), height) for y in (y0, y1))
            box = {"x": x0, "y": y0, "width": x1 - x0, "height": y1 - y0}
            objects.append({"label": self.labels[labels[index]], "score": float(scores[index]), "box": box})
        return {"objects": objects, "image": {"width": width, "height": height}}

    def candidates(
        self, outputs: dict[str, np.ndarray], row: int
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Scores `[n]`, labels `[n]` and boxes `[n, 4]` in pixels of the model's input."""
        scores, labels, boxes = [], [], []
        for stride in self.STRIDES:
            grid = outputs[f"scores_{stride}"][row]
            cells, kinds = np.nonzero(grid >= self.MIN_SCORE)
            sides = softmax(outputs[f"sides_{stride}"][row][cells].reshape(-1, 4, self.BINS.size))
            left, top, right, bottom = (sides @ self.BINS * stride).T
            columns = self.width // stride
            x, y = (cells % columns + 0.5) * stride, (cells // columns + 0.5) * stride
            scores.append(grid[cells, kinds])
            labels.append(kinds)
            boxes.append(np.stack([x - left, y - top, x + right, y + bottom], axis=1))
        return np.concatenate(scores), np.concatenate(labels), np.concatenate(boxes)

    def suppress(self, scores: np.ndarray, labels: np.ndarray, boxes: np.ndarray) -> list[int]:
        """Non-maximum suppression by label: indices of what stays, the best first."""
        areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
        rest = np.argsort(-scores, kind="stable")
        kept: list[int] = []
        while rest.size and len(kept) < self.MAX_OBJECTS:
            best, rest = rest[0], rest[1:]
            kept.append(int(best))
            low = np.maximum(boxes[best, :2], boxes[rest, :2])
            sides = np.maximum(np.minimum(boxes[best, 2:], boxes[rest, 2:]) - low, 0)
            shared = sides[:, 0] * sides[:, 1]
            overlap = shared / (areas[best] + areas[rest] - shared)
            rest = rest[(labels[rest] != labels[best]) | (overlap <= self.MAX_OVERLAP)]
        return kept


def softmax(values: np.ndarray) -> np.ndarray:
    powers = np.exp(values - values.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


KIND = os.environ["RIVAL_MODEL"]


def load_model() -> Model:
    models: dict[str, type[Model]] = {"tabular": Tabular, "text": Text, "image": Image}
    return models[KIND](pathlib.Path(os.environ["RIVAL_FOLDER"]))
