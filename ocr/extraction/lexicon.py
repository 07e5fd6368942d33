"""The words by which invoices label their values, one file a language, and finding them in a sheet.

Phrases are compared as folded letters without blanks, so that `Rechnungs-Nr.`, `RECHNUNGSNR` and `Rechnungs Nr` are
one, and a label whose blanks an OCR engine lost is still found.
"""

import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ocr.extraction.lines import Segment, Sheet, Token, fold, tokens_of
from ocr.reading.document import Box

LONGEST_PHRASE = 8
"""Tokens that a label may have."""

_POSITIONAL = frozenset({"seller", "buyer", "other_party", "date", "title", "credit_title", "contact"})
"""Kinds that are labels only where they open a segment: elsewhere these are words of a sentence."""


@dataclass(frozen=True, slots=True)
class Label:
    """A phrase found in a segment: `start` and `end` are offsets in its text, `kinds` what it may announce."""

    kinds: frozenset[str]
    phrase: str
    segment: Segment
    start: int
    end: int

    @property
    def box(self) -> Box:
        return self.segment.span_box(start=self.start, end=self.end)

    @property
    def opens(self) -> bool:
        """Whether nothing but punctuation stands before it in its segment."""
        return not any(letter.isalnum() for letter in self.segment.text[: self.start])

    @property
    def closes(self) -> bool:
        """Whether nothing but punctuation follows it in its segment."""
        return not any(letter.isalnum() for letter in self.segment.text[self.end :])


@dataclass(frozen=True, slots=True)
class Labels:
    """All labels of a sheet in reading order, and the languages they speak for, likeliest first."""

    found: tuple[Label, ...]
    by_segment: dict[int, tuple[Label, ...]]
    languages: tuple[str, ...]

    def of(self, *kinds: str) -> list[Label]:
        return [label for label in self.found if not label.kinds.isdisjoint(kinds)]

    def within(self, segment: Segment) -> tuple[Label, ...]:
        return self.by_segment.get(segment.index, ())


@cache
def _files() -> dict[str, dict[str, dict[str, list[str]]]]:
    folder = Path(__file__).parent / "lexicons"
    return {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.toml"))}


@cache
def _phrases() -> dict[str, dict[str, frozenset[str]]]:
    """Joined phrase → language → kinds."""
    phrases: dict[str, dict[str, frozenset[str]]] = {}
    for language, parts in _files().items():
        for kind, texts in parts["labels"].items():
            for text in texts:
                key = "".join(token.text for token in tokens_of(text))
                kinds = phrases.setdefault(key, {})
                kinds[language] = kinds.get(language, frozenset()) | {kind}
    return phrases


def kinds_of(joined: str) -> frozenset[str]:
    """What a phrase without blanks may announce in any language; empty for what is no label."""
    return frozenset().union(*_phrases().get(joined, {}).values())


@cache
def words(kind: str) -> frozenset[str]:
    """All languages' words of a kind (`legal_forms`, `days`, …), folded, blanks and dots removed."""
    return frozenset(
        "".join(token.text for token in tokens_of(text)) or text
        for parts in _files().values()
        for text in parts["words"].get(kind, [])
    )


@cache
def any_words(kind: str) -> frozenset[str]:
    """Folded words of a kind that do not depend on the language (`street_words`, `not_names`, …)."""
    path = Path(__file__).parent / "lexicons" / "any_language" / "words.toml"
    return frozenset(tomllib.loads(path.read_text(encoding="utf-8"))[kind])


@cache
def month_names() -> dict[str, int]:
    """Folded month name or abbreviation of any language → 1..12."""
    return {
        fold(name): number
        for parts in _files().values()
        for kind in ("months_short", "months")
        for number, name in enumerate(parts["words"][kind], start=1)
    }


def find_labels(sheet: Sheet) -> Labels:
    """The longest phrase at each place wins. A phrase that means different things in different languages takes its
    meaning from the languages that the other labels speak."""
    hits = [hit for segment in sheet.segments for hit in _hits(segment)]
    votes: Counter[str] = Counter()
    for _, key, _, _ in hits:
        meanings = _phrases()[key]
        if len(meanings) <= 3 and len(key) > 3:
            for language in meanings:
                votes[language] += 12 // len(meanings)
    languages = tuple(language for language, _ in votes.most_common())
    spoken = frozenset(language for language in languages if votes[language] * 3 >= votes[languages[0]])
    by_segment: dict[int, tuple[Label, ...]] = {}
    for segment, key, start, end in hits:
        label = Label(_meaning(key, spoken), key, segment, start, end)
        if _stands_as_label(label):
            by_segment[segment.index] = (*by_segment.get(segment.index, ()), label)
    by_segment = {index: _with_modifiers(labels) for index, labels in by_segment.items()}
    found = tuple(label for labels in by_segment.values() for label in labels)
    return Labels(found=found, by_segment=by_segment, languages=languages)


def _hits(segment: Segment) -> Iterable[tuple[Segment, str, int, int]]:
    phrases, tokens = _phrases(), segment.tokens
    at = 0
    while at < len(tokens):
        key, best = "", 0
        if tokens[at].text == "%" and at and tokens[at - 1].text.isdigit():
            at += 1  # `19 % VAT` is a rate and a tax, not the label `% VAT`
            continue
        for size, token in enumerate(tokens[at : at + LONGEST_PHRASE], start=1):
            key += token.text
            if key in phrases:
                best, best_key = size, key
        if best:
            yield segment, best_key, tokens[at].start, tokens[at + best - 1].end
        at += best or 1


def _meaning(key: str, spoken: frozenset[str]) -> frozenset[str]:
    meanings = _phrases()[key]
    chosen = [kinds for language, kinds in meanings.items() if language in spoken] or list(meanings.values())
    return frozenset().union(*chosen)


def _stands_as_label(label: Label) -> bool:
    colon = label.segment.text[label.end : label.end + 2].strip().startswith(":")
    if len(label.phrase) <= 2:
        return (label.opens and label.closes) or (label.opens and colon)
    if label.kinds <= _POSITIONAL:
        return label.opens
    return True


def _with_modifiers(labels: tuple[Label, ...]) -> tuple[Label, ...]:
    """`Total excl. VAT` announces a net amount, `Total incl. 19 % VAT` a gross one, `incl. VAT` alone the tax."""
    kept: list[Label] = []
    for label in labels:
        if "tax" in label.kinds and (kind := _modifier(label)):
            sums = [
                other for other in kept if not other.kinds.isdisjoint({"total", "total_plain", "subtotal", "payable"})
            ]
            if sums:
                start = sums[-1].start
                kept = [other for other in kept if other not in sums]
                kept.append(Label(frozenset({kind}), label.phrase, label.segment, start, label.end))
                continue
            if kind == "subtotal":
                continue
        kept.append(label)
    return tuple(kept)


def _modifier(label: Label) -> str:
    before: list[Token] = [token for token in label.segment.tokens if token.end <= label.start]
    for token in reversed(before[-4:]):
        if token.text in any_words("before_tax"):
            return "" if token.text == "zzgl" else "subtotal"
        if token.text in any_words("with_tax"):
            return "total"
        if not (token.text in any_words("fillers") or token.text.isdigit()):
            return ""
    return ""
