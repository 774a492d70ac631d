"""Makes the golden values of apps/nlp/src/sentiment, the probes of the model minilm-sentiment and its sample.

    pip install numpy==2.4.6 tokenizers==0.23.3
    python tools/golden/sentiment.py

The reference is a forward pass in float64 over the publisher's weights (in the cache, where `npm start` pulls them) and
our head, with the publisher's tokenizer in Hugging Face's own library.
"""

import json
import math
import os
import pathlib
import subprocess

import numpy
import tokenizers
from tokenizers import Tokenizer

ROOT = pathlib.Path(__file__).resolve().parents[2]
APP = ROOT / "apps/nlp"
MANIFEST_FILE = APP / "models/minilm-sentiment.json"
SAMPLE_FILE = APP / "samples/sentiment.json"
GOLDEN = APP / "src/sentiment/golden"
MANIFEST = json.loads(MANIFEST_FILE.read_text())
REFERENCE = f"numpy {numpy.__version__} in float64 over the publisher's weights, tokenizers {tokenizers.__version__}"
HEADS = 12
HEAD_LAYERS = (1, 3, 4, 5)
EPSILON = 1e-12

GUEST = "The food was wonderful and the staff could not have been kinder."
COMPLAINT = "A dull, overlong mess that wastes a fine cast."
LONG = " ".join(
    f"Chapter {number} drags on, and yet scene {number * 7} is so tender and so funny that I forgave it."
    for number in range(1, 31)
)
TEXTS = {
    "a satisfied guest": GUEST,
    "a complaint": COMPLAINT,
    "both at once": "Gorgeous to look at, but there is nothing behind the pictures.",
    "one word": "Brilliant!",
    "accents and emoji": "Très déçue… the café was a désastre 😡",
    "three windows": LONG,
}
# Greek capitals that end in a sigma are left out: JavaScript lowers that one to ς, as Unicode has it for the end of a
# word and as BERT's first tokenizer did; Hugging Face's library lowers letter by letter, to σ.
TRICKY = [
    "Café NAÏVE Ångström ﬁancé e\u0301tude İstanbul straße",
    "漢字とかな交じり文 한국어 สวัสดี العربية हिन्दी",
    "😀 👩‍👩‍👧‍👦 🇨🇭 ❤️ 👍🏽",
    "tab\tnew\nline\r\nnull\u0000bell\u0007zero\u200bwidth\ufeffmark\u00a0space\u3000wide",
    "a" * 100 + " " + "b" * 101,
    "antidisestablishmentarianism pneumonoultramicroscopicsilicovolcanoconiosis",
    "don't won't it's 3.14 1,000,000 $5 50% #tag @name a_b C++ e-mail... wait!? «quoted» — dash",
    "[CLS] and [SEP] and [MASK] and [UNK] as words, [PAD] too",
    "\u0130I\u0131i ǅ Σίσυφος",
    "\U00020000 \U0001f600 \ufffd \u2028 \u00ad soft",
    "   ",
    "\u200b\u0007",
]


def cached(name: str) -> pathlib.Path:
    sha256 = next(file["sha256"] for file in MANIFEST["files"] if file["path"] == name)
    default = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "ganglion"
    return pathlib.Path(os.environ.get("GANGLION_CACHE") or default) / "models" / sha256


def read_safetensors(path: pathlib.Path) -> dict[str, numpy.ndarray]:
    """https://github.com/huggingface/safetensors, "Format"."""
    data = path.read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            begin, end = (start + offset for offset in entry["data_offsets"])
            values = numpy.frombuffer(data[begin:end], "<f4").reshape(entry["shape"])
            tensors[name] = values.astype(numpy.float64)
    return tensors


MINILM = read_safetensors(cached("model.safetensors"))
HEAD = read_safetensors(APP / "models/minilm-sentiment/head.safetensors")
TOKENIZER = Tokenizer.from_file(str(cached("tokenizer.json")))
TOKENIZER.no_padding()
TOKENIZER.no_truncation()
erf = numpy.vectorize(math.erf)


def softmax(values: numpy.ndarray) -> numpy.ndarray:
    power = numpy.exp(values - values.max(-1, keepdims=True))
    return power / power.sum(-1, keepdims=True)


def layer_norm(x: numpy.ndarray, name: str) -> numpy.ndarray:
    centred = x - x.mean(-1, keepdims=True)
    scale = numpy.sqrt((centred**2).mean(-1, keepdims=True) + EPSILON)
    return centred / scale * MINILM[f"{name}.weight"] + MINILM[f"{name}.bias"]


def linear(x: numpy.ndarray, name: str) -> numpy.ndarray:
    return x @ MINILM[f"{name}.weight"].T + MINILM[f"{name}.bias"]


def layer(x: numpy.ndarray, name: str) -> numpy.ndarray:
    """[length, 384] -> [length, 384]"""
    length, width = x.shape
    heads = [
        linear(x, f"{name}.attention.self.{part}").reshape(length, HEADS, -1).swapaxes(0, 1)
        for part in ("query", "key", "value")
    ]
    query, key, value = heads
    weights = softmax(query @ key.swapaxes(1, 2) / math.sqrt(width / HEADS))
    mixed = (weights @ value).swapaxes(0, 1).reshape(length, width)
    middle = layer_norm(linear(mixed, f"{name}.attention.output.dense") + x, f"{name}.attention.output.LayerNorm")
    wide = linear(middle, f"{name}.intermediate.dense")
    wide = wide * (1 + erf(wide / math.sqrt(2))) / 2
    return layer_norm(linear(wide, f"{name}.output.dense") + middle, f"{name}.output.LayerNorm")


def logits(ids: list[int]) -> numpy.ndarray:
    """Of negative and positive, for one sequence without padding."""
    embeddings = (
        MINILM["embeddings.word_embeddings.weight"][ids]
        + MINILM["embeddings.position_embeddings.weight"][: len(ids)]
        + MINILM["embeddings.token_type_embeddings.weight"][0]
    )
    states = [layer_norm(embeddings, "embeddings.LayerNorm")]
    for index in range(max(HEAD_LAYERS)):
        states.append(layer(states[-1], f"encoder.layer.{index}"))
    tokens = numpy.concatenate([states[index] for index in HEAD_LAYERS], -1)
    features = numpy.maximum(0, tokens @ HEAD["token.weight"] + HEAD["token.bias"])
    attention = softmax((features @ HEAD["attention.weight"]).T)
    return (attention @ features).reshape(-1) @ HEAD["class.weight"] + HEAD["class.bias"]


def windows(text: str) -> list[list[int]]:
    ids = TOKENIZER.encode(text, add_special_tokens=False).ids
    count = max(1, math.ceil(len(ids) / (MANIFEST["preprocessing"]["windowPieces"] - 2)))
    borders = [index * len(ids) // count for index in range(count + 1)]
    first, last = (TOKENIZER.token_to_id(piece) for piece in ("[CLS]", "[SEP]"))
    return [[first, *ids[start:end], last] for start, end in zip(borders, borders[1:])]


def answer(text: str) -> dict:
    parts = windows(text)
    rows = numpy.array([logits(ids) for ids in parts])
    pooled = numpy.average(rows, 0, [len(ids) - 2 for ids in parts])
    negative, positive = softmax(pooled)
    return {
        "windows": len(parts),
        "unknown": sum(ids.count(TOKENIZER.token_to_id("[UNK]")) for ids in parts),
        "logits": rows.tolist(),
        "label": "positive" if positive >= negative else "negative",
        "probabilities": {"negative": negative, "positive": positive},
    }


def write_golden(name: str, content: dict) -> None:
    GOLDEN.mkdir(exist_ok=True)
    body = {"maker": "tools/golden/sentiment.py", "reference": REFERENCE, **content}
    (GOLDEN / name).write_text(json.dumps(body, indent=1) + "\n")


def raw_logits() -> list[float]:
    [ids] = windows(TEXTS["accents and emoji"])
    return [float(numpy.float32(value)) for value in logits(ids)]


def write_probe() -> None:
    """Two sentences of unlike length, so that padding is proved as well; and a text, which the tokenizer is proved by."""
    rows = [windows(text)[0] for text in (GUEST, COMPLAINT)]
    length = max(map(len, rows))
    padded = [ids + [0] * (length - len(ids)) for ids in rows]
    mask = [[1] * len(ids) + [0] * (length - len(ids)) for ids in rows]
    integers = lambda data: {"dtype": "int64", "shape": [2, length], "data": sum(data, [])}
    values = [float(numpy.float32(value)) for ids in rows for value in logits(ids)]
    MANIFEST["probes"] = [
        {
            "name": "two sentences, one of them padded",
            "inputs": {"input_ids": integers(padded), "attention_mask": integers(mask)},
            "outputs": {"logits": {"dtype": "float32", "shape": [2, 2], "data": values}},
            "tolerance": {"absolute": 1e-4, "relative": 1e-4},
            "reference": f"tools/golden/sentiment.py, {REFERENCE}",
        },
        {
            "name": "accents and emoji, through our tokenizer",
            "raw": {"text": TEXTS["accents and emoji"]},
            "outputs": {"logits": {"dtype": "float32", "shape": [1, 2], "data": raw_logits()}},
            "tolerance": {"absolute": 1e-4, "relative": 1e-4},
            "reference": f"tools/golden/sentiment.py, {REFERENCE}",
        },
    ]
    MANIFEST.pop("unverified", None)
    MANIFEST_FILE.write_text(json.dumps(MANIFEST, ensure_ascii=False))


def write_sample(expected: dict) -> None:
    sample = {
        "operation": "sentiment",
        "title": "a satisfied guest",
        "request": {"method": "POST", "path": "/v1/nlp/sentiment", "json": {"text": GUEST}},
        "show": ["/output/label", "/output/probabilities/positive"],
        "expect": [
            {"pointer": "/output/label", "value": expected["label"]},
            {
                "pointer": "/output/probabilities/positive",
                "value": round(expected["probabilities"]["positive"], 5),
                "tolerance": 0.001,
            },
        ],
        "reference": f"tools/golden/sentiment.py, {REFERENCE}",
    }
    SAMPLE_FILE.parent.mkdir(exist_ok=True)
    SAMPLE_FILE.write_text(json.dumps(sample))


answers = [{"name": name, "text": text, **answer(text)} for name, text in TEXTS.items()]
write_golden("answers.json", {"tolerance": {"absolute": 1e-4}, "answers": answers})
pieces = [{"text": text, "ids": TOKENIZER.encode(text, add_special_tokens=False).ids} for text in TRICKY]
write_golden("word-pieces.json", {"texts": pieces})
write_probe()
write_sample(answers[0])
subprocess.run(["npx", "prettier", "--write", str(MANIFEST_FILE), str(SAMPLE_FILE)], cwd=ROOT, check=True)
