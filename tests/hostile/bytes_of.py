"""How the hostile files are put together, byte by byte, so that no library keeps them from being wrong."""

import struct
import zlib
from collections.abc import Iterable, Mapping

MEBIBYTE = 1024 * 1024


def deflated_zeros(mebibytes: int) -> bytes:
    """A zlib stream of so many MiB of zeros, a thousandth as long, made without ever holding them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(MEBIBYTE)) + packer.flush(zlib.Z_FULL_FLUSH)
    end = packer.flush(zlib.Z_FINISH)
    length = mebibytes * MEBIBYTE
    return b"\x78\xda" + block * mebibytes + end + struct.pack(">I", (length % 65521) << 16 | 1)


def lzw_zeros(cycles: int) -> bytes:
    """LZW (ISO 32000-2 7.4.4) of `cycles` × 59 MB of zeros, 47 kB each: every code stands for one zero more than the
    code before it, until the table is full and begins anew. Eight tables end on a whole byte."""
    bits: list[str] = []
    for _ in range(8):
        bits.append(f"{256:09b}")
        for code in (0, *range(258, 4094)):
            known = max(code, 257)
            width = 9 if known < 511 else 10 if known < 1023 else 11 if known < 2047 else 12
            bits.append(f"{code:0{width}b}")
        bits.append(f"{256:012b}")
    whole = "".join(bits)
    return int(whole, 2).to_bytes(len(whole) // 8, "big") * cycles + b"\x80\x40"


def pdf(
    objects: Iterable[bytes], *, trailer: bytes = b"", prev: int | None = None, startxref: int | None = None
) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue. The cross-reference table is right."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    before = b"" if prev is None else b"/Prev %d" % (table if prev < 0 else prev)
    out += b"trailer\n<</Size %d/Root 1 0 R%s%s>>\n" % (len(places) + 1, before, trailer)
    return bytes(out) + b"startxref\n%d\n%%%%EOF\n" % (table if startxref is None else startxref)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """A stream object's body."""
    return b"<</Length %d%s>>\nstream\n" % (len(data), entries) + data + b"\nendstream"


def one_page(
    content: bytes = b"",
    *,
    page: bytes = b"/MediaBox[0 0 595 842]",
    resources: bytes = b"/Font<</F 5 0 R>>",
    catalogue: bytes = b"",
    more: Iterable[bytes] = (),
    filters: bytes = b"",
    trailer: bytes = b"",
) -> bytes:
    """A PDF of one page: 1 catalogue, 2 page tree, 3 page, 4 its content, 5 Helvetica, `more` from 6 on."""
    return pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R" + catalogue + b">>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/Contents 4 0 R" + page + b"/Resources<<" + resources + b">>>>",
            stream(content, filters),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            *more,
        ],
        trailer=trailer,
    )


def text(*lines: str, size: float = 12) -> bytes:
    """A content stream that shows these lines (Latin-1)."""
    shown = b"".join(
        b"(" + line.encode("latin-1").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)") + b")Tj T*\n"
        for line in lines
    )
    return b"BT /F %f Tf 14 TL 72 770 Td\n" % size + shown + b"ET\n"


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(
    *,
    width: int,
    height: int,
    depth: int = 8,
    colour: int = 0,
    data: bytes | None = None,
    before: bytes = b"",
    interlace: int = 0,
    end: bool = True,
) -> bytes:
    """A PNG whose header says whatever it is told; `data` is the content of IDAT, all zeros by default."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace)
    if data is None:
        data = zlib.compress(bytes(min((width * depth // 8 + 2) * height, 64 * MEBIBYTE)))
    whole = b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + before + png_chunk(b"IDAT", data)
    return whole + (png_chunk(b"IEND", b"") if end else b"")


_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 11: 4, 12: 8}
_CODES = {1: "B", 3: "H", 4: "I", 11: "f", 12: "d"}


def tiff(
    tags: Mapping[int, tuple[int, tuple[float, ...] | bytes]], *, data: bytes = b"", next_ifd: int = 0, pages: int = 1
) -> bytes:
    """A little-endian TIFF: image data from byte 8 on, then `pages` equal directories in a chain. Tags are number →
    (type, values); the last directory points to `next_ifd`."""
    out = bytearray(b"II*\x00" + struct.pack("<I", 8 + len(data)) + data)
    for page in range(pages):
        start = len(out)
        beyond = start + 2 + len(tags) * 12 + 4
        entries, extra = b"", b""
        for number, (kind, values) in sorted(tags.items()):
            body = values if isinstance(values, bytes) else _packed(kind, values)
            count = len(body) // _SIZES[kind]
            if len(body) > 4:
                place = struct.pack("<I", beyond + len(extra))
                extra += body + bytes(len(body) % 2)
            else:
                place = body.ljust(4, b"\x00")
            entries += struct.pack("<HHI", number, kind, count) + place
        following = beyond + len(extra) if page + 1 < pages else next_ifd
        out += struct.pack("<H", len(tags)) + entries + struct.pack("<I", following) + extra
    return bytes(out)


def _packed(kind: int, values: tuple[float, ...]) -> bytes:
    if kind == 5:
        return b"".join(struct.pack("<I", int(value)) for value in values)
    return b"".join(struct.pack("<" + _CODES[kind], value if kind in {11, 12} else int(value)) for value in values)
