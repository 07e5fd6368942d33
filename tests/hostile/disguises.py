"""Files that are two things at once, nothing at all, another thing than they seem, or only the first part of one."""

import zipfile
from collections.abc import Iterator
from io import BytesIO

from tests.hostile.image_files import drawing
from tests.unit.reading.documents import CII, UBL, encoded, text_pdf

Files = Iterator[tuple[str, bytes]]


def disguises() -> Files:
    document = text_pdf()
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("invoice.pdf", document)
    packed = archive.getvalue()
    picture = encoded(drawing(), "PNG")
    yield "nothing", b""
    yield "one byte", b"%"
    yield "zeros", bytes(100_000)
    yield "spaces", b" " * 400_000
    yield "gif and pdf", b"GIF89a" + document
    yield "zip and pdf", packed[:900] + document
    yield "pdf and zip", document + packed
    yield "html and pdf", b"<html><script>1</script>" + document
    yield "pdf and html", document + b"<html><script>1</script>"
    yield "png and pdf", picture + document
    yield "jpeg and zip", encoded(drawing(), "JPEG") + packed
    yield "program and pdf", b"MZ" + bytes(60) + document
    yield "shell script and pdf", b"#!/bin/sh\nrm -rf ~\n" + document
    yield "xml and pdf", b"<!--" + document + b"-->" + CII
    yield "pdf and xml", document + CII
    yield "pdf that begins after 1000 bytes", b"\n" * 1000 + document
    yield "pdf that begins after 2000 bytes", b"\n" * 2000 + document
    yield "pdf header in front of a png", b"%PDF-1.7\n" + picture
    yield "png header in front of a pdf", picture[:8] + document
    yield "tiff header in front of a jpeg", b"II*\0" + encoded(drawing(), "JPEG")
    yield "webp header in front of zeros", b"RIFF\0\0\0\0WEBP" + bytes(999)
    yield "office document", packed
    yield "web page", b"<!doctype html><html><body>Invoice</body></html>"
    yield "svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'
    yield "rich text", b"{\\rtf1 {\\object}}"
    yield "base64 of a pdf", b"JVBERi0xLjcK" * 99
    yield "postscript", b"%!PS-Adobe-3.0\n(/etc/passwd) (r) file\n"
    yield "gzip", b"\x1f\x8b\x08" + bytes(99)


def truncations() -> Files:
    """Every kind of document, cut off at every twentieth of its length."""
    whole = {
        "pdf": text_pdf(),
        "png": encoded(drawing(), "PNG"),
        "jpeg": encoded(drawing(), "JPEG"),
        "tiff": encoded(drawing(), "TIFF", compression="tiff_lzw"),
        "webp": encoded(drawing(), "WEBP"),
        "ubl": UBL,
        "cii": CII,
    }
    for kind, content in whole.items():
        for percent in range(5, 100, 5):
            yield f"{kind} cut off at {percent} %", content[: len(content) * percent // 100]
