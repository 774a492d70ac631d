"""MLServer by a runtime of its own, over the Open Inference Protocol: see README.md for the settings that were tried."""

import json
from typing import Any

from mlserver import MLModel
from mlserver.codecs import Base64Codec, NumpyCodec, StringCodec
from mlserver.types import InferenceRequest, InferenceResponse, RequestInput, ResponseOutput

from models import KIND, Answer, Model, load_model


class Runtime(MLModel):
    rival: Model

    async def load(self) -> bool:
        self.rival = load_model()
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        batch = [self.rival.prepare(content) for content in contents_of(payload.inputs[0])]
        outputs = outputs_of(self.rival.run(batch))
        return InferenceResponse(model_name=self.name, outputs=outputs)


def contents_of(tensor: RequestInput) -> Any:
    codecs: dict[str, Any] = {"tabular": NumpyCodec, "text": StringCodec, "image": Base64Codec}
    return codecs[KIND].decode_input(tensor)


def outputs_of(answers: list[Answer]) -> list[ResponseOutput]:
    def floats(name: str, width: int, values: list[float]) -> ResponseOutput:
        return ResponseOutput(name=name, shape=[len(answers), width], datatype="FP64", data=values)

    def strings(name: str, values: list[str]) -> ResponseOutput:
        return ResponseOutput(name=name, shape=[len(answers), 1], datatype="BYTES", data=values)

    if KIND == "tabular":
        return [floats("score", 1, [answer["score"] for answer in answers])]
    if KIND == "text":
        probabilities = [value for answer in answers for value in answer["probabilities"].values()]
        labels = [answer["label"] for answer in answers]
        return [strings("label", labels), floats("probabilities", 2, probabilities)]
    # The protocol has no tensor for a list of objects.
    return [strings("answer", [json.dumps(answer) for answer in answers])]
