"""Golden values of libs/tensor/src/audio: resampling by scipy, and compressed files by libsndfile and ffmpeg.

  pip install numpy==2.4.6 scipy==1.17.1 soundfile==0.14.0 imageio-ffmpeg==0.8.1
  python3 tools/golden/audio.py

Resampling: libs/tensor must give the values of scipy.signal.resample_poly (float64, default window) within 1e-6.
Compressed files: the tones of `chord`, whose samples the test computes again; lossy ones must come near to them.
"""

import json
import pathlib
import subprocess

import imageio_ffmpeg
import numpy as np
import scipy
import soundfile
from scipy.signal import resample_poly

FOLDER = pathlib.Path(__file__).parents[2] / "libs/tensor/src/audio/golden"
RATES = [(8000, 16000), (11025, 16000), (16000, 8000), (22050, 16000), (44100, 16000), (48000, 16000), (192000, 16000)]
FORMATS = {
    "tone.mp3": ("MP3", "MPEG_LAYER_III", 44100, 2),
    "tone-mono.mp3": ("MP3", "MPEG_LAYER_III", 22050, 1),
    "tone.flac": ("FLAC", "PCM_16", 44100, 2),
    "tone-vorbis.ogg": ("OGG", "VORBIS", 44100, 2),
    "tone-opus.ogg": ("OGG", "OPUS", 48000, 1),
}


def signal(count):
    """A sweep and a step: `sweep` of the test."""
    n = np.arange(count)
    return 0.5 * np.sin(0.0005 * n * n) + 0.25 * (n % 50 < 25)


def chord(rate, channels, seconds=0.5):
    """440 Hz at 0.4 in the first channel, 660 Hz at 0.3 in the second."""
    t = np.arange(int(rate * seconds)) / rate
    tones = [0.4 * np.sin(2 * np.pi * 440 * t), 0.3 * np.sin(2 * np.pi * 660 * t)]
    return np.stack(tones[:channels], axis=1)


def resampling():
    cases = []
    for from_hz, to_hz in RATES:
        divisor = np.gcd(from_hz, to_hz)
        result = resample_poly(signal(300), to_hz // divisor, from_hz // divisor)
        cases.append({"fromHz": from_hz, "toHz": to_hz, "samples": [round(float(v), 9) for v in result]})
    reference = f"scipy.signal.resample_poly, scipy {scipy.__version__}, numpy {np.__version__}"
    return {"reference": reference, "tolerance": 1e-6, "inputSamples": 300, "cases": cases}


def main():
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "resampler.json").write_text(json.dumps(resampling()) + "\n")
    for name, (container, subtype, rate, channels) in FORMATS.items():
        soundfile.write(FOLDER / name, chord(rate, channels), rate, format=container, subtype=subtype)
    ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
    arguments = ["-v", "error", "-y", "-i", FOLDER / "tone.flac", "-fflags", "+bitexact", "-flags:a", "+bitexact"]
    subprocess.run([ffmpeg, *arguments, FOLDER / "tone.m4a"], check=True)
    subprocess.run([ffmpeg, *arguments, "-c:a", "flac", FOLDER / "tone-flac.ogg"], check=True)


if __name__ == "__main__":
    main()
