"""What reading a document yields: words with boxes, and every machine-readable witness it carries.

Plain frozen data without behaviour beyond the trip to and from JSON: it crosses a process boundary and is stored with
the job. Boxes are in points (1/72 inch), origin top left, of the page as a person sees it.
"""

import math
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from customers.sentences import Sentence, plain_sentence, sentence_from_plain

DocumentKind = Literal["pdf", "png", "jpeg", "tiff", "webp", "ubl", "cii"]
PageSource = Literal["text", "ocr"]

_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ud800-\udfff]"
)


class UnreadableDocument(Exception):
    """The document itself cannot be read; trying again changes nothing.

    `code` is machine-readable (`encrypted`, `corrupt`, `no_pages`, `too_many_pages`, `page_too_large`, `unsupported`,
    `empty`, …); `message` is one sentence that tells the sender what to do next.
    """

    def __init__(self, *, code: str, message: Sentence) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Box:
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Word:
    """One word, or the run of words that an OCR engine boxes together. `confidence` is 1.0 for a text layer."""

    text: str
    box: Box
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Page:
    """`number` counts from 1; `engine` names the OCR engine, None where the words come from a text layer.

    `slant` is by how many degrees the picture was turned clockwise to lie straight, `quarter_turns` how often it was
    turned counter-clockwise after that to stand upright. `unseen` are the lines of its text layer that hold numbers and
    that nobody can see: they are no part of `words`, but whoever wrote them may have meant them to be read.
    """

    number: int
    width: float
    height: float
    source: PageSource
    words: tuple[Word, ...]
    engine: str | None = None
    slant: float = 0.0
    quarter_turns: int = 0
    unseen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a page that is to be read again, because what was read there fails its check."""

    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Rereading:
    """What an engine read in a region drawn larger. The page's own words stay what they were."""

    region: Region
    engine: str
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class XmlElement:
    """`tag` and attribute names are in Clark notation, `{namespace}local`; `text` is stripped."""

    tag: str
    text: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    children: tuple["XmlElement", ...] = ()


@dataclass(frozen=True, slots=True)
class XmlWitness:
    """An e-invoice found in the document: `name` is the attachment's name, or empty for a plain XML document."""

    name: str
    root: XmlElement


@dataclass(frozen=True, slots=True)
class CodeWitness:
    """A two-dimensional code: `symbology` as the decoder names it (`QRCode`, …), `text` its decoded payload."""

    page: int
    box: Box
    symbology: str
    text: str


@dataclass(frozen=True, slots=True)
class ReadingNote:
    """Something a person should know about how the document was read."""

    code: str
    message: Sentence

    def to_plain(self) -> dict[str, Any]:
        """JSON-ready; `note_from_plain` is its inverse."""
        return {"code": self.code, **plain_sentence(self.message)}


@dataclass(frozen=True, slots=True)
class DocumentText:
    kind: DocumentKind
    pages: tuple[Page, ...]
    xml: tuple[XmlWitness, ...] = ()
    codes: tuple[CodeWitness, ...] = ()
    notes: tuple[ReadingNote, ...] = ()
    rereadings: tuple[Rereading, ...] = ()

    def to_plain(self) -> dict[str, Any]:
        """JSON-ready; `document_from_plain` is its inverse. Words are `[text, x0, y0, x1, y1, confidence]`."""
        # The words, which are next to all there is, are taken apart by hand: `asdict` copies each of their parts.
        pages = tuple(replace(page, words=()) for page in self.pages)
        rereadings = tuple(replace(each, words=()) for each in self.rereadings)
        plain = asdict(replace(self, pages=pages, rereadings=rereadings))
        plain["notes"] = [note.to_plain() for note in self.notes]
        spoken = [*(page.words for page in self.pages), *(each.words for each in self.rereadings)]
        for written, words in zip((*plain["pages"], *plain["rereadings"]), spoken, strict=True):
            written["words"] = [_plain_word(word) for word in words]
        return plain


def _plain_word(word: Word) -> list[Any]:
    box = word.box
    sides = (round(box.x0, 2), round(box.y0, 2), round(box.x1, 2), round(box.y1, 2))
    return [word.text, *sides, round(word.confidence, 4)]


def document_from_plain(plain: dict[str, Any]) -> DocumentText:
    """The inverse of `DocumentText.to_plain`, for text that can be stored and shown: `shown` says what goes.

    What was stored before pages kept their turns and unseen lines, and documents their rereadings, is read as having
    none. Raises
    KeyError, TypeError or ValueError on data of another shape, also on places that are no numbers.
    """
    return DocumentText(
        kind=plain["kind"],
        pages=tuple(_page(page) for page in plain["pages"]),
        xml=tuple(XmlWitness(name=shown(witness["name"]), root=_element(witness["root"])) for witness in plain["xml"]),
        codes=tuple(
            CodeWitness(
                page=code["page"], box=_box(**code["box"]), symbology=code["symbology"], text=shown(code["text"])
            )
            for code in plain["codes"]
        ),
        notes=tuple(note_from_plain(note, clean=shown) for note in plain["notes"]),
        rereadings=tuple(
            Rereading(
                region=region_from_plain(each["region"]), engine=shown(each["engine"]), words=_words(each["words"])
            )
            for each in plain.get("rereadings", ())
        ),
    )


def note_from_plain(plain: dict[str, Any], *, clean: Callable[[str], str] = str) -> ReadingNote:
    """The inverse of `ReadingNote.to_plain`; every text goes through `clean`. Raises as `document_from_plain`."""
    return ReadingNote(code=str(plain["code"]), message=sentence_from_plain(plain, clean=clean))


def region_from_plain(plain: dict[str, Any]) -> Region:
    """The inverse of `asdict`. Raises as `document_from_plain`."""
    return Region(page=int(plain["page"]), box=_box(**plain["box"]))


def shown(text: str) -> str:
    """The text without what no person sees and no database stores: NUL and other control characters but tab and line
    ends, lone surrogates, and the marks that hide characters or turn their order (zero-width, bidirectional)."""
    return text if text.isascii() and text.isprintable() else _UNSEEN.sub("", text)


def _page(plain: dict[str, Any]) -> Page:
    sides = _box(0.0, 0.0, plain["width"], plain["height"])
    slant = float(plain.get("slant", 0.0))
    if not math.isfinite(slant):
        raise ValueError("a page that lies at no angle")
    return Page(
        number=plain["number"],
        width=sides.x1,
        height=sides.y1,
        source=plain["source"],
        engine=plain["engine"],
        words=_words(plain["words"]),
        slant=slant,
        quarter_turns=int(plain.get("quarter_turns", 0)) % 4,
        unseen=tuple(shown(str(line)) for line in plain.get("unseen", ())),
    )


def _words(plain: list[list[Any]]) -> tuple[Word, ...]:
    words = (
        Word(text=shown(text), box=_box(x0, y0, x1, y1), confidence=confidence)
        for text, x0, y0, x1, y1, confidence in plain
    )
    return tuple(word for word in words if word.text)


def _box(x0: float, y0: float, x1: float, y1: float) -> Box:
    """JSON as Python writes it knows NaN and infinity; a database's does not."""
    if not all(map(math.isfinite, (x0, y0, x1, y1))):
        raise ValueError("a box that is nowhere")
    return Box(x0, y0, x1, y1)


def _element(plain: dict[str, Any]) -> XmlElement:
    return XmlElement(
        tag=plain["tag"],
        text=shown(plain["text"]),
        attributes=tuple((name, shown(value)) for name, value in plain["attributes"]),
        children=tuple(_element(child) for child in plain["children"]),
    )
