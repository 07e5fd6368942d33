"""Legal forms that an OCR engine read with the twins of their letters: `S.r.I.` for `S.r.l.`, `Sp. z 0.o.`.

In most type faces a small L and a capital I are the same stroke, and a small o differs from a zero in height alone; of
such twins the engine can only guess. Within a legal form the alphabet of company law tells them apart.
"""

import re
from dataclasses import replace

from ocr.extraction.lexicon import words
from ocr.extraction.lines import Segment, Sheet, Token, tokens_of

_TWINS = {"I": "l", "1": "l", "|": "l", "0": "o"}
_MAY_HOLD_TWINS = re.compile(r"(?<=[a-zA-Z0-9.\s])[I10|]\.|[.\s][I10|](?=$|[\s,·•|])")
_LONGEST = 5


def with_legal_forms_as_written(sheet: Sheet) -> Sheet:
    """The sheet with such letters put right in recognised segments; every text keeps its length."""
    segments = tuple(_put_right(segment) for segment in sheet.segments)
    if all(new is old for new, old in zip(segments, sheet.segments, strict=True)):
        return sheet
    by_index = {segment.index: segment for segment in segments}
    lines = tuple(
        replace(line, segments=tuple(by_index[segment.index] for segment in line.segments)) for line in sheet.lines
    )
    return replace(sheet, lines=lines, segments=segments)


def _put_right(segment: Segment) -> Segment:
    if segment.source != "ocr":
        return segment
    text = legal_forms_as_written(segment.text)
    return segment if text == segment.text else replace(segment, text=text, tokens=tokens_of(text))


def legal_forms_as_written(text: str) -> str:
    """`HALM S.r.I.` → `HALM S.r.l.`. Only dotted forms that begin a word, and only where what was read is none."""
    if not _MAY_HOLD_TWINS.search(text):
        return text
    tokens = tokens_of(text)
    for start, token in enumerate(tokens):
        if token.start and not text[token.start - 1].isspace():
            continue
        for size in range(_LONGEST, 1, -1):
            form = text[tokens[start].start : tokens[min(start + size, len(tokens)) - 1].end]
            if start + size <= len(tokens) and (written := _written(form, tokens[start : start + size])):
                return text[: tokens[start].start] + written + text[tokens[start].start + len(form) :]
    return text


def _written(form: str, tokens: tuple[Token, ...]) -> str | None:
    """The legal form that these tokens are once their twins are told apart; None where they are none, or are already.

    Between the letters there are dots and blanks at most, and one of the single characters is a twin.
    """
    known = words("legal_forms")
    if "".join(token.text for token in tokens) in known or not re.fullmatch(
        r"[^\W_]+(?:\.\s?[^\W_]+|\s[^\W_]+)+", form
    ):
        return None
    letters = list(form)
    changed = False
    for token in tokens:
        at = token.start - tokens[0].start
        if token.end - token.start == 1 and letters[at] in _TWINS:
            letters[at] = _TWINS[letters[at]]
            changed = True
    written = "".join(letters)
    has_small_letters = any(letter.islower() for letter in form)
    is_form = "".join(token.text for token in tokens_of(written)) in known
    return written if changed and has_small_letters and "." in form and is_form else None
