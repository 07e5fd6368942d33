import pytest

from ocr.reading.soundness import TextLayerFigures, is_sound

WORDS = ("Rechnung", "Nr.", "2026-0417", "vom", "03.11.2026", "Gesamtbetrag", "EUR", "1.234,51", "Müller")


def test_ordinary_text_is_sound() -> None:
    assert is_sound(TextLayerFigures(WORDS))


@pytest.mark.parametrize("texts", [(), WORDS[:7], ("a",) * 20])
def test_a_layer_of_few_words_or_letters_is_unsound(texts: tuple[str, ...]) -> None:
    assert not is_sound(TextLayerFigures(texts))


def test_a_short_layer_is_sound_where_nothing_but_text_is_painted() -> None:
    assert is_sound(TextLayerFigures(("Seite", "2"), only_text=True))


@pytest.mark.parametrize("character", ["\N{REPLACEMENT CHARACTER}", "\ue000", "\x03"])
def test_characters_without_meaning_make_a_layer_unsound(character: str) -> None:
    assert is_sound(TextLayerFigures((*WORDS, character)))
    assert not is_sound(TextLayerFigures((*WORDS, character * 4)))


def test_a_layer_of_signs_is_unsound() -> None:
    assert not is_sound(TextLayerFigures((*WORDS, "#$%&§" * 20)))


def test_a_layer_that_is_mostly_hidden_is_unsound() -> None:
    visible = len("".join(WORDS))
    assert is_sound(TextLayerFigures(WORDS, hidden_characters=visible - 1))
    assert not is_sound(TextLayerFigures(WORDS, hidden_characters=visible + 1))


def test_a_picture_without_words_on_it_makes_the_layer_unsound_when_it_is_large() -> None:
    assert is_sound(TextLayerFigures(WORDS * 10, image_share=0.2, bare_image_share=0.2))
    assert not is_sound(TextLayerFigures(WORDS * 10, image_share=0.6, bare_image_share=0.6))


def test_a_stamp_over_a_picture_of_the_page_does_not_stand_for_the_page() -> None:
    assert not is_sound(TextLayerFigures(WORDS, image_share=0.9))
    assert is_sound(TextLayerFigures(WORDS * 10, image_share=0.9))
