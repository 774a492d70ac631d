"""LitServe, batching by RIVAL_MAX_BATCH and RIVAL_BATCH_WAIT_MS: see ../README.md for the settings that were tried."""

import base64
import os
from typing import Any

import litserve as ls

from models import KIND, Answer, Model, load_model

FIELD = {"tabular": "features", "text": "text", "image": "image"}
MAX_BATCH = int(os.environ["RIVAL_MAX_BATCH"])
BATCH_WAIT_S = float(os.environ["RIVAL_BATCH_WAIT_MS"]) / 1000


class Predict(ls.LitAPI):
    model: Model

    def setup(self, device: str) -> None:
        self.model = load_model()

    def decode_request(self, request: dict[str, Any]) -> Any:
        content = request[FIELD[KIND]]
        return self.model.prepare(base64.b64decode(content) if KIND == "image" else content)

    def batch(self, inputs: list[Any]) -> list[Any]:
        return inputs

    def predict(self, prepared: Any) -> Any:
        """One prepared input where nothing is batched, else a list of them."""
        return self.model.run([prepared])[0] if MAX_BATCH == 1 else self.model.run(prepared)

    def unbatch(self, output: list[Answer]) -> list[Answer]:
        return output


if __name__ == "__main__":
    api = Predict(max_batch_size=MAX_BATCH, batch_timeout=BATCH_WAIT_S)
    fast_queue = os.environ["RIVAL_FAST_QUEUE"] == "1"
    server = ls.LitServer(api, accelerator="cpu", devices=1, workers_per_device=1, fast_queue=fast_queue)
    server.run(
        host="127.0.0.1",
        port=int(os.environ["RIVAL_PORT"]),
        num_api_servers=1,
        generate_client_file=False,
        log_level="warning",
        access_log=False,
    )
