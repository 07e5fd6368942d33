"""Whether a page's text layer says what the page shows, or whether the page has to be read from its image."""

import unicodedata
from dataclasses import dataclass

MIN_WORDS = 8
MIN_CHARACTERS = 40
MAX_UNREADABLE_SHARE = 0.02
MIN_ALPHANUMERIC_SHARE = 0.55
MAX_HIDDEN_SHARE = 0.5
# A stamp or signature over a scan: some visible words, but the invoice itself is in the picture behind them.
PAGE_IMAGE_SHARE = 0.8
MIN_WORDS_OVER_PAGE_IMAGE = 50


@dataclass(frozen=True, slots=True)
class TextLayerFigures:
    """`texts` are the visible words; `hidden_characters` count what is in the layer and not to be seen.

    `image_share` is the part of the page that its largest picture covers. `only_text` means that nothing but text and
    thin rules is painted: a short layer is then still all there is.
    """

    texts: tuple[str, ...]
    hidden_characters: int = 0
    image_share: float = 0.0
    only_text: bool = False


def is_sound(figures: TextLayerFigures) -> bool:
    """True when the visible text layer can be taken as what a person reads on the page."""
    text = "".join(figures.texts)
    if not text:
        return False
    if figures.hidden_characters / (len(text) + figures.hidden_characters) > MAX_HIDDEN_SHARE:
        return False
    if figures.image_share >= PAGE_IMAGE_SHARE and len(figures.texts) < MIN_WORDS_OVER_PAGE_IMAGE:
        return False
    if (len(figures.texts) < MIN_WORDS or len(text) < MIN_CHARACTERS) and not figures.only_text:
        return False
    unreadable = sum(map(_is_unreadable, text))
    alphanumeric = sum(map(str.isalnum, text))
    return unreadable / len(text) <= MAX_UNREADABLE_SHARE and alphanumeric / len(text) >= MIN_ALPHANUMERIC_SHARE


def _is_unreadable(character: str) -> bool:
    """U+FFFD, private-use and control characters: what comes out where a font has no mapping to Unicode."""
    return character == "\N{REPLACEMENT CHARACTER}" or unicodedata.category(character) in {"Co", "Cc", "Cn"}
