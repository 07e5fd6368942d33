"""Whether a page's text layer says what the page shows, or whether the page has to be read from its image."""

import unicodedata
from dataclasses import dataclass

from customers.sentences import Sentence

MIN_WORDS = 8
MIN_CHARACTERS = 40
MAX_UNREADABLE_SHARE = 0.02
MIN_ALPHANUMERIC_SHARE = 0.55
MAX_HIDDEN_SHARE = 0.5
# A stamp or signature over a scan: some visible words, but the invoice itself is in the picture behind them.
PAGE_IMAGE_SHARE = 0.8
MIN_WORDS_OVER_PAGE_IMAGE = 50
# A letterhead that is text over a body that is a scan: what matters is in a picture that no word of the layer is on.
BARE_IMAGE_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class TextLayerFigures:
    """`texts` are the visible words; `hidden_characters` count what is in the layer and not to be seen.

    `image_share` is the part of the page that its pictures cover, `bare_image_share` that of the pictures which have
    hardly a word of the layer on them. `only_text` means that nothing but text and thin rules is painted: a short
    layer is then still all there is.
    """

    texts: tuple[str, ...]
    hidden_characters: int = 0
    image_share: float = 0.0
    bare_image_share: float = 0.0
    only_text: bool = False


def is_sound(figures: TextLayerFigures) -> bool:
    """True when the visible text layer can be taken as what a person reads on the page."""
    return unsoundness(figures) is None


def unsoundness(figures: TextLayerFigures) -> Sentence | None:
    """Why the text layer cannot be taken as what a person reads on the page, for a note; None when it can."""
    text = "".join(figures.texts)
    if figures.hidden_characters > (len(text) + figures.hidden_characters) * MAX_HIDDEN_SHARE:
        return Sentence("most of it cannot be seen on the page")
    if not text:
        return Sentence("it has no words")
    if figures.image_share >= PAGE_IMAGE_SHARE and len(figures.texts) < MIN_WORDS_OVER_PAGE_IMAGE:
        return Sentence("it has few words on a picture of the whole page")
    if figures.bare_image_share >= BARE_IMAGE_SHARE:
        return Sentence("a large part of the page is a picture that it says nothing of")
    if (len(figures.texts) < MIN_WORDS or len(text) < MIN_CHARACTERS) and not figures.only_text:
        return Sentence("it has few words and the page shows more than text")
    unreadable = sum(map(_is_unreadable, text))
    alphanumeric = sum(map(str.isalnum, text))
    if unreadable / len(text) > MAX_UNREADABLE_SHARE or alphanumeric / len(text) < MIN_ALPHANUMERIC_SHARE:
        return Sentence("its characters make no sense")
    return None


def _is_unreadable(character: str) -> bool:
    """U+FFFD, private-use and control characters: what comes out where a font has no mapping to Unicode."""
    return character == "\N{REPLACEMENT CHARACTER}" or unicodedata.category(character) in {"Co", "Cc", "Cn"}
