"""Makes the golden values and the sample of apps/medical-imaging: films painted from a formula, and the film of the sample,
read by pydicom and Pillow, cut and resized by Pillow, the model by ONNX's reference evaluator. Run it again whenever the
model was trained anew.

    pip install numpy==2.4.6 onnx==1.23.2 pillow==13.0.0 pydicom==3.0.2 pylibjpeg==2.1.0 pylibjpeg-openjpeg==2.6.0
    pip download --no-deps --only-binary :all: pydicom-data==1.0.0
    python tools/golden/pneumonia.py pydicom_data-1.0.0-py3-none-any.whl
"""

import base64
import hashlib
import io
import json
import pathlib
import sys
import zipfile

import numpy
import onnx
import onnx.reference
import PIL
import pydicom
from PIL import Image
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.pixels import apply_modality_lut, apply_voi_lut
from pydicom.uid import DigitalXRayImageStorageForPresentation, ExplicitVRLittleEndian, JPEG2000Lossless

ROOT = pathlib.Path(__file__).resolve().parents[2]
APP = ROOT / "apps/medical-imaging"
SETTINGS = json.loads((APP / "models/pneumonia-cnn.json").read_text())["preprocessing"]
MODEL = onnx.reference.ReferenceEvaluator(str(APP / "models/pneumonia-cnn/graph.onnx"))
SAMPLE = "data_store/data/RG1_J2KI.dcm"
REFERENCE = (
    f"tools/golden/pneumonia.py: pydicom {pydicom.__version__}, pylibjpeg-openjpeg 2.6.0, Pillow {PIL.__version__}, "
    f"onnx {onnx.__version__} reference evaluator, numpy {numpy.__version__}"
)


def painting(width: int, height: int, haze: float) -> numpy.ndarray:
    """Something like a chest, 0..1: dark lungs and shoulders, a bright belly, ribs, and haze over one lung."""
    y, x = numpy.mgrid[0:height, 0:width]
    x, y = (x - (width - 1) / 2) / min(width, height), (y - (height - 1) / 2) / min(width, height)
    lungs = numpy.exp(-(((numpy.abs(x) - 0.24) / 0.13) ** 2) - ((y + 0.08) / 0.26) ** 2)
    belly = 1 / (1 + numpy.exp(-25 * (y - 0.22)))
    beside = numpy.exp(-(((numpy.abs(x) - 0.5) / 0.12) ** 2) - ((y + 0.45) / 0.4) ** 2)
    ribs = 0.06 * numpy.sin(45 * (y + 0.4 * numpy.abs(x)))
    clouds = haze * numpy.exp(-(((x - 0.2) / 0.12) ** 2) - ((y - 0.05) / 0.15) ** 2)
    return numpy.clip(0.65 - 0.4 * lungs + 0.25 * belly - 0.4 * beside + ribs + clouds, 0, 1)


def dicom(film: numpy.ndarray, photometric: str, compress: bool) -> bytes:
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = DigitalXRayImageStorageForPresentation
    meta.MediaStorageSOPInstanceUID = "1.2.3.4"
    made = FileDataset(None, {}, file_meta=meta, preamble=b"\0" * 128)
    made.SOPClassUID, made.SOPInstanceUID = meta.MediaStorageSOPClassUID, "1.2.3.4"
    made.PatientName, made.PatientID, made.PatientBirthDate = "Doe^Jane", "MRN-0815", "19700101"
    made.Modality, made.BodyPartExamined, made.ViewPosition = "DX", "CHEST", "AP"
    made.SamplesPerPixel, made.PhotometricInterpretation = 1, photometric
    made.Rows, made.Columns = film.shape
    made.BitsAllocated, made.BitsStored, made.HighBit, made.PixelRepresentation = 16, 12, 11, 0
    made.WindowCenter, made.WindowWidth = 2000, 3600
    made.PixelData = numpy.round(4095 * (1 - film if photometric == "MONOCHROME1" else film)).astype("<u2").tobytes()
    made["PixelData"].VR = "OW"
    if compress:
        made.compress(JPEG2000Lossless)
    buffer = io.BytesIO()
    made.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def picture(film: numpy.ndarray, mode: str, format: str) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(numpy.round(255 * film).astype(numpy.uint8)).convert(mode).save(buffer, format=format)
    return buffer.getvalue()


def grey(file: bytes) -> Image.Image:
    """The film as a viewer shows it."""
    if file[128:132] != b"DICM":
        return Image.open(io.BytesIO(file)).convert("L")
    read = pydicom.dcmread(io.BytesIO(file))
    shown = apply_voi_lut(apply_modality_lut(read.pixel_array, read), read).astype(numpy.float64)
    shown = shown / (2**read.BitsStored - 1)
    shown = 1 - shown if read.PhotometricInterpretation == "MONOCHROME1" else shown
    return Image.fromarray(numpy.round(255 * shown).astype(numpy.uint8))


def small(image: Image.Image) -> numpy.ndarray:
    side = min(image.size)
    left, top = (image.width - side + 1) // 2, (image.height - side + 1) // 2
    cut = image.crop((left, top, left + side, top + side))
    return numpy.array(cut.resize((SETTINGS["side"], SETTINGS["side"]), Image.Resampling.BILINEAR))


def ratio(pixels: numpy.ndarray) -> float:
    return float(MODEL.run(None, {"films": (pixels / 255).astype(numpy.float32)[None]})[0][0])


def probability(log_ratio: float) -> float:
    prior = numpy.log(SETTINGS["prevalence"] / (1 - SETTINGS["prevalence"]))
    return float(1 / (1 + numpy.exp(-log_ratio - prior)))


def case(name: str, file: bytes) -> dict:
    pixels = small(grey(file))
    return {
        "name": name,
        "file": base64.b64encode(file).decode(),
        "pixels": base64.b64encode(pixels.tobytes()).decode(),
        "probability": probability(ratio(pixels)),
    }


def write_sample(wheel: str) -> None:
    file = zipfile.ZipFile(wheel).read(SAMPLE)
    expected = probability(ratio(small(grey(file))))
    threshold = probability(SETTINGS["threshold"])
    sample = {
        "operation": "classify",
        "title": "a chest film (adult, many opacities)",
        "request": {
            "method": "POST",
            "path": "/v1/medical-imaging/classify",
            "file": {
                "source": f"pypi:pydicom-data==1.0.0#{SAMPLE}",
                "sha256": hashlib.sha256(file).hexdigest(),
                "bytes": len(file),
                "type": "application/dicom",
            },
        },
        "show": ["/output/findings/0/label", "/output/findings/0/probability"],
        "expect": [
            {"pointer": "/output/findings/0/label", "value": "pneumonia"},
            {"pointer": "/output/findings/0/probability", "value": round(expected, 4), "tolerance": 0.005},
            {"pointer": "/output/findings/0/positive", "value": bool(expected >= threshold)},
            {"pointer": "/output/reviewRequired", "value": True},
            {"pointer": "/output/film/modality", "value": "CR"},
            {"pointer": "/output/film/width", "value": 1841},
        ],
        "reference": f"{REFERENCE}.",
    }
    (APP / "samples/classify.json").write_text(json.dumps(sample, indent=2) + "\n")
    print("sample", expected, threshold)


CASES = [
    case("a DICOM film", dicom(painting(97, 120, 0), "MONOCHROME2", False)),
    case("a DICOM film of JPEG 2000, MONOCHROME1", dicom(painting(140, 101, 0.5), "MONOCHROME1", True)),
    case("a PNG in grey", picture(painting(120, 120, 0.3), "L", "PNG")),
    case("a PNG in RGB", picture(painting(90, 123, 0.5), "RGB", "PNG")),
    case("a film of 28 x 28", picture(painting(28, 28, 0), "L", "PNG")),
]
for made in CASES:
    print(made["name"], made["probability"])
content = {"maker": "tools/golden/pneumonia.py", "reference": REFERENCE, "cases": CASES}
(APP / "src/classify/golden/classify.json").write_text(json.dumps(content, indent=1) + "\n")
write_sample(sys.argv[1])
