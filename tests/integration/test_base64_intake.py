"""Properties of what comes in as base64, whatever the client's library makes of line breaks, padding and prefixes."""

import base64
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ocr.intake import DocumentEmpty, DocumentTooLarge, NotBase64, decode_document

BLANKS = st.text(" \t\r\n\f\v", max_size=4)
PREFIXES = st.sampled_from(
    ["", "data:application/pdf;base64,", "\n data:;base64,", "DATA:image/png;name=x.png;BASE64,"]
)


@given(content=st.binary(min_size=1, max_size=400), prefix=PREFIXES, blank=BLANKS, every=st.integers(1, 80))
def test_what_was_encoded_comes_back_however_it_is_laid_out(
    content: bytes, prefix: str, blank: str, every: int
) -> None:
    encoded = base64.b64encode(content).decode()
    laid_out = blank.join(encoded[at : at + every] for at in range(0, len(encoded), every))

    assert decode_document(prefix + laid_out) == content
    assert decode_document(prefix + laid_out.rstrip("= \t\r\n\f\v") + blank) == content


@given(
    text=st.text(max_size=200)
    | st.text("ABab01+/=-_ \n,:;", max_size=60)
    | st.text(max_size=20).map(lambda tail: "data:x;base64," + tail)
)
@example("data:;base64,data:;base64,QUJD")
@example("A")
@example("QQ==QQ==")
@example("ＱＵＪＤ")
@example("\ud800")
def test_whatever_else_comes_in_is_decoded_or_refused_with_a_sentence(text: str) -> None:
    try:
        content = decode_document(text)
    except (NotBase64, DocumentEmpty, DocumentTooLarge) as refusal:
        assert str(refusal).endswith(".")  # noqa: PT017  there may be no refusal
        return
    body = re.sub(r"\s", "", text).rstrip("=")
    # Bits of the last letter that belong to no byte may be anything (RFC 4648 § 3.5).
    assert body[:-1].endswith(base64.b64encode(content).decode().rstrip("=")[:-1])


@given(content=st.binary(min_size=3, max_size=60), foreign=st.characters(exclude_characters="\t\n\v\f\r =+/"))
def test_a_foreign_letter_anywhere_is_refused(content: bytes, foreign: str) -> None:
    if re.fullmatch(r"[A-Za-z0-9]", foreign):
        return
    encoded = base64.b64encode(content).decode().rstrip("=")
    for at in (1, len(encoded) // 2, len(encoded)):
        with pytest.raises(NotBase64):
            decode_document(encoded[:at] + foreign + encoded[at:])
