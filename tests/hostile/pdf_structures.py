"""PDFs whose skeleton is wrong: pages, trees, tables of objects, boxes, encryption."""

from collections.abc import Iterator

import pymupdf

from tests.hostile.bytes_of import one_page, pdf, stream, text
from tests.unit.reading.documents import INVOICE_LINES, text_pdf

Files = Iterator[tuple[str, bytes]]
WORDS = text(*INVOICE_LINES)
CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"


def page_trees() -> Files:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"
    for name, count in (("two thousand million", b"2147483647"), ("minus one", b"-1"), ("a name", b"/Many")):
        yield (
            f"page count {name}",
            pdf([CATALOGUE, b"<</Type/Pages/Kids[3 0 R]/Count " + count + b">>", page]),
        )
    yield (
        "one page 20000 times",
        pdf([CATALOGUE, b"<</Type/Pages/Kids[" + b"3 0 R " * 20_000 + b"]/Count 20000>>", page]),
    )
    yield "51 pages", text_pdf(pages=51)
    yield "no pages", pdf([CATALOGUE, b"<</Type/Pages/Kids[]/Count 0>>"])
    yield "page tree in a circle", pdf([CATALOGUE, b"<</Type/Pages/Kids[2 0 R]/Count 5/Parent 2 0 R>>"])
    yield (
        "page that is its own parent",
        pdf([CATALOGUE, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", b"<</Type/Page/Parent 3 0 R>>"]),
    )
    tree = [b"<</Type/Pages/Kids[%d 0 R]/Count 1/Parent %d 0 R>>" % (n + 1, n - 1) for n in range(2, 20_002)]
    yield "page tree 20000 deep", pdf([CATALOGUE, *tree, page])
    laughs = [
        b"<</Type/Pages/Kids[" + b"%d 0 R " % (n + 1) * 10 + b"]/Count %d>>" % 10 ** (12 - n) for n in range(2, 12)
    ]
    yield "page tree of ten to the tenth", pdf([CATALOGUE, *laughs, page])
    yield "catalogue that is missing", pdf([b"null"])
    yield "catalogue that refers to itself", pdf([b"1 0 R"])
    yield "pages that are a number", pdf([b"<</Type/Catalog/Pages 7>>"])
    yield "kids that are numbers", pdf([CATALOGUE, b"<</Type/Pages/Kids[1 2 3 null (x)]/Count 5>>"])


def boxes() -> Files:
    for name, box in {
        "a thousand million": b"[0 0 1000000000 1000000000]",
        "nothing": b"[0 0 0 0]",
        "negative": b"[0 0 -595 -842]",
        "upside down": b"[595 842 0 0]",
        "far away": b"[1e15 1e15 1e15 1e15]",
        "not a number": b"[nan nan inf -inf]",
        "three numbers": b"[0 0 595]",
        "words": b"[(a)(b)(c)(d)]",
        "a long exponent": b"[0 0 1e308 1e308]",
        "many digits": b"[0 0 " + b"9" * 5000 + b" 842]",
        "itself": b"3 0 R",
        "a needle": b"[0 0 1 90000]",
        "half a point": b"[0 0 0.5 0.5]",
    }.items():
        yield f"media box of {name}", one_page(WORDS, page=b"/MediaBox" + box)
    a4 = b"/MediaBox[0 0 595 842]"
    yield "crop box outside", one_page(WORDS, page=a4 + b"/CropBox[9000 9000 9100 9100]")
    yield "user unit of a million", one_page(WORDS, page=a4 + b"/UserUnit 1000000")
    yield "user unit negative", one_page(WORDS, page=a4 + b"/UserUnit -3")
    for angle in (b"45", b"-90", b"1000000000090", b"(x)"):
        yield f"rotated by {angle.decode()}", one_page(WORDS, page=a4 + b"/Rotate " + angle)
    drawing = b"1 0 0 rg 0 0 100 100 re f 300 300 m 900000 900000 l S"
    yield "large sheet with a drawing", one_page(drawing, page=b"/MediaBox[0 0 14400 14400]")


def cross_references() -> Files:
    good = [CATALOGUE, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"]
    yield "xref whose previous one is itself", pdf(good, prev=-1)
    yield "xref whose previous one is beyond", pdf(good, prev=10**9)
    yield "startxref beyond the file", pdf(good, startxref=10**12)
    yield "startxref to itself", pdf(good, startxref=0)
    for name, trailer in {
        "size of thousands of millions": b"/Size 8589934592",
        "negative size": b"/Size -1",
        "hybrid loop": b"/XRefStm 9",
        "info that is the trailer": b"/Info 1 0 R",
        "id of a megabyte": b"/ID[<" + b"00" * 500_000 + b"><>]",
    }.items():
        yield f"trailer with {name}", pdf(good, trailer=trailer)
    table = b"%%PDF-1.5\n1 0 obj\n<</Type/XRef%s/Root 1 0 R>>stream\n%s\nendstream\nendobj\nstartxref\n9\n%%%%EOF\n"
    for name, entries, data in (
        ("previous one itself", b"/Size 3/W[1 2 1]/Prev 9/Length 12", bytes(12)),
        ("endless index", b"/Size 3/W[1 2 1]/Index[0 2147483647]/Length 12", bytes(12)),
        ("negative index", b"/Size 3/W[1 2 1]/Index[-5 5]/Length 12", bytes(12)),
        ("fields of 2 GB", b"/Size 3/W[2147483647 2147483647 1]/Length 12", bytes(12)),
        ("fields of no width", b"/Size 999999999/W[0 0 0]/Length 12", bytes(12)),
        ("length that is itself", b"/Size 3/W[1 2 1]/Length 1 0 R", bytes(12)),
    ):
        yield f"xref stream: {name}", table % (entries, data)
    yield "object stream that holds itself", _object_stream(b"/N 1/First 4", b"3 0 3 0 R")
    yield "object streams that extend each other", _object_stream(b"/N 1/First 4/Extends 3 0 R", b"4 0 null")
    yield "object stream of millions", _object_stream(b"/N 2147483647/First 4", b"4 0 null")
    yield "object stream that begins behind its end", _object_stream(b"/N 3/First 99999", b"4 0 null")
    yield "length that is the stream itself", pdf([*good, b"<</Length 4 0 R>>stream\nx\nendstream"])
    yield "an object 50000 times", pdf(good) + b"3 0 obj\n<<>>\nendobj\n" * 50_000 + b"startxref\n0\n%%EOF"
    yield (
        "object number of thousands of millions",
        b"%PDF-1.4\n4294967295 0 obj\n<<>>\nendobj\ntrailer<</Root 4294967295 0 R>>\n%%EOF",
    )
    yield "nothing but a header", b"%PDF-1.7\n"
    yield "a header and zeros", b"%PDF-1.7\n" + bytes(2_000_000) + b"%%EOF"
    yield "a header and objects without end", b"%PDF-1.7\n" + b"1 0 obj<<" * 100_000 + b"%%EOF"
    yield "a hundred updates", text_pdf() + b"".join(pdf(good) for _ in range(100))


def _object_stream(entries: bytes, data: bytes) -> bytes:
    """An object stream as object 3, told by a cross-reference stream that finds 3 and 4 within 3."""
    head = b"%PDF-1.5\n1 0 obj\n<</Type/Catalog/Pages 4 0 R>>\nendobj\n"
    body = b"3 0 obj\n" + stream(data, b"/Type/ObjStm" + entries) + b"\nendobj\n"
    rows = (
        bytes((0, 0, 0, 255, 1, 0, 9, 0, 0, 0, 0, 0, 2, 0, 3, 0, 2, 0, 3, 0, 1))
        + (len(head) + len(body)).to_bytes(2, "big")
        + b"\0"
    )
    table = b"5 0 obj\n" + stream(rows, b"/Type/XRef/Size 6/W[1 2 1]/Root 1 0 R") + b"\nendobj\n"
    return head + body + table + b"startxref\n%d\n%%%%EOF\n" % (len(head) + len(body))


def nesting() -> Files:
    for name, opening, closing in (("arrays", b"[", b"]"), ("dictionaries", b"<</A", b">>")):
        deep = opening * 100_000 + closing * 100_000
        yield f"{name} 100000 deep in the catalogue", one_page(WORDS, catalogue=b"/Deep " + deep)
        yield f"{name} 100000 deep in the page", one_page(WORDS, page=b"/MediaBox[0 0 595 842]/Deep " + deep)
        yield f"{name} 100000 deep in the content", one_page(b"BT /F 9 Tf " + deep + b" TJ ET " + WORDS)
        yield f"{name} that do not close", one_page(WORDS, catalogue=b"/Deep " + opening * 100_000)
    yield "brackets in a text 100000 deep", one_page(WORDS, catalogue=b"/Deep " + b"(" * 100_000 + b")" * 100_000)
    yield "name of a megabyte", one_page(WORDS, catalogue=b"/" + b"n" * 1_000_000 + b" 1")
    yield "number of a million digits", one_page(WORDS, catalogue=b"/N " + b"9" * 1_000_000)
    yield "hexadecimal text of 8 MB", one_page(WORDS, catalogue=b"/H <" + b"41" * 4_000_000 + b">")
    yield "comment of 8 MB", one_page(b"%" + b"c" * 8_000_000 + b"\n" + WORDS)
    chain = [b"%d 0 R" % (n + 1) for n in range(6, 5000)]
    yield "references one to the next 5000 times", one_page(WORDS, catalogue=b"/Chain 6 0 R", more=[*chain, b"null"])
    outline = [b"<</First 6 0 R/Last 6 0 R/Next 6 0 R/Title(x)>>"]
    yield "outline in a circle", one_page(WORDS, catalogue=b"/Outlines 6 0 R", more=outline)


def encryption() -> Files:
    for name, method in (("rc4 40", 2), ("rc4 128", 3), ("aes 128", 4), ("aes 256", 5)):
        for password in ("", "secret"):
            with pymupdf.open(stream=text_pdf(), filetype="pdf") as document:
                yield (
                    f"{name} with {'a' if password else 'an empty'} password",
                    document.tobytes(encryption=method, user_pw=password, owner_pw="owner"),
                )
    for name, entries in {
        "of no known version": b"/Filter/Standard/V 99/R 99/O()/U()/P 0",
        "by another handler": b"/Filter/Nobody/V 4",
        "with a key of 2 GB": b"/Filter/Standard/V 2/R 3/Length 2147483647/O(x)/U(x)/P -1",
        "that is itself": b"/Filter 6 0 R",
    }.items():
        yield (
            f"encryption {name}",
            one_page(WORDS, more=[b"<<" + entries + b">>"], trailer=b"/Encrypt 6 0 R/ID[<00><00>]"),
        )
