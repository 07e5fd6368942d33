"""Saying sentences in the language of the answer that is being made."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from customers.sentences import Sentence, filled


def translated(text: str) -> str:
    """The sentence in the language that is active (Django's), as plain text; text that is no sentence as it is."""
    if not isinstance(text, Sentence) or not text:
        return text
    parameters = {
        name: translated(value) if isinstance(value, str) else value for name, value in text.parameters.items()
    }
    return filled(gettext(text.template), parameters)


def say(template: str, /, **parameters: object) -> str:
    """The sentence in the language that is active, for what is said at once and nowhere stored."""
    return translated(Sentence(template, **parameters))


def all_translated(value: Any) -> Any:
    """`translated` for every text in JSON-like data."""
    if isinstance(value, str):
        return translated(value)
    if isinstance(value, Mapping):
        return {name: all_translated(inner) for name, inner in value.items()}
    return [all_translated(inner) for inner in value] if isinstance(value, (list, tuple)) else value
