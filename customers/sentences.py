"""Sentences for people that remember what they were made of, so that they can be said in another language later.

A `Sentence` is its English text wherever text is expected: in the log, in the database, in the back office. Only an
answer to a client says it in the client's language (`customers.translations`). Pure: what reads documents uses it too.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Self, SupportsIndex

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_MOST_LEVELS = 6
_LONGEST = 20_000


class Sentence(str):
    """`template` with its `{placeholders}` replaced by `parameters`; catalogues know it by its template.

    Write the template as one literal, which `make messages` collects. Parameters are kept as numbers, as text, or as
    sentences, which are said in the same language.
    """

    template: str
    parameters: Mapping[str, "int | str"]

    def __new__(cls, template: str, /, **parameters: object) -> Self:
        kept = {name: value if isinstance(value, (int, Sentence)) else str(value) for name, value in parameters.items()}
        sentence = super().__new__(cls, filled(template, kept))
        sentence.template, sentence.parameters = template, kept
        return sentence

    @classmethod
    def of(cls, text: str) -> "Sentence":
        """The text itself when it is a sentence, else one that no catalogue knows and every language says alike."""
        return text if isinstance(text, Sentence) else cls("{text}", text=text)

    @classmethod
    def joined(cls, sentences: Iterable[str], *, separator: str = " ") -> Self:
        """Several sentences, or parts of one, as one."""
        parts = {f"part{number}": sentence for number, sentence in enumerate(sentences)}
        return cls(separator.join(f"{{{name}}}" for name in parts), **parts)

    def __str__(self) -> str:
        """Itself, and not a plain copy: `str(error)` of an error that was raised with a sentence is that sentence."""
        return self

    def __reduce_ex__(self, protocol: SupportsIndex, /) -> tuple[Any, ...]:
        return _rebuilt, (self.template, dict(self.parameters))


def filled(template: str, parameters: Mapping[str, object]) -> str:
    """The template with its placeholders replaced; one without a parameter stays, and all else is left as it is.

    Not `str.format`: a template may come from the process that reads hostile files, and formats can ask for anything.
    """
    return _PLACEHOLDER.sub(lambda found: str(parameters.get(found[1], found[0])), template)


def _rebuilt(template: str, parameters: dict[str, Any]) -> Sentence:
    return Sentence(template, **parameters)


def plain_sentence(text: str) -> dict[str, Any]:
    """`{"message", "parts"}`, as JSON can hold it: the English text, and what it was made of."""
    sentence = Sentence.of(text)
    return {"message": str.__str__(sentence), "parts": _parts(sentence)}


def sentence_from_plain(plain: Mapping[str, Any], *, clean: Callable[[str], str] = str) -> Sentence:
    """The inverse of `plain_sentence`; `parts` may be missing, as in what was stored before there were any.

    Every text goes through `clean`. Raises KeyError, TypeError or ValueError on data of another shape, and on what
    would grow beyond measure.
    """
    parts = plain.get("parts")
    return _sentence(parts, clean, _MOST_LEVELS) if parts else Sentence.of(clean(str(plain["message"])))


def _parts(sentence: Sentence) -> dict[str, Any]:
    parameters = {
        name: _parts(value) if isinstance(value, Sentence) else value for name, value in sentence.parameters.items()
    }
    return {"template": sentence.template, "parameters": parameters}


def _sentence(parts: Mapping[str, Any], clean: Callable[[str], str], levels: int) -> Sentence:
    if not levels:
        raise ValueError("a sentence within a sentence within a sentence")
    parameters = {
        name: _sentence(value, clean, levels - 1)
        if isinstance(value, Mapping)
        else (value if isinstance(value, int) else clean(str(value)))
        for name, value in parts["parameters"].items()
    }
    template = clean(str(parts["template"]))
    if len(template) + sum(len(str(value)) for value in parameters.values()) > _LONGEST:
        raise ValueError("a sentence without end")
    sentence = Sentence(template, **parameters)
    if len(sentence) > _LONGEST:
        raise ValueError("a sentence without end")
    return sentence
