"""Sentences keep what they were made of, whichever way they go, and whoever wrote it down."""

import copy
import json
import pickle
from typing import Any

import pytest
from django.utils import translation

from customers.sentences import Sentence, plain_sentence, sentence_from_plain
from customers.translations import all_translated, say, translated

REASON = Sentence("its checksum is wrong")
SENTENCE = Sentence("The payment code was left out: {reason}.", reason=REASON)


def through_json(sentence: Sentence) -> Sentence:
    return sentence_from_plain(json.loads(json.dumps(plain_sentence(sentence))))


@pytest.mark.parametrize(
    "way",
    [copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one)), through_json, lambda one: str(ValueError(one))],  # noqa: S301
)
def test_a_sentence_stays_one(way: Any) -> None:
    kept = way(SENTENCE)

    assert (kept, kept.template, kept.parameters) == (SENTENCE, SENTENCE.template, {"reason": REASON})
    with translation.override("de"):
        assert translated(kept) == "Der Zahlungscode wurde nicht verwendet: seine Prüfsumme ist falsch."


def test_it_is_english_wherever_text_is_expected() -> None:
    with translation.override("de"):
        assert f"{SENTENCE} {REASON}".startswith("The payment code was left out: its checksum is wrong. its")
        assert json.dumps([SENTENCE]) == '["The payment code was left out: its checksum is wrong."]'


def test_several_sentences_are_said_as_one() -> None:
    joined = Sentence.joined([Sentence("Enter the amount."), Sentence("Enter the currency.")])

    assert joined == "Enter the amount. Enter the currency."
    with translation.override("fr"):
        assert translated(joined) == "Saisissez le montant. Saisissez la monnaie."


def test_what_stands_in_braces_is_kept_when_it_is_no_placeholder() -> None:
    assert Sentence("{name} and {other}", name="{other}") == "{other} and {other}"
    assert through_json(Sentence("{text}", text='{"a": 1}')) == '{"a": 1}'


def test_text_without_parts_and_data_of_other_kinds_stay_as_they_are() -> None:
    stored = sentence_from_plain({"message": "Of an {older} release."})

    with translation.override("it"):
        assert translated(stored) == translated("Of an {older} release.") == "Of an {older} release."
        assert translated(Sentence("")) == ""
        assert say("Give true or false.") == "Indicare true o false."
        assert all_translated({"a": [Sentence("Enter the amount."), 7, None]}) == {
            "a": ["Inserire l'importo.", 7, None]
        }


def nested(levels: int) -> dict[str, Any]:
    return {"template": "{a}", "parameters": {"a": nested(levels - 1) if levels else "x"}}


@pytest.mark.parametrize(
    "parts",
    [
        {"template": "x"},
        {"parameters": {}},
        "x",
        nested(40),
        {"template": "{a}" * 5000, "parameters": {"a": "x" * 5000}},
        {"template": "x" * 30_000, "parameters": {}},
    ],
    ids=["no parameters", "no template", "no object", "nested", "growing", "long"],
)
def test_what_cannot_be_a_sentence_is_refused(parts: Any) -> None:
    with pytest.raises((KeyError, TypeError, ValueError, AttributeError)):
        sentence_from_plain({"message": "x", "parts": parts})


def test_a_template_from_elsewhere_asks_for_nothing_but_its_parameters() -> None:
    hostile = {"template": "{a.__class__} {a:>99999999} {b} {a}", "parameters": {"a": "x"}}

    assert sentence_from_plain({"message": "", "parts": hostile}) == "{a.__class__} {a:>99999999} {b} x"


def test_every_text_is_cleaned() -> None:
    parts = {"template": "a\0{b}", "parameters": {"b": {"template": "c\0", "parameters": {}}}}

    assert sentence_from_plain({"parts": parts}, clean=lambda text: text.replace("\0", "")) == "ac"
