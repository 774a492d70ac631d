"""BentoML with its adaptive batching: see ../README.md for the settings that were tried."""

import base64
import os
from typing import Any

import bentoml

from models import KIND, Answer, Model, load_model

CONTENT = {"tabular": list[float], "text": str, "image": str}[KIND]
MAX_BATCH = int(os.environ["RIVAL_MAX_BATCH"])
# What is expected to take longer is answered 503.
MAX_LATENCY_MS = 10_000


@bentoml.service(
    workers=1,
    traffic={"timeout": 60},
    metrics={"enabled": False},
    logging={"access": {"enabled": False}},
)
class Predict:
    model: Model

    def __init__(self) -> None:
        self.model = load_model()

    @bentoml.api(batchable=True, max_batch_size=MAX_BATCH, max_latency_ms=MAX_LATENCY_MS)
    async def predict(self, inputs: list[CONTENT]) -> list[Answer]:
        contents = map(base64.b64decode, inputs) if KIND == "image" else inputs
        return self.model.run([self.model.prepare(content) for content in contents])
