"""The catalogues of `locale/`: which sentences the code has, and what the catalogues make of them.

`make messages` runs this module: it collects the sentences, leaves the new ones empty in each language, and compiles.
"""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from tests.services import ROOT

LANGUAGES = ("de", "fr", "it")
APPS = ("customers", "counterparties", "invoices", "transfers", "ocr", "config")
KEYWORDS = dict.fromkeys(("Sentence", "say", "gettext", "gettext_lazy", "gettext_noop"))


def po_file(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def sentences() -> Iterator[tuple[str, str]]:
    """Every sentence of the code that an answer may say, with its file."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            for _, message, _, _ in extract_from_file("python", path, keywords=KEYWORDS):
                yield str(message), str(path.relative_to(ROOT))


def catalogue(language: str) -> Catalog:
    """The language's catalogue as it is written."""
    with po_file(language).open("rb") as file:
        return read_po(file, locale=language, domain="django")


def write(language: str, written: Catalog) -> None:
    """The catalogue and its compiled form, which Django reads."""
    with po_file(language).open("wb") as file:
        write_po(file, written, width=0, include_lineno=False, ignore_obsolete=True)
    with po_file(language).with_suffix(".mo").open("wb") as file:
        write_mo(file, written)


def renew(language: str) -> int:
    """Brings the language's catalogue up to date with the code; how many of its sentences wait to be translated."""
    template = Catalog()
    for message, path in sentences():
        template.add(message, locations=[(path, 0)])
    written = catalogue(language)
    written.update(template, no_fuzzy_matching=True, update_creation_date=False)
    write(language, written)
    return sum(1 for message in written if message.id and not message.string)


if __name__ == "__main__":
    for each in LANGUAGES:
        print(f"{po_file(each).relative_to(ROOT)}: {renew(each)} sentences to be translated")  # noqa: T201
