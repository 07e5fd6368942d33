"""The catalogues have every sentence of the code, in every language, and nothing is lost in them."""

import ast
import gettext
import re

import pytest
from django.utils import translation
from rest_framework import fields, relations, serializers

from config.api.errors import DOMAIN_ERRORS
from tests.catalogues import APPS, LANGUAGES, catalogue, po_file, sentences
from tests.services import ROOT

PLACEHOLDER = re.compile(r"\{[^{}]*\}|%\(\w+\)[sd]")
# Sentences that read the same in another language.
ALIKE = {"BIC", "IBAN", "{message}; {advice}", "total"}
RAISED_WITH_A_FIELD = {"UnknownReference"}  # the sentence is its own
# They raise errors of the API's kinds for operators alone, who read English.
FOR_OPERATORS = {
    "confirm_change",
    "refuse_change",
    "withdraw_change",
    "_locked_change",
    "_check_pending",
    "_check_second_person",
    "_decide",
    "ask_for_read_account",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_the_sentences_of_the_code_and_no_other(language: str) -> None:
    """`make messages` brings them up to date."""
    assert {message.id for message in catalogue(language) if message.id} == {sentence for sentence, _ in sentences()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated_with_all_that_is_filled_in(language: str) -> None:
    messages = [message for message in catalogue(language) if message.id]

    assert not catalogue(language).obsolete
    assert [message.id for message in messages if not message.string or message.fuzzy] == []
    lost = [
        message.id
        for message in messages
        if sorted(PLACEHOLDER.findall(str(message.id))) != sorted(PLACEHOLDER.findall(str(message.string)))
    ]
    assert lost == []
    assert {message.id for message in messages if message.string == message.id} <= ALIKE
    ends = [message.id for message in messages if str(message.id)[-1] == "." and str(message.string)[-1] != "."]
    assert ends == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_says_what_the_written_one_says(language: str) -> None:
    with po_file(language).with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)

    written = {message.id: message.string for message in catalogue(language) if message.id}
    assert {sentence: compiled.gettext(str(sentence)) for sentence in written} == written
    assert len(compiled._catalog) == len(written) + 1  # type: ignore[attr-defined] # and the header


def test_german_is_written_as_it_is_in_switzerland_and_in_germany() -> None:
    """Words that the two countries spell in two ways are avoided."""
    said = PLACEHOLDER.sub("", " ".join(str(message.string) for message in catalogue("de") if message.id))

    assert re.findall(r"\w*(?:ß|[Gg]ross|[Gg]röss|[Ss]chliess|[Aa]usser|[Hh]eiss|[Ss]trasse)\w*", said) == []


def test_errors_that_clients_see_are_raised_with_sentences() -> None:
    """A literal or an f-string would be English in every language."""
    errors = {kind.__name__ for kind, _, _ in DOMAIN_ERRORS} - RAISED_WITH_A_FIELD
    raised = {
        (str(path.relative_to(ROOT)), function.name): call
        for path in (path for app in APPS for path in sorted((ROOT / app).rglob("*.py")))
        if "back_office" not in path.parts
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef) and function.name not in FOR_OPERATORS
        for node in ast.walk(function)
        if isinstance(node, ast.Raise) and isinstance(call := node.exc, ast.Call)
        if isinstance(call.func, ast.Name) and call.func.id in errors and call.args
    }

    plain = (ast.Constant, ast.JoinedStr, ast.BinOp)
    assert len(raised) > 20
    assert [place for place, call in raised.items() if isinstance(call.args[0], plain)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_libraries_say_of_fields_is_translated_too(language: str) -> None:
    said = {
        message
        for module in (fields, relations, serializers)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, fields.Field)
        for message in map(str, kind.default_error_messages.values())
    }

    assert len(said) > 50
    with translation.override(language):
        assert [message for message in said if message and translation.gettext(message) == message] == []
