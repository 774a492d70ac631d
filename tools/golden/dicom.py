"""Makes the golden values of libs/tensor/src/dicom by pydicom.

    pip install pydicom==3.0.2 numpy==2.4.6 pillow==13.0.0 pylibjpeg==2.1.0 pylibjpeg-openjpeg==2.6.0
    python tools/golden/dicom.py

Every picture is painted here from a formula and belongs to nobody; the files written are those that the tests read.
"""

import base64
import io
import json
import pathlib

import numpy
import PIL
import pydicom
from PIL import Image
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixels import apply_modality_lut, apply_voi_lut
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    DigitalXRayImageStorageForPresentation,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    RLELossless,
)

FILE = pathlib.Path(__file__).resolve().parents[2] / "libs/tensor/src/dicom/golden/decode-dicom.json"
REFERENCE = f"pydicom {pydicom.__version__}, numpy {numpy.__version__}, Pillow {PIL.__version__}, pylibjpeg-openjpeg 2.6.0"
# OpenJPEG writes no picture below 32 pixels a side.
ROWS, COLUMNS = 33, 38


def ramp(low: int, high: int) -> numpy.ndarray:
    """Values from low to high along the rows, with a hard-edged square and some runs."""
    values = numpy.linspace(low, high, ROWS * COLUMNS).reshape(ROWS, COLUMNS).round().astype(numpy.int64)
    values[9:21, 12:27] = high
    values[24, :] = low
    return values


def dataset(values: numpy.ndarray, syntax: str, bits: int, stored: int, signed: bool, **elements) -> FileDataset:
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = syntax
    meta.MediaStorageSOPClassUID = DigitalXRayImageStorageForPresentation
    meta.MediaStorageSOPInstanceUID = "1.2.3.4"
    made = FileDataset(
        None,
        {},
        file_meta=meta,
        preamble=b"\0" * 128,
        is_implicit_VR=syntax.is_implicit_VR,
        is_little_endian=syntax.is_little_endian,
    )
    made.SOPClassUID, made.SOPInstanceUID = meta.MediaStorageSOPClassUID, "1.2.3.4"
    made.Modality, made.BodyPartExamined = "DX", "CHEST"
    made.SamplesPerPixel, made.PhotometricInterpretation = 1, "MONOCHROME2"
    made.Rows, made.Columns = values.shape[-2:]
    made.BitsAllocated, made.BitsStored, made.HighBit = bits, stored, stored - 1
    made.PixelRepresentation = int(signed)
    for name, value in elements.items():
        setattr(made, name, value)
    order = ">" if syntax == ExplicitVRBigEndian else "<"
    words = (values & (2**bits - 1)).astype(f"{order}u{bits // 8}")
    content = words.tobytes()
    made.PixelData = content + b"\0" * (len(content) % 2)
    made["PixelData"].VR = "OB" if bits == 8 else "OW"
    if order == ">" and bits == 8:
        # Under OW even bytes are words, each stored the other way round.
        made.PixelData = numpy.frombuffer(made.PixelData, "<u2").byteswap().tobytes()
        made["PixelData"].VR = "OW"
    return made


def table(first: int, entries: list[int], bits: int) -> Dataset:
    item = Dataset()
    item.add_new("LUTDescriptor", "US", [len(entries), first, bits])
    item.add_new("LUTData", "US", entries)
    return item


def encapsulated(made: FileDataset, frames: list[bytes], syntax: str) -> FileDataset:
    made.file_meta.TransferSyntaxUID = syntax
    made.PixelData = encapsulate(frames, fragments_per_frame=2, has_bot=False)
    made["PixelData"].VR = "OB"
    made["PixelData"].is_undefined_length = True
    return made


def jpeg(values: numpy.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(values.astype(numpy.uint8)).save(buffer, format="JPEG", quality=92)
    return buffer.getvalue()


def grey(file: bytes) -> tuple[numpy.ndarray, str]:
    """The picture as pydicom shows it, brought to 0..1."""
    read = pydicom.dcmread(io.BytesIO(file))
    values = read.pixel_array
    values = values[0] if values.ndim == 3 else values
    modality = apply_modality_lut(values, read)
    shown = apply_voi_lut(modality, read).astype(numpy.float64)
    if "VOILUTSequence" in read:
        scaling, low, high = "lookup-table", 0, 2 ** read.VOILUTSequence[0].LUTDescriptor[2] - 1
    elif "WindowWidth" in read:
        # pydicom spreads a window over the range of the stored bits, after slope and intercept.
        scaling, stored = "window", read.BitsStored
        low, high = (-(2 ** (stored - 1)), 2 ** (stored - 1) - 1) if read.PixelRepresentation else (0, 2**stored - 1)
        slope, intercept = float(read.get("RescaleSlope", 1)), float(read.get("RescaleIntercept", 0))
        low, high = low * slope + intercept, high * slope + intercept
    else:
        scaling, low, high = "value-range", shown.min(), shown.max()
    shown = (shown - low) / (high - low)
    return (1 - shown if read.PhotometricInterpretation == "MONOCHROME1" else shown), scaling


CASES = []


def add(name: str, made: FileDataset, tolerance: float = 1e-6) -> None:
    buffer = io.BytesIO()
    made.save_as(buffer, enforce_file_format=True)
    pixels, scaling = grey(buffer.getvalue())
    CASES.append({
        "name": name,
        "file": base64.b64encode(buffer.getvalue()).decode(),
        "rows": ROWS,
        "columns": COLUMNS,
        "transferSyntax": str(made.file_meta.TransferSyntaxUID),
        "scaling": scaling,
        "pixels": base64.b64encode(pixels.astype("<f4").tobytes()).decode(),
        "tolerance": tolerance,
    })


LITTLE = ExplicitVRLittleEndian
WINDOW = {"WindowCenter": 2000, "WindowWidth": 1500}
add("implicit little endian", dataset(ramp(0, 4095), ImplicitVRLittleEndian, 16, 12, False))
add("explicit little endian", dataset(ramp(0, 4095), LITTLE, 16, 12, False))
add("explicit big endian", dataset(ramp(0, 4095), ExplicitVRBigEndian, 16, 12, False))
add("explicit big endian of 8 bits", dataset(ramp(0, 255), ExplicitVRBigEndian, 8, 8, False))
add("deflated", dataset(ramp(0, 4095), DeflatedExplicitVRLittleEndian, 16, 12, False, **WINDOW))
add("8 bits", dataset(ramp(3, 250), LITTLE, 8, 8, False))
add("15 bits", dataset(ramp(0, 32767), LITTLE, 16, 15, False))
add("16 bits", dataset(ramp(0, 65535), LITTLE, 16, 16, False))
add("signed 12 bits", dataset(ramp(-2048, 2047), LITTLE, 16, 12, True))
add("signed 16 bits, rescaled", dataset(ramp(-3000, 3000), LITTLE, 16, 16, True, RescaleSlope="0.5", RescaleIntercept="-100", WindowCenter="40", WindowWidth="400"))
add("MONOCHROME1", dataset(ramp(0, 4095), LITTLE, 16, 12, False, PhotometricInterpretation="MONOCHROME1", **WINDOW))
add("the first of two windows", dataset(ramp(0, 4095), LITTLE, 16, 12, False, WindowCenter=[1000, 9], WindowWidth=[800, 5]))
for shape in ("LINEAR_EXACT", "SIGMOID"):
    add(f"window of {shape}", dataset(ramp(0, 4095), LITTLE, 16, 12, False, VOILUTFunction=shape, **WINDOW))
add("window of width 1", dataset(ramp(0, 4095), LITTLE, 16, 12, False, WindowCenter=2000, WindowWidth=1))
curve = [round(1023 * (index / 255) ** 2) for index in range(256)]
add("VOI table", dataset(ramp(0, 400), LITTLE, 16, 12, False, VOILUTSequence=[table(50, curve, 10)], **WINDOW))
add("modality table", dataset(ramp(0, 300), LITTLE, 16, 12, False, ModalityLUTSequence=[table(10, curve[::-1], 16)]))
add("two frames", dataset(numpy.stack([ramp(0, 4095), ramp(4095, 0)]), LITTLE, 16, 12, False, NumberOfFrames=2))
for bits, stored, signed, values in [(8, 8, False, ramp(0, 255)), (16, 12, True, ramp(-2048, 2047))]:
    packed = dataset(values, LITTLE, bits, stored, signed)
    packed.compress(RLELossless)
    add(f"RLE of {bits} bits", packed)
for bits, stored, signed, values in [
    (8, 8, False, ramp(0, 255)),
    (16, 8, False, ramp(0, 255)),
    (16, 15, False, ramp(0, 32767)),
    (16, 12, True, ramp(-2048, 2047)),
]:
    packed = dataset(values, LITTLE, bits, stored, signed, **WINDOW)
    packed.compress(JPEG2000Lossless)
    add(f"JPEG 2000 of {stored} in {bits} bits{', signed' if signed else ''}", packed)
packed = dataset(ramp(0, 4095), LITTLE, 16, 12, False)
packed.compress(JPEG2000, j2k_cr=[4])
add("JPEG 2000 with loss", packed, tolerance=1e-3)
# Two decoders of JPEG may round to neighbouring values.
baseline = encapsulated(dataset(ramp(0, 255), LITTLE, 8, 8, False), [jpeg(ramp(0, 255))], JPEGBaseline8Bit)
add("JPEG baseline in two fragments", baseline, tolerance=1.01 / 255)

content = {"maker": "tools/golden/dicom.py", "reference": REFERENCE, "cases": CASES}
FILE.write_text(json.dumps(content, indent=1) + "\n")
