"""Pictures whose headers promise too much, whose data is a bomb, or whose kind is rare."""

import struct
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import segno
from PIL import Image

from tests.hostile.bytes_of import deflated_zeros, png, png_chunk, tiff
from tests.unit.reading.documents import encoded

Files = Iterator[tuple[str, bytes]]
SMALL: dict[str, Any] = {"width": 64, "height": 64}


def drawing(mode: str = "RGB", size: tuple[int, int] = (120, 90)) -> Image.Image:
    """A small picture with something on it."""
    return Image.radial_gradient("L").resize(size).convert(mode)


def pngs() -> Files:
    yield "png of 2.5 gigapixels", png(width=50_000, height=50_000, depth=1, data=deflated_zeros(300))
    yield "png of 2^31 by 2^31", png(width=2**31 - 1, height=2**31 - 1, data=b"")
    yield "png of 99 megapixels in colour", png(width=9_900, height=9_999, colour=2, data=deflated_zeros(284))
    yield (
        "png of 36 megapixels in 16 bits with alpha",
        png(width=6_000, height=6_000, depth=16, colour=6, data=deflated_zeros(275)),
    )
    yield "png of nothing", png(width=0, height=0)
    yield "png of 1 by 90000", png(width=1, height=90_000)
    yield "png of 90000 by 1", png(width=90_000, height=1)
    yield "png of one pixel", png(width=1, height=1)
    yield "png of one pixel in 1 GiB", png(width=1, height=1, data=deflated_zeros(1024))
    yield "png of a colour type that is none", png(**SMALL, colour=7)
    yield "png of a depth that is none", png(**SMALL, depth=77)
    yield "png with a palette that is missing", png(**SMALL, colour=3)
    yield "png interlaced", png(**SMALL, interlace=1)
    yield "png without its end", png(**SMALL, end=False)
    yield "png without its data", png(**SMALL, data=b"")
    yield "png with a checksum that is wrong", png(**SMALL)[:-6] + b"\xff\xff" + png(**SMALL)[-4:]
    for kind, head in ((b"zTXt", b"k\0\0"), (b"iTXt", b"k\0\1\0\0\0"), (b"iCCP", b"p\0\0")):
        bomb = png_chunk(kind, head + deflated_zeros(900))
        yield f"png with 900 MiB in {kind.decode()}", png(**SMALL, before=bomb)
    for name, kind, data in (
        ("a resolution beyond measure", b"pHYs", b"\xff\xff\xff\xff\xff\xff\xff\xff\1"),
        ("no resolution", b"pHYs", bytes(9)),
        ("a resolution of one pixel by many", b"pHYs", struct.pack(">IIB", 1000, 190_000, 1)),
        ("exif of garbage", b"eXIf", b"II*\0\xff\xff\xff\xff"),
        ("a chunk of garbage", b"gAMA", b"\xff"),
        ("an animation of thousands of millions", b"acTL", b"\xff" * 8),
    ):
        yield f"png with {name}", png(**SMALL, before=png_chunk(kind, data))
    yield "png with 50000 chunks", png(**SMALL, before=png_chunk(b"tEXt", b"k\0v") * 50_000)
    yield "png with a chunk longer than the file", png(**SMALL, before=b"\x7f\xff\xff\xfftEXtk\0v")
    frames = [drawing(size=(64, 64)).rotate(angle) for angle in range(0, 90, 3)]
    yield "animated png", encoded(frames[0], "PNG", save_all=True, append_images=frames[1:])
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"):
        yield f"png of mode {mode}", encoded(drawing("L").convert(mode), "PNG")


def jpegs() -> Files:
    for mode in ("L", "RGB", "CMYK"):
        yield f"jpeg of mode {mode}", encoded(drawing(mode), "JPEG")
    plain = encoded(drawing(), "JPEG")
    frame = plain.index(b"\xff\xc0")
    yield "jpeg of 65500 by 65500", plain[: frame + 5] + b"\xff\xdc\xff\xdc" + plain[frame + 9 :]
    yield "jpeg of no height", plain[: frame + 5] + b"\0\0" + plain[frame + 7 :]
    yield "jpeg of 99 components", plain[: frame + 9] + b"\x63" + plain[frame + 10 :]
    waves = encoded(drawing(size=(2000, 2000)), "JPEG", progressive=True)
    scan = waves.index(b"\xff\xda")
    yield "jpeg of 3000 scans", waves[:-2] + waves[scan : scan + 400] * 3000 + b"\xff\xd9"
    yield "jpeg with tables of garbage", plain[:20] + b"\xff\xc4\x00\x43" + b"\xff" * 65 + plain[20:]
    yield (
        "jpeg with 20000 comments",
        plain[:2] + b"\xff\xfe\x00\x10" + b"c" * 14 + plain[2:2] + b"\xff\xfe\x00\x04cc" * 20_000 + plain[2:],
    )
    for name, exif in {
        "an orientation of 99": _exif({274: (3, (99,))}),
        "an orientation of letters": _exif({274: (2, b"left\0")}),
        "a resolution of 0/0": _exif({282: (5, (0, 0)), 283: (5, (0, 0)), 296: (3, (2,))}),
        "a directory in a circle": b"Exif\0\0II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0\x08\0\0\0",
        "4 thousand million entries": b"Exif\0\0II*\0\x08\0\0\0\xff\xff"
        + b"\x12\x01\x02\0\xff\xff\xff\xff\0\0\0\0" * 99,
        "garbage": b"Exif\0\0" + b"\xff" * 900,
    }.items():
        marker = b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
        yield f"jpeg with exif of {name}", plain[:2] + marker + plain[2:]
    yield "jpeg and nothing more", b"\xff\xd8\xff"
    yield "jpeg of garbage", b"\xff\xd8\xff\xe0" + b"\xff" * 100_000
    stereo = drawing()
    yield "jpeg of two pictures", encoded(stereo, "MPO", save_all=True, append_images=[stereo])


def _exif(tags: dict[int, Any]) -> bytes:
    return b"Exif\0\0" + tiff(tags)


Tags = dict[int, tuple[int, Any]]


def page(
    width: int = 64,
    height: int = 64,
    bits: int = 8,
    compression: int = 1,
    *,
    length: int | None = None,
    tags: Tags | None = None,
) -> Tags:
    """The tags of a grey page in one strip from byte 8 on; `tags` come on top."""
    strip = width * height * bits // 8 if length is None else length
    size: Tags = {256: (4, (width,)), 257: (4, (height,)), 258: (3, (bits,)), 259: (3, (compression,))}
    place: Tags = {262: (3, (1,)), 273: (4, (8,)), 277: (3, (1,)), 278: (4, (height,)), 279: (4, (strip,))}
    return size | place | (tags or {})


def tiffs() -> Files:
    grey = bytes(range(256)) * 16
    yield "tiff of one page", tiff(page(), data=grey)
    yield "tiff whose directory points to itself", tiff(page(), data=grey, next_ifd=8 + len(grey))
    yield "tiff of two directories in a circle", tiff(page(), data=grey, pages=2, next_ifd=8 + len(grey))
    yield "tiff of 51 pages", tiff(page(), data=grey, pages=51)
    yield "tiff of 20000 pages", tiff(page(), data=grey, pages=20_000)
    yield "tiff whose directory is beyond the file", tiff(page(), data=grey, next_ifd=4_000_000_000)
    yield "fax tiff of 1.6 gigapixels", tiff(page(40_000, 40_000, 1, 4, length=5000), data=bytes(5000))
    yield (
        "bilevel tiff of 96 megapixels",
        tiff(page(9_800, 9_800, 1, 8, length=13_000), data=deflated_zeros(12)[:13_000]),
    )
    for name, compression, data in (
        ("deflate", 8, deflated_zeros(900)),
        ("packbits", 32773, b"\x81\x00" * 400_000),
        ("lzw", 5, b"\x80" + b"\x00" * 50_000),
        ("jpeg", 7, b"\xff\xd8" + b"\xff" * 5000),
        ("fax", 3, bytes(5000)),
        ("nothing known", 60_000, bytes(5000)),
    ):
        yield f"tiff of {name} bomb", tiff(page(9_000, 9_000, 8, compression, length=len(data)), data=data)
    many = page(tags={273: (4, (8,) * 100_000), 279: (4, (4096,) * 100_000), 278: (4, (1,))})
    yield "tiff of 100000 strips", tiff(many, data=grey)
    kinds: dict[str, Tags] = {
        "65535 samples to a pixel": {277: (3, (65_535,))},
        "64 bits to a sample": {258: (3, (64,))},
        "a resolution of 0/0": {282: (5, (0, 0)), 283: (5, (0, 0)), 296: (3, (2,))},
        "a resolution of 1:200": {282: (5, (30, 1)), 283: (5, (4900, 1)), 296: (3, (2,))},
        "strips beyond the file": {273: (4, (4_000_000_000,))},
        "strips of no rows": {278: (4, (0,))},
        "negative sizes": {256: (4, (0xFFFFFFFF,)), 257: (4, (0xFFFFFFFF,))},
        "floats": {258: (3, (32,)), 339: (3, (3,)), 279: (4, (16_384,))},
        "tiles of no size": {322: (4, (0,)), 323: (4, (0,)), 324: (4, (8,)), 325: (4, (9,))},
        "a text of 1 MB": {270: (2, b"t" * 1_000_000)},
        "an orientation of 99": {274: (3, (99,))},
    }
    for name, tags in kinds.items():
        yield f"tiff with {name}", tiff(page(tags=tags), data=struct.pack("<f", float("nan")) * 4096)
    inside = encoded(drawing(), "TIFF", compression="jpeg")
    start = inside.index(b"\xff\xd8")
    yield "tiff of a jpeg", inside
    yield (
        "tiff of a jpeg without its tables",
        inside.replace(b"\xff\xc4", b"\xff\xfe").replace(b"\xff\xdb", b"\xff\xfe"),
    )
    yield "tiff of a jpeg of garbage", inside[: start + 20] + b"\xff" * 4000 + inside[start + 4020 :]
    frame = inside.find(b"\xff\xc0")
    yield "tiff of a jpeg of 65500 by 65500", inside[: frame + 5] + b"\xff\xdc\xff\xdc" + inside[frame + 9 :]
    yield "big tiff", encoded(drawing(), "TIFF", big_tiff=True)
    for mode in ("1", "CMYK", "I;16", "F", "LAB", "RGBA"):
        yield (
            f"tiff of mode {mode}",
            encoded(
                drawing("L").convert("RGB").convert("LAB") if mode == "LAB" else drawing("L").convert(mode), "TIFF"
            ),
        )
    yield "tiff and nothing more", b"II*\x00"


def webps() -> Files:
    frames = [drawing("RGBA", (64, 64)).rotate(angle) for angle in range(0, 90, 9)]
    yield "animated webp", encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:])
    yield "webp with alpha", encoded(drawing("RGBA"), "WEBP", quality=40)
    whole = encoded(drawing(), "WEBP", lossless=True)
    largest = whole[:21] + b"\xff\xff\xff\x0f" + whole[25:]
    yield "webp of 268 megapixels", largest
    yield "webp that says it is 4 GB", whole[:4] + b"\xff\xff\xff\xff" + whole[8:]
    yield "webp of garbage", b"RIFF\xff\xff\xff\x7fWEBPVP8 " + b"\xff" * 50_000
    yield "webp of no chunk", b"RIFF\x04\0\0\0WEBP"


def codes() -> Files:
    """QR codes whose payload is not what a payment wants."""
    payloads: dict[str, str | bytes] = {
        "as much as a code holds": "1" * 7000,
        "garbage": bytes(range(256)) * 5,
        "nul bytes": "SPC\n\0\0\0",
        "swiss head and nothing": "SPC\n0200\n1\n",
        "a thousand lines": "BCD\n" * 500,
        "right to left": "BCD\n002\n1\nSCT\n\n\u202eGmbH\nDE89370400440532013000\nEUR1\n",
        "an amount beyond measure": "BCD\n002\n1\nSCT\n\nX\nDE89370400440532013000\nEUR" + "9" * 900,
        "look-alike letters": "BCD\n002\n1\nSCT\n\n\u0410\u0421\u041c\u0415 GmbH\nD\u040589370400440532013000\nEUR1\n",
        "an iban that fails": "BCD\n002\n1\nSCT\n\nX\nDE00370400440532013000\nEUR1.00\n",
    }
    for name, payload in payloads.items():
        out = BytesIO()
        segno.make(payload, error="l", micro=False).save(out, kind="png", scale=3, border=4)
        yield f"code of {name}", out.getvalue()
    sheet = Image.new("L", (1400, 1000), 255)
    out = BytesIO()
    segno.make("BCD", micro=False).save(out, kind="png", scale=3)
    one = Image.open(BytesIO(out.getvalue())).convert("L")
    for number in range(130):
        sheet.paste(one, (number % 14 * 98, number // 14 * 98))
    yield "130 codes on a sheet", encoded(sheet, "PNG")
