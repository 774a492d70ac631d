"""Makes the probes of apps/speech-to-text/models by ONNX Runtime's own Python, on the publishers' files.

    pip install numpy==2.4.6 onnxruntime==1.32.0 scipy==1.17.1
    python tools/golden/speech.py FOLDER

FOLDER holds the three .onnx files under the names of the manifests' entries. Inputs are tones made here. One probe of the
encoder is a recording, so that decoding, mixing and resampling are proved with it.
"""

import base64
import io
import json
import pathlib
import sys
import wave

import numpy
import onnxruntime
import scipy
from scipy.signal import resample_poly

MODELS = pathlib.Path(__file__).resolve().parents[2] / "apps/speech-to-text/models"
REFERENCE = f"onnxruntime {onnxruntime.__version__} (Python), on the publisher's own file"
TOLERANCE = {"absolute": 0.002, "relative": 0.002}
RECORDED_HZ = 8000
MODEL_HZ = 16000


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


def recording():
    """A sweep on the left, a tone on the right, 0.15 s in 16 bits."""
    n = numpy.arange(RECORDED_HZ * 3 // 20)
    left = 0.4 * numpy.sin(n * n * 0.0012)
    right = 0.2 * numpy.sin(n * 0.35)
    return numpy.round(numpy.stack([left, right], axis=-1) * 32767).astype("<i2")


def wav(samples):
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(samples.shape[1])
        writer.setsampwidth(2)
        writer.setframerate(RECORDED_HZ)
        writer.writeframes(samples.tobytes())
    return file.getvalue()


def recorded_probe(session):
    samples = recording()
    mono = (samples.astype(numpy.float64) / 32768).mean(axis=-1)
    resampled = resample_poly(mono, MODEL_HZ, RECORDED_HZ).astype(numpy.float32)
    [hidden] = session.run(["last_hidden_state"], {"input_values": resampled.reshape(1, -1)})
    # As many as tell whether the others are right as well.
    at = list(range(0, hidden.size, 29))
    return {
        "name": "a stereo recording at 8 kHz, through our decoder and resampler",
        "raw": {"base64": base64.b64encode(wav(samples)).decode()},
        "outputs": {"last_hidden_state": {**tensor_json(hidden), "at": at, "data": [round(float(hidden.flat[i]), 6) for i in at]}},
        "tolerance": TOLERANCE,
        "reference": f"tools/golden/speech.py, scipy {scipy.__version__} (resample_poly), {REFERENCE}",
    }


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
        if make is encoder_probe:
            manifest["probes"].append(recorded_probe(session))
        path.write_text(json.dumps(manifest, indent=2) + "\n")


if __name__ == "__main__":
    main()
