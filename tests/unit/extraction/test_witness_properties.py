"""Payment codes and e-invoices by strangers: no text and no tree breaks the reader, and no account is believed that
fails the check of ISO 13616."""

from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban

from ocr.extraction import fields
from ocr.extraction.einvoice import testimony_of_einvoice as read_einvoice
from ocr.extraction.payment_qr import testimony_of_code as read_code
from ocr.reading.document import Box, CodeWitness, XmlElement, XmlWitness
from tests.unit.extraction.einvoice_samples import ZUGFERD_1, cii, ubl, witness

ACCOUNTS = st.sampled_from(
    ["DE89370400440532013000", "DE00370400440532013000", "CH4431999123000889012", "GB", "XX00", "DE89 3704 0044"]
)
VALUES = st.one_of(
    st.text(max_size=12),
    ACCOUNTS,
    st.sampled_from(["", "NaN", "Infinity", "-1E+999999", "1e-9", "٣", "20260231", "102", "EUR1.00", "EPD", "\0", "²"]),
    st.integers().map(str),
)
HEADS = st.sampled_from(
    ["", "SPC\n0200\n1", "\ufeffSPC\n0200\n1", "BCD\n002\n1\nSCT", "BCD\n001\n2\nSCT", "BCD", "SPC"]
)


def believed_accounts(testimony: fields.Testimony | None) -> list[str]:
    return [claim.value for name, claim in testimony.candidates if name == "iban"] if testimony else []


@given(head=HEADS, lines=st.lists(VALUES, max_size=40), line_end=st.sampled_from(["\n", "\r\n", "\r"]))
def test_no_payload_breaks_the_reader_of_codes(head: str, lines: list[str], line_end: str) -> None:
    text = line_end.join([*head.split("\n"), *lines])
    testimony = read_code(CodeWitness(page=1, box=Box(0, 0, 1, 1), symbology="QRCode", text=text))
    assert all(map(iban.is_valid, believed_accounts(testimony)))


def trees_like(root: XmlElement) -> st.SearchStrategy[XmlElement]:
    """The tree with texts, attributes and whole branches replaced, left out, doubled and put in other places."""
    elements = tuple(_all(root))
    tags = st.sampled_from([element.tag for element in elements])
    attributes = st.lists(st.tuples(st.sampled_from(["schemeID", "currencyID", "format"]), VALUES), max_size=2)
    strange = st.builds(
        XmlElement, tag=tags | st.text(max_size=9), text=VALUES, attributes=attributes.map(tuple), children=st.just(())
    )

    def changed(element: XmlElement, depth: int = 0) -> st.SearchStrategy[XmlElement]:
        children = st.tuples(*(changed(child, depth + 1) for child in element.children)) if depth < 9 else st.just(())
        return st.builds(
            _rebuilt,
            st.just(element),
            text=st.just(element.text) | VALUES,
            children=children,
            more=st.lists(strange | st.sampled_from(elements), max_size=1) if depth < 4 else st.just([]),
            kept=st.integers(0, 2**12),
        )

    return changed(root)


def _rebuilt(
    element: XmlElement, *, text: str, children: tuple[XmlElement, ...], more: list[XmlElement], kept: int
) -> XmlElement:
    left = tuple(child for place, child in enumerate(children) if kept >> place % 12 & 3)
    return XmlElement(element.tag, text, element.attributes, (*left, *more))


def _all(element: XmlElement) -> list[XmlElement]:
    return [element, *(found for child in element.children for found in _all(child))]


@given(st.one_of(*(trees_like(sample.root) for sample in (cii(), ubl(), witness(ZUGFERD_1)))))
def test_no_tree_breaks_the_reader_of_e_invoices(root: XmlElement) -> None:
    assert all(map(iban.is_valid, believed_accounts(read_einvoice(XmlWitness(name="", root=root)))))
