"""E-invoices that attack the parser, or whatever asks something of the tree afterwards."""

from collections.abc import Iterator

from tests.unit.reading.documents import ENVELOPE, UBL

NAMESPACE = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
Files = Iterator[tuple[str, bytes]]


def envelopes() -> Files:
    """StandardBusinessDocuments that are not what they seem, or too much of it."""
    invoice = ubl("<ID>1</ID>").split(b"?>", 1)[1]
    yield "envelope of nothing", ENVELOPE % b""
    yield "envelope of two invoices", ENVELOPE % (invoice * 2)
    yield "envelope of 20000 invoices", ENVELOPE % (invoice * 20_000)
    nested = invoice
    for _ in range(100):
        nested = ENVELOPE % nested
    yield "envelope in envelope a hundred times", nested
    yield "envelope of a comment", ENVELOPE % (b"<!--" + invoice + b"-->")
    yield "envelope of a cdata section", ENVELOPE % (b"<![CDATA[" + invoice + b"]]>")
    yield "envelope with a dtd", b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + ENVELOPE % invoice
    yield "envelope with a header of 4 MB", ENVELOPE % (b"<Scope>" + b"x" * 4_000_000 + b"</Scope>" + invoice)
    yield "envelope with 100000 headers before the invoice", ENVELOPE % (b"<Scope/>" * 100_000 + invoice)
    yield "envelope that is cut off", (ENVELOPE % invoice)[:-90]


def ubl(inner: str, *, before: str = "", attributes: str = "") -> bytes:
    return f'<?xml version="1.0"?>{before}<Invoice xmlns="{NAMESPACE}"{attributes}>{inner}</Invoice>'.encode()


def entities(listener: str) -> Files:
    """Entity attacks and everything that asks a parser to fetch something."""
    yield "xxe file", ubl("<a>&x;</a>", before='<!DOCTYPE Invoice [<!ENTITY x SYSTEM "file:///etc/passwd">]>')
    yield "xxe http", ubl("<a>&x;</a>", before=f'<!DOCTYPE Invoice [<!ENTITY x SYSTEM "{listener}/x">]>')
    yield (
        "parameter entity http",
        ubl("<a/>", before=f'<!DOCTYPE Invoice [<!ENTITY % p SYSTEM "{listener}/p"> %p;]>'),
    )
    laughs = "".join(f'<!ENTITY l{n} "' + f"&l{n - 1};" * 10 + '">' for n in range(1, 10))
    yield "billion laughs", ubl("&l9;", before=f'<!DOCTYPE Invoice [<!ENTITY l0 "lol">{laughs}]>')
    yield "quadratic blow-up", ubl("&q;" * 50_000, before='<!DOCTYPE Invoice [<!ENTITY q "' + "q" * 100_000 + '">]>')
    yield "entity that is itself", ubl("&a;", before='<!DOCTYPE Invoice [<!ENTITY a "&b;"><!ENTITY b "&a;">]>')
    yield "external dtd", ubl("<a/>", before=f'<!DOCTYPE Invoice SYSTEM "{listener}/invoice.dtd">')
    yield "public dtd", ubl("<a/>", before=f'<!DOCTYPE Invoice PUBLIC "-//X//Y" "{listener}/public.dtd">')
    late = "<!--" + " " * 300_000 + f'--><!DOCTYPE Invoice [<!ENTITY x SYSTEM "{listener}/late">]>'
    yield "doctype behind a long comment", ubl("<a>&x;</a>", before=late)
    yield "doctype in lower case", ubl("<a/>", before="<!doctype Invoice>")
    yield "entity without a declaration", ubl("<a>&nothing;</a>")
    yield "entity in an attribute", ubl('<a b="&nothing;"/>')
    xinclude = "http://www.w3.org/2001/XInclude"
    yield "xinclude file", ubl(f'<i:include xmlns:i="{xinclude}" href="file:///etc/passwd" parse="text"/>')
    yield "xinclude http", ubl(f'<i:include xmlns:i="{xinclude}" href="{listener}/include"/>')
    yield "stylesheet", ubl("<a/>", before=f'<?xml-stylesheet type="text/xsl" href="{listener}/style.xsl"?>')
    location = f' xmlns:s="http://www.w3.org/2001/XMLSchema-instance" s:schemaLocation="{NAMESPACE} {listener}/i.xsd"'
    yield "schema location", ubl("<a/>", attributes=location)
    yield (
        "utf-16 billion laughs",
        ubl("&l9;", before=f'<!DOCTYPE Invoice [<!ENTITY l0 "lol">{laughs}]>').decode().encode("utf-16"),
    )


def shapes() -> Files:
    """Trees of a shape or size that no invoice has."""
    yield "nested 100000 deep", ubl("<a>" * 100_000 + "</a>" * 100_000)
    yield "nested 100000 deep, not closed", ubl("<a>" * 100_000)
    yield "nested to the limit", ubl("<a>" * 62 + "</a>" * 62)
    yield "300000 elements", ubl("<a/>" * 300_000)
    attributes = " ".join(f'b{n}="1"' for n in range(100_000))
    yield "100000 attributes", ubl(f"<a {attributes}/>")
    yield "attribute of 12 MB", ubl('<a b="' + "x" * 12_000_000 + '"/>')
    yield "text of 12 MB", ubl(f"<a>{'x' * 12_000_000}</a>")
    yield "text of 9 MB in small pieces", ubl("<a>x</a>y" * 200_000)
    yield "name of 1 MB", ubl(f"<{'n' * 1_000_000}/>")
    yield "50000 namespaces", ubl("".join(f'<a{n}:b xmlns:a{n}="urn:{n}"/>' for n in range(50_000)))
    yield "namespaces one within the other", ubl("".join(f'<a xmlns:p{n}="urn:{n}">' for n in range(60)) + "</a>" * 60)
    yield "cdata of 9 MB", ubl(f"<a><![CDATA[{'<' * 9_000_000}]]></a>")
    yield "instruction of 9 MB", ubl(f"<?x {'y' * 9_000_000}?>")
    yield "comment of 9 MB", ubl(f"<!--{'y' * 9_000_000}-->")
    yield "100000 comments", ubl("<!---->" * 100_000)
    yield "100000 character references", ubl(f"<a>{'&#x202e;' * 100_000}</a>")
    yield "start tag that does not end", b"<Invoice " + b'a="b" ' * 60_000
    yield "prolog of instructions", b"<?a?>" * 60_000 + UBL.partition(b"?>")[2]
    yield "doctype of brackets and quotes", b"<!DOCTYPE " + b"[\"'\"']" * 40_000
    yield "numbers beyond measure", ubl(f"<PayableAmount>{'9' * 60_000}</PayableAmount><ID>{'1e' * 999}</ID>")
    yield "base64 attachment", ubl(f"<EmbeddedDocumentBinaryObject>{'QUJD' * 500_000}</EmbeddedDocumentBinaryObject>")


def encodings() -> Files:
    """Encodings that lie, and letters that do."""
    yield "utf-16 that is said to be utf-8", UBL.decode().encode("utf-16-be")
    yield "utf-32", UBL.replace(b"UTF-8", b"UTF-32").decode().encode("utf-32")
    yield "utf-7", UBL.replace(b"UTF-8", b"UTF-7")
    yield "encoding that does not exist", UBL.replace(b"UTF-8", b"X-NOTHING")
    yield "ebcdic", UBL.decode().encode("cp037")
    yield "broken utf-8", UBL.replace(b"2026-0417", b"\xff\xfe\xc0\x80")
    yield "nul bytes", UBL.replace(b"2026-0417", b"2026\x000417")
    yield "nul by reference", UBL.replace(b"2026-0417", b"2026&#0;0417")
    yield "surrogate by reference", UBL.replace(b"2026-0417", b"&#xD800;")
    yield "byte order mark twice", b"\xef\xbb\xbf\xef\xbb\xbf" + UBL
    yield "two roots", UBL + UBL.partition(b"?>")[2]
    yield "text behind the root", UBL + b"trailing"
    yield "zeros behind the root", UBL + bytes(1_000_000)
    yield "right-to-left override", UBL.replace(b"2026-0417", "\u202e7140-6202\u202c".encode())
    yield "homoglyphs", UBL.replace(b"cbc:ID", "cbc:ІD".encode())
    yield "zero-width letters", UBL.replace(b"2026-0417", "2026\u200b\u2060\ufeff-0417".encode())
    yield "combining marks without end", UBL.replace(b"2026-0417", ("a" + "\u0301" * 60_000).encode())
    yield "only the declaration", b'<?xml version="1.0"?>'
    yield "root of no namespace", b"<Invoice><ID>1</ID></Invoice>"
