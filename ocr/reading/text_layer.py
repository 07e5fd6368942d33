"""The words of a PDF page that a person can see, in coordinates of the page as it is shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pymupdf

from ocr.reading.covered_text import boxes_under_other_text, holds_number
from ocr.reading.document import Box, Word
from ocr.reading.soundness import TextLayerFigures

# Without TEXT_CID_FOR_UNKNOWN_UNICODE: glyph numbers passed off as letters would make a garbled layer look sound.
# Without TEXT_PRESERVE_LIGATURES: "ﬁ" has to be found as "fi".
_FLAGS = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_MEDIABOX_CLIP
_CLIPPING = 64  # char_flags of text render modes 4 to 7
_NEAR_WHITE = 0xE8
_WHITE_GROUND = 0.8  # share of a text's box; white letters with an outline leave less
_SMALLEST_POINTS = 1.0
_PROOF_DPI = 100
_PROOF_MAX_PIXELS = 4_000_000
_LEAST_CONTRAST = 24  # of 255
_THIN_POINTS = 3.0
_COVERING = frozenset({"fill-path", "fill-image", "fill-shade"})
_MOST_COVERS = 200
_SMALLEST_IMAGE_SHARE = 0.02
_LONGEST_UNSEEN = 300
_MOST_UNSEEN = 300
_WORDS_OF_A_FULL_PAGE = 20  # on a picture as large as the page; fewer say nothing of what it shows


@dataclass(frozen=True, slots=True)
class Painted:
    """What is painted on a page: (kind, box) in painting order, as `Page.get_bboxlog` tells it."""

    entries: tuple[tuple[str, tuple[float, float, float, float]], ...]
    width: float
    height: float

    def boxes(self, *kinds: str) -> tuple[tuple[float, float, float, float], ...]:
        return tuple(box for kind, box in self.entries if kind in kinds)


@dataclass(frozen=True, slots=True)
class TextLayer:
    """`unseen` are the hidden texts, line by line, that hold numbers."""

    words: tuple[Word, ...]
    figures: TextLayerFigures
    unseen: tuple[str, ...] = ()


def painted_on(page: Any) -> Painted:
    """What the page paints; boxes are those of the page before its /Rotate."""
    size = page.rect * page.derotation_matrix
    return Painted(tuple(page.get_bboxlog()), abs(size.width), abs(size.height))


def read_text_layer(*, page: Any, painted: Painted) -> TextLayer:
    """The visible words of a PyMuPDF page and the figures that its soundness is judged by.

    Hidden are: render mode 3, full transparency, letters under a point in size, text beneath a picture, and white,
    clipped or painted-over text that leaves no trace on the rendered page. Text outside the page is not there at all.
    """
    text_page = page.get_textpage(flags=_FLAGS)
    lines = [[span for span in line["spans"] if span["text"].strip()] for line in _lines(text_page.extractDICT())]
    spans = [span for line in lines for span in line]
    hidden = _hidden_boxes(page, spans, painted)
    matrix = page.rotation_matrix
    if hidden:
        raw = tuple(_visible_words(text_page.extractRAWDICT(), hidden))
    else:
        raw = tuple((word[4], pymupdf.Rect(word[:4])) for word in text_page.extractWORDS())
    shown = page.rect
    words = []
    boxes = []
    for text, box in raw:
        seen = box * matrix
        if shown.contains((seen.tl + seen.br) / 2):
            words.append(Word(text, Box(seen.x0, seen.y0, seen.x1, seen.y1)))
            boxes.append(box)
    hidden_characters = sum(len("".join(span["text"].split())) for span in spans if tuple(span["bbox"]) in hidden)
    covered = _covered_share(painted)
    visible_characters = sum(len(word.text) for word in words)
    return TextLayer(
        words=tuple(words),
        figures=TextLayerFigures(
            texts=tuple(word.text for word in words),
            hidden_characters=hidden_characters + (visible_characters * 2 if covered > 0.5 else 0),
            image_share=_image_share(painted),
            bare_image_share=_bare_image_share(painted, boxes),
            only_text=_paints_only_text(painted),
        ),
        unseen=_unseen(lines, hidden) if hidden else (),
    )


def _lines(extracted: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for block in extracted["blocks"]:
        yield from block.get("lines", ())


def _unseen(lines: list[list[dict[str, Any]]], hidden: set[tuple[float, ...]]) -> tuple[str, ...]:
    """The hidden text of each line in which it holds enough digits for an account or an amount to be in it."""
    texts = ("".join(span["text"] for span in line if tuple(span["bbox"]) in hidden).strip() for line in lines)
    telling = [text[:_LONGEST_UNSEEN] for text in texts if holds_number(text)]
    return tuple(telling[:_MOST_UNSEEN])


def _hidden_boxes(page: Any, spans: list[dict[str, Any]], painted: Painted) -> set[tuple[float, ...]]:
    hidden = set()
    doubtful = _painted_over(spans, painted)
    for span in spans:
        if span["size"] < _SMALLEST_POINTS or (span["alpha"] == 0 and not span["char_flags"] & _CLIPPING):
            hidden.add(tuple(span["bbox"]))
        elif span["alpha"] == 0 or _is_near_white(span["color"]):
            doubtful.append(span)
    if doubtful:
        hidden.update(_without_trace(page, doubtful))
        hidden.update(
            boxes_under_other_text(page=page, spans=[span for span in doubtful if tuple(span["bbox"]) not in hidden])
        )
    return hidden


def _painted_over(spans: list[dict[str, Any]], painted: Painted) -> list[dict[str, Any]]:
    """The spans on whose place something is filled after a text was set there: perhaps they are beneath it."""
    texts = [(order, box) for order, (kind, box) in enumerate(painted.entries) if kind in {"fill-text", "stroke-text"}]
    covers = [
        (order, box)
        for order, (kind, box) in enumerate(painted.entries)
        if texts and order > texts[0][0] and kind in _COVERING and min(box[2] - box[0], box[3] - box[1]) > _THIN_POINTS
    ]
    if not covers:
        return []
    orders, boxes = np.array([order for order, _ in texts]), np.array([box for _, box in texts], dtype=np.float64)
    doubtful = []
    largest = sorted(covers, key=lambda cover: -_area(cover[1], painted))[:_MOST_COVERS]
    for span in spans:
        x, y = (span["bbox"][0] + span["bbox"][2]) / 2, (span["bbox"][1] + span["bbox"][3]) / 2
        over = [order for order, box in largest if box[0] <= x <= box[2] and box[1] <= y <= box[3]]
        if over:
            beneath = (boxes[:, 0] <= x) & (x <= boxes[:, 2]) & (boxes[:, 1] <= y) & (y <= boxes[:, 3])
            if bool((beneath & (orders < max(over))).any()):
                doubtful.append(span)
    return doubtful


def _is_near_white(colour: int) -> bool:
    return min(colour >> 16 & 255, colour >> 8 & 255, colour & 255) >= _NEAR_WHITE


def _without_trace(page: Any, spans: list[dict[str, Any]]) -> Iterator[tuple[float, ...]]:
    """The boxes of spans whose place on the rendered page is of one shade. White on a dark table head is not."""
    zoom = _PROOF_DPI / 72
    if page.rect.width * page.rect.height * zoom * zoom > _PROOF_MAX_PIXELS:
        return
    pixmap = page.get_pixmap(dpi=_PROOF_DPI, colorspace=pymupdf.csGRAY, alpha=False)
    shades = np.frombuffer(pixmap.samples_mv, np.uint8).reshape(pixmap.height, pixmap.width)
    for span in spans:
        box = (pymupdf.Rect(span["bbox"]) * page.rotation_matrix & page.rect) * pymupdf.Matrix(zoom, zoom)
        part = shades[int(box.y0) : int(box.y1) + 1, int(box.x0) : int(box.x1) + 1]
        # Other text may reach into the box of white letters: they are unseen where the ground around them is white.
        on_white = _is_near_white(span["color"]) and part.size and float((part >= _NEAR_WHITE).mean()) > _WHITE_GROUND
        if part.size == 0 or on_white or int(part.max()) - int(part.min()) < _LEAST_CONTRAST:
            yield tuple(span["bbox"])


def _visible_words(extracted: dict[str, Any], hidden: set[tuple[float, ...]]) -> Iterator[tuple[str, Any]]:
    """Words letter by letter, as only the letters know which span they belong to."""
    for line in _lines(extracted):
        text, box = "", pymupdf.Rect()
        for span in line["spans"]:
            letters = [{"c": " "}] if tuple(span["bbox"]) in hidden else span["chars"]
            for letter in letters:
                if not letter["c"].isspace():
                    text += letter["c"]
                    box |= pymupdf.Rect(letter["bbox"])
                elif text:
                    yield text, box
                    text, box = "", pymupdf.Rect()
        if text:
            yield text, box


def _area(box: tuple[float, float, float, float], painted: Painted) -> float:
    width = min(box[2], painted.width) - max(box[0], 0)
    height = min(box[3], painted.height) - max(box[1], 0)
    return max(width, 0) * max(height, 0)


def _image_share(painted: Painted) -> float:
    """The part of the page that its pictures cover, the largest alone or strips of one scan together."""
    page_area = painted.width * painted.height or 1.0
    areas = [_area(box, painted) for box in painted.boxes("fill-image", "fill-imgmask")]
    return min(sum(areas) / page_area, 1.0) if areas else 0.0


def _bare_image_share(painted: Painted, words: list[Any]) -> float:
    """The part of the page that is under pictures with hardly a word on them; small ones (logos) do not count."""
    page_area = painted.width * painted.height or 1.0
    share = 0.0
    for box in painted.boxes("fill-image", "fill-imgmask"):
        part = _area(box, painted) / page_area
        if part >= _SMALLEST_IMAGE_SHARE:
            picture = pymupdf.Rect(box)
            on_it = sum(picture.contains((word.tl + word.br) / 2) for word in words)
            share += part if on_it < _WORDS_OF_A_FULL_PAGE * part else 0.0
    return min(share, 1.0)


def _covered_share(painted: Painted) -> float:
    """The share of the visible text that a picture as large as the page is painted over afterwards."""
    page_area = painted.width * painted.height or 1.0
    under = texts = 0
    for kind, box in painted.entries:
        if kind in {"fill-text", "stroke-text"}:
            texts += 1
        elif kind == "fill-image" and _area(box, painted) >= 0.8 * page_area:
            under = texts
    return under / texts if texts else 0.0


def _paints_only_text(painted: Painted) -> bool:
    for kind, (x0, y0, x1, y1) in painted.entries:
        if kind.endswith("-text"):
            continue
        if kind not in {"fill-path", "stroke-path"} or min(x1 - x0, y1 - y0) > _THIN_POINTS:
            return False
    return True
