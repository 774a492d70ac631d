"""Golden values of libs/tensor/src/audio/spectrum by librosa, in float64.

  pip install numpy==2.4.6 scipy==1.17.1 librosa==0.11.0
  python3 tools/golden/spectrogram.py

Whisper's own form of the log mel spectrogram is worked out here by its formula, from librosa's mel power.
"""

import json
import pathlib

import librosa
import numpy as np

FOLDER = pathlib.Path(__file__).parents[2] / "libs/tensor/src/audio/golden"
RATE = 16000
SAMPLES = 2000


def signal():
    """A sweep and a step, rounded to float32: `sweep` of the test."""
    n = np.arange(SAMPLES)
    return (0.5 * np.sin(0.0005 * n * n) + 0.25 * (n % 50 < 25)).astype(np.float32).astype(np.float64)


PADDINGS = {"zero": {"pad_mode": "constant"}, "reflect": {"pad_mode": "reflect"}, "none": {"center": False}}
MEL_SCALES = {"slaney": {"htk": False, "norm": "slaney"}, "htk": {"htk": True, "norm": None}}


def spectrum(fftSize, hopLength, padding, windowLength=None, window="hann"):
    name = {"rectangular": "boxcar"}.get(window, window)
    return librosa.stft(signal(), n_fft=fftSize, hop_length=hopLength, win_length=windowLength, window=name, **PADDINGS[padding])


def bank(fftSize, bands, scale, sampleRateHz=RATE, minHz=0.0, maxHz=None):
    return librosa.filters.mel(sr=sampleRateHz, n_fft=fftSize, n_mels=bands, fmin=minHz, fmax=maxHz, dtype=np.float64, **MEL_SCALES[scale])


def mel_power(options):
    stft_options = {key: options[key] for key in ("fftSize", "hopLength", "padding", "windowLength", "window") if key in options}
    mel_options = {key: options[key] for key in ("fftSize", "bands", "scale", "minHz", "maxHz") if key in options}
    magnitudes = np.abs(spectrum(**stft_options)) ** options.get("power", 2)
    return bank(**mel_options) @ magnitudes[:, : magnitudes.shape[1] - options.get("dropLast", 0)]


def whisper(power):
    logarithms = np.log10(np.maximum(power, 1e-10))
    return (np.maximum(logarithms, logarithms.max() - 8) + 4) / 4


def case(options, values):
    return {"options": options, "shape": list(values.shape), "values": [float(f"{v:.9g}") for v in values.ravel()]}


def main():
    stfts = [
        {"fftSize": 64, "hopLength": 200, "padding": "zero"},
        {"fftSize": 50, "hopLength": 333, "padding": "reflect", "window": "hamming"},
        {"fftSize": 45, "hopLength": 300, "padding": "none", "windowLength": 31},
        {"fftSize": 28, "hopLength": 400, "padding": "none", "window": "rectangular"},
    ]
    banks = [
        {"sampleRateHz": 16000, "fftSize": 400, "bands": 8, "scale": "slaney"},
        {"sampleRateHz": 22050, "fftSize": 256, "bands": 6, "scale": "htk", "minHz": 80, "maxHz": 7600},
        {"sampleRateHz": 8000, "fftSize": 63, "bands": 5, "scale": "slaney", "minHz": 20},
    ]
    mels = [
        {"sampleRateHz": RATE, "fftSize": 400, "hopLength": 160, "padding": "reflect", "bands": 80, "scale": "slaney", "dropLast": 1},
        {"sampleRateHz": RATE, "fftSize": 512, "hopLength": 256, "padding": "zero", "bands": 20, "scale": "htk", "windowLength": 400, "power": 1},
    ]
    powers = [mel_power(options) for options in mels]
    decibels = [{}, {"reference": "max"}, {"reference": 0.5, "floor": 1e-4, "topDb": 30}]
    content = {
        "maker": "tools/golden/spectrogram.py",
        "reference": f"librosa {librosa.__version__}, numpy {np.__version__}",
        "tolerance": {"relative": 2e-6, "ofLargest": 2e-7},
        "inputSamples": SAMPLES,
        "stft": [case(options, np.stack([(s := spectrum(**options)).real, s.imag], axis=-1)) for options in stfts],
        "melFilterBank": [case(options, bank(**options)) for options in banks],
        "melSpectrogram": [case(options, power) for options, power in zip(mels, powers)],
        "powerToWhisper": case({}, whisper(powers[0])),
        "powerToDecibels": [
            case(
                options,
                librosa.power_to_db(
                    powers[1],
                    ref=np.max if options.get("reference") == "max" else options.get("reference", 1.0),
                    amin=options.get("floor", 1e-10),
                    top_db=options.get("topDb", 80.0),
                ),
            )
            for options in decibels
        ],
        "mfcc": case({"coefficients": 13}, librosa.feature.mfcc(S=librosa.power_to_db(powers[1]), n_mfcc=13)),
    }
    (FOLDER / "spectrogram.json").write_text(json.dumps(content) + "\n")


if __name__ == "__main__":
    main()
