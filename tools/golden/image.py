"""Makes the golden values of libs/tensor/src/image by Pillow.

    pip install numpy==2.4.6 pillow==13.0.0
    python tools/golden/image.py

Every picture is painted here from a formula; the files written are those that the tests read.
"""

import base64
import io
import json
import pathlib

import numpy
import PIL
from PIL import Image, ImageOps

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "libs/tensor/src/image/golden"
REFERENCE = f"Pillow {PIL.__version__}, numpy {numpy.__version__}"


def painting(width: int, height: int) -> Image.Image:
    """Smooth colours with a hard-edged square: the test paints the same picture."""
    y, x = numpy.mgrid[0:height, 0:width]
    red = (x * 7 + y * 3) % 256
    green = (x * x + y * 5) % 256
    blue = numpy.where((x // 4 + y // 4) % 2 == 0, 230, 20)
    return Image.fromarray(numpy.stack([red, green, blue], axis=-1).astype(numpy.uint8), "RGB")


def encoded(image: Image.Image, **options) -> str:
    buffer = io.BytesIO()
    image.save(buffer, **options)
    return base64.b64encode(buffer.getvalue()).decode()


def pixels(image: Image.Image) -> dict:
    return {"width": image.width, "height": image.height, "pixels": base64.b64encode(image.tobytes()).decode()}


def opened(file: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(file)))


def resize_cases() -> list[dict]:
    sizes = [((23, 17), (11, 9)), ((23, 17), (40, 31)), ((64, 5), (7, 5)), ((9, 40), (9, 3)), ((1, 1), (6, 4)), ((50, 50), (1, 1)), ((301, 97), (40, 21))]
    cases = []
    for name in ["bilinear", "bicubic", "box"]:
        for old, new in sizes:
            # Where the triangle is wide, libs/tensor sums with weights that are not rounded to fixed point.
            tolerance = 1 if name == "bilinear" and old[0] >= 4 * new[0] else 0
            resized = painting(*old).resize(new, Image.Resampling[name.upper()])
            cases.append({"filter": name, "from": old, "tolerance": tolerance, **pixels(resized)})
    return cases


def decode_cases() -> list[dict]:
    image = painting(24, 16)
    exif = Image.Exif()
    cases = []

    def add(name: str, file: str, reference: Image.Image, tolerance: int = 0, **facts) -> None:
        cases.append({"name": name, "file": file, **pixels(reference), "tolerance": tolerance, **facts})

    for orientation in range(1, 9):
        exif[0x0112] = orientation
        file = encoded(image, format="JPEG", quality=92, subsampling=0, exif=exif)
        upright = ImageOps.exif_transpose(opened(file))
        add(f"JPEG of orientation {orientation}", file, upright, orientation=orientation)
    for name, options in [
        ("JPEG with half the colour", {"format": "JPEG", "quality": 90, "subsampling": 2}),
        ("progressive JPEG", {"format": "JPEG", "quality": 90, "subsampling": 0, "progressive": True}),
        ("PNG", {"format": "PNG"}),
        ("WebP", {"format": "WEBP", "lossless": True}),
    ]:
        file = encoded(image, **options)
        add(name, file, opened(file).convert("RGB"))
    grey = image.convert("L")
    add("grey PNG", encoded(grey, format="PNG"), grey.convert("RGB"))
    add("grey JPEG", file := encoded(grey, format="JPEG", quality=95), opened(file).convert("RGB"))
    palette = image.quantize(16)
    add("PNG with a palette", encoded(palette, format="PNG"), palette.convert("RGB"))
    deep = numpy.asarray(grey).astype(numpy.uint16) * 257
    add("PNG of 16 bit", encoded(Image.fromarray(deep), format="PNG"), grey.convert("RGB"))
    glass = image.copy()
    glass.putalpha(Image.fromarray((numpy.arange(24 * 16) % 256).astype(numpy.uint8).reshape(16, 24), "L"))
    on_white = Image.alpha_composite(Image.new("RGBA", glass.size, "white"), glass).convert("RGB")
    # Two roundings of the same blend.
    add("PNG with alpha", encoded(glass, format="PNG"), on_white, tolerance=1, hadAlpha=True)
    # Pillow inverts ink without a profile, libvips has one: the colours agree roughly.
    flat = Image.new("CMYK", (24, 16), (0, 255, 255, 0))
    add("CMYK JPEG", encoded(flat, format="JPEG", quality=95), flat.convert("RGB"), tolerance=60)
    film = encoded(image, format="WEBP", lossless=True, save_all=True, append_images=[grey.convert("RGB")])
    add("animated WebP", film, image, frames=2)
    return cases


def write(name: str, content: dict) -> None:
    text = json.dumps({"maker": "tools/golden/image.py", "reference": REFERENCE, **content}, indent=1)
    (FOLDER / name).write_text(text + "\n")


write("resize.json", {"cases": resize_cases()})
write("decode-image.json", {"cases": decode_cases()})
