"""What a payment depends on, found in text: the measure of an OCR engine is how many of these it gets exactly right."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

KINDS = ("IBAN", "BIC", "e-mail", "date", "amount", "number")
"""What is counted; `number` is any other of five digits and more: of an invoice, an order, an article, a taxpayer."""

_PATTERNS = {
    "e-mail": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    "date": re.compile(r"(?<![\d.,/-])(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2})(?![\d/-])"),
    "amount": re.compile(r"(?<![\w.,'’])\d{1,3}(?:(?:[.,'’]\d{3})+|\d*)[.,]\d{2}(?![\d.,]*\d)"),
    "number": re.compile(r"(?<![\w/.,-])(?=(?:[A-Z/-]*\d){5})[A-Z0-9]+(?:[/-][A-Z0-9]+)*(?![\w/.,-]*\w)"),
}
_IBAN = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])")
_BIC = re.compile(r"(?<![A-Z0-9])[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?(?![A-Za-z0-9])")
_BIC_LABEL = re.compile(r"\b(?:BIC|SWIFT)\b")


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word, its left edge and the upper and lower edge of its line, all in points from the top left."""

    text: str
    left: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """One page: key tokens that are printed and that were read, by kind; characters printed and wrong (Levenshtein)."""

    tokens: Counter[str]
    tokens_read: Counter[str]
    characters: int
    characters_wrong: int
    missed: tuple[str, ...]


def compare(*, printed: Sequence[PlacedWord], read: Sequence[PlacedWord]) -> Comparison:
    """What of the printed words was read. Blanks do not count, and neither does the order of the lines.

    A word that was read letter for letter at its place has no wrong character, whichever line it is counted to where
    columns stand at different heights; what is left over is compared line by line.
    """
    lines = _lines(printed)
    read_lines: list[list[PlacedWord]] = [[] for _ in lines]
    strays: list[PlacedWord] = []
    for word in read:
        nearest = min(range(len(lines)), key=lambda index: _distance(word, lines[index]), default=None)
        is_stray = nearest is None or _distance(word, lines[nearest]) > word.bottom - word.top
        (strays if is_stray or nearest is None else read_lines[nearest]).append(word)
    tokens: Counter[str] = Counter()
    tokens_read: Counter[str] = Counter()
    missed: list[str] = []
    for line, read_line in zip(map(_text, lines), map(_text, read_lines), strict=True):
        for (kind, token), count in _tokens(line).items():
            found = min(count, _times_read(token, read_line))
            tokens[kind] += count
            tokens_read[kind] += found
            missed.extend([f"{kind} {token}"] * (count - found))
    right = _right_words(printed, read)
    left_over = [[word for word in line if id(word) not in right] for line in (*lines, [])]
    read_over = [[word for word in line if id(word) not in right] for line in (*read_lines, strays)]
    wrong = sum(
        Levenshtein.distance(_squeezed(_text(line)), _squeezed(_text(read_line)))
        for line, read_line in zip(left_over, read_over, strict=True)
    )
    return Comparison(
        tokens=tokens,
        tokens_read=tokens_read,
        characters=sum(len(word.text) for word in printed),
        characters_wrong=wrong,
        missed=tuple(missed),
    )


def _right_words(printed: Sequence[PlacedWord], read: Sequence[PlacedWord]) -> set[int]:
    """The identities of the words that were read letter for letter at their place, on both sides."""
    by_text: dict[str, list[PlacedWord]] = {}
    for word in read:
        by_text.setdefault(word.text, []).append(word)
    right: set[int] = set()
    for word in printed:
        near = [other for other in by_text.get(word.text, ()) if id(other) not in right and _is_at(other, word)]
        if near:
            right |= {id(word), id(min(near, key=lambda other: abs(other.left - word.left)))}
    return right


def _is_at(word: PlacedWord, other: PlacedWord) -> bool:
    height = other.bottom - other.top
    return _distance(word, [other]) < height and abs(word.left - other.left) < 2 * height


def _tokens(line: str) -> Counter[tuple[str, str]]:
    """The key tokens of a line with their kinds; what is part of one is not found again as another."""
    ibans = [_squeezed(match[0]) for match in _IBAN.finditer(line)]
    tokens = [("IBAN", iban) for iban in ibans if _has_iban_checksum(iban)]
    line = _IBAN.sub(" ", line)
    if _BIC_LABEL.search(line):
        tokens.extend(("BIC", match[0]) for match in _BIC.finditer(line))
    for kind, pattern in _PATTERNS.items():
        tokens.extend((kind, match[0]) for match in pattern.finditer(line))
        line = pattern.sub(" ", line)
    return Counter(tokens)


def _times_read(token: str, line: str) -> int:
    """How often the token stands in the line, neither continued by a digit nor continuing one; an IBAN may be read in
    any groups."""
    letters = (" ?" if _looks_like_iban(token) else "").join(map(re.escape, token))
    return len(re.findall(rf"(?<!\d){letters}(?!\d)", line))


def _looks_like_iban(token: str) -> bool:
    return bool(_IBAN.fullmatch(token)) and _has_iban_checksum(token)


def _has_iban_checksum(iban: str) -> bool:
    """ISO 13616: mod 97 of the rearranged number is 1."""
    digits = "".join(str(int(character, 36)) for character in iban[4:] + iban[:4])
    return int(digits) % 97 == 1


def _lines(words: Sequence[PlacedWord]) -> list[list[PlacedWord]]:
    lines: list[list[PlacedWord]] = []
    for word in sorted(words, key=lambda word: word.top + word.bottom):
        if lines and _distance(word, lines[-1]) < (word.bottom - word.top) * 0.35:
            lines[-1].append(word)
        else:
            lines.append([word])
    return lines


def _distance(word: PlacedWord, line: list[PlacedWord]) -> float:
    return abs((word.top + word.bottom) / 2 - (line[0].top + line[0].bottom) / 2)


def _text(line: list[PlacedWord]) -> str:
    return " ".join(word.text for word in sorted(line, key=lambda word: word.left))


def _squeezed(text: str) -> str:
    return "".join(text.split())
