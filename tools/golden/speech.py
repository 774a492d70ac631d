"""Makes the probes of apps/speech-to-text/models by ONNX Runtime's own Python, on the publishers' files.

    pip install numpy==2.4.6 onnxruntime==1.32.0
    python tools/golden/speech.py FOLDER

FOLDER holds the three .onnx files under the names of the manifests' entries. Inputs are tones made here.
"""

import json
import pathlib
import sys

import numpy
import onnxruntime

MODELS = pathlib.Path(__file__).resolve().parents[2] / "apps/speech-to-text/models"
REFERENCE = f"onnxruntime {onnxruntime.__version__} (Python), on the publisher's own file"
TOLERANCE = {"absolute": 0.002, "relative": 0.002}


def tone(count, scale=0.1):
    n = numpy.arange(count)
    return numpy.round(scale * numpy.sin(n * n * 0.002), 4).astype(numpy.float32)


def tensor_json(value):
    return {
        "dtype": str(value.dtype),
        "shape": list(value.shape),
        "data": [round(float(number), 6) if value.dtype == numpy.float32 else int(number) for number in value.flat],
    }


def encoder_probe():
    return {"input_values": tone(1024).reshape(1, -1)}, ["last_hidden_state"]


def decoder_probe():
    past = numpy.zeros((1, 8, 0, 36), numpy.float32)
    inputs = {f"past_key_values.{i}.{a}.{b}": past for i in range(6) for a in ("decoder", "encoder") for b in ("key", "value")}
    hidden = tone(288, 1.0).reshape(1, 1, 288)
    first = {"input_ids": numpy.array([[1]]), "encoder_hidden_states": hidden, "use_cache_branch": numpy.array([False])}
    # What the last layer keeps has passed through all layers below it.
    return {**first, **inputs}, ["present.5.decoder.value", "present.5.encoder.key"]


def voice_activity_probe():
    inputs = {"input": tone(576).reshape(1, -1), "state": tone(256).reshape(2, 1, 128), "sr": numpy.array(16000)}
    return inputs, ["output", "stateN"]


def main():
    probes = {
        "moonshine-encoder.json": encoder_probe,
        "moonshine-decoder.json": decoder_probe,
        "silero-vad.json": voice_activity_probe,
    }
    for name, make in probes.items():
        path = MODELS / name
        manifest = json.loads(path.read_text())
        inputs, outputs = make()
        session = onnxruntime.InferenceSession(pathlib.Path(sys.argv[1]) / manifest["entry"])
        results = session.run(outputs, inputs)
        manifest["probes"] = [
            {
                "name": "a sweep",
                "inputs": {key: tensor_json(value) for key, value in inputs.items()},
                "outputs": {key: tensor_json(value) for key, value in zip(outputs, results)},
                "tolerance": TOLERANCE,
                "reference": REFERENCE,
            }
        ]
        path.write_text(json.dumps(manifest, indent=2) + "\n")


if __name__ == "__main__":
    main()
