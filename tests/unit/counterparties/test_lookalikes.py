"""Names and mail domains that imitate a known supplier's, and honest ones that are only like it."""

from dataclasses import replace
from itertools import permutations
from uuid import uuid4

import pytest

from counterparties.evidence import AccountRow, AddressRow, CounterpartyRow, Match, PayeeEvidence
from counterparties.lookalikes import domain_imitates, lookalike_warnings, name_imitates, plain_letters

OLD_IBAN, NEW_IBAN = "DE02120300000000202051", "DE02500105170137075030"
ACCOUNT = AccountRow(id=uuid4(), iban=OLD_IBAN, bic="", currency="EUR", is_primary=True)
KNOWN = CounterpartyRow(
    id=uuid4(), legal_name="Hollow Oak Timber Ltd", emails=("accounts@hollowoak.com",), accounts=(ACCOUNT,)
)
NOBODY = Match(counterparty="not_found", counterparty_id=None, account="not_found", account_id=None)
PAID_TO_FILE = Match(counterparty="found", counterparty_id=KNOWN.id, account="found", account_id=ACCOUNT.id)
EVIDENCE = PayeeEvidence(name="Hollow Oak Timber Ltd", email="accounts@hollowoak.com", iban=NEW_IBAN)


def codes(evidence: PayeeEvidence, *rows: CounterpartyRow, match: Match = NOBODY) -> list[str]:
    return [each.code for each in lookalike_warnings(evidence=evidence, match=match, candidates=rows or (KNOWN,))]


def test_letters_of_other_scripts_become_the_latin_ones_they_look_like() -> None:
    assert plain_letters("Ноllоw Oаk") == "Hollow Oak"
    assert plain_letters("Müller Łódź 24 Œuvre") == "Müller Łódź 24 Œuvre"
    assert plain_letters("Щука") != "Shchuka"


@pytest.mark.parametrize(
    "name",
    [
        "Hоllow Oak Timber Ltd",  # one Cyrillic o
        "НОLLОW OAK TIMBER LTD",  # and capitals
        "Hollow Οak Timber Ltd",  # a Greek omicron
        "Hollow Oak Tirnber Ltd",
        "Ho11ow Oak Timber Ltd",
        "Hollovv Oak Timber Ltd",
        "Hollow Oak Timbers Ltd",
        "Hollow Oka Timber GmbH",
        "Hollw Oak Timber Ltd",
        "Hollow Oak Timber Ltcl",
        "HΟLLΟW ΟAK TΙMBER LTD",  # Greek capitals, among them an iota
    ],
)
def test_a_name_made_to_be_taken_for_a_known_one_is_flagged(name: str) -> None:
    assert name_imitates(name=name, known=KNOWN.legal_name)
    assert codes(replace(EVIDENCE, name=name)) == ["lookalike_name"]


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("Hollow Oak Timber Ltd", "HOLLOW OAK TIMBER LIMITED"),
        ("Nordwind AG", "Nordwind GmbH"),
        ("Mueller & Soehne", "Müller und Söhne KG"),
        ("Meier GmbH", "Meyer GmbH"),
        ("Nordwind AG", "Nordwind KG"),
        ("A. Lindenthal", "B. Lindenthal"),
        ("Objekt Seestrasse 12", "Objekt Seestrasse 13"),
        ("Nordwind Süd", "Nordwind"),
        ("ООО Ромашка", "OOO Romashka"),
        ("ΑΕΓΕΑΝ ΑΕ", "Aegean SA"),
        ("Kranich Logistik", "Kranich Technik"),
        ("", "Hollow Oak"),
    ],
)
def test_honest_names_that_are_alike_are_two_names_or_one(name: str, known: str) -> None:
    assert not name_imitates(name=name, known=known)


def test_a_name_that_is_itself_on_file_imitates_nobody() -> None:
    other = CounterpartyRow(id=uuid4(), legal_name="Hollow Oak Timbers Ltd")
    assert codes(replace(EVIDENCE, name="Hollow Oak Timbers Ltd"), KNOWN, other) == []
    also_called = replace(KNOWN, aliases=("Hollow Oak Tinber",))
    assert codes(replace(EVIDENCE, name="Hollow Oak Tinber"), also_called) == []


def test_a_document_that_is_paid_to_the_account_on_file_needs_no_such_warning() -> None:
    misread = replace(EVIDENCE, name="Hollow 0ak Tirnber Ltd", iban=OLD_IBAN, email="accounts@hol1owoak.com")
    assert codes(misread, match=PAID_TO_FILE) == []


def test_without_an_iban_a_misread_letter_is_nothing_but_another_script_is() -> None:
    assert codes(replace(EVIDENCE, name="Hollow Oak Tirnber", iban=None)) == []
    assert codes(replace(EVIDENCE, name="Hоllow Oak Timber", iban=None)) == ["lookalike_name"]


@pytest.mark.parametrize(
    "domain",
    [
        "hol1owoak.com",
        "hollow-oak.com",
        "holowoak.com",
        "hollowaok.com",
        "hollowoak.co",
        "hоllowoak.com",
        "xn--hllowoak-nbh.com",
        "mail.hollowoak.co",
        "hollovvoak.com",
    ],
)
def test_a_domain_made_to_be_taken_for_a_known_one_is_flagged(domain: str) -> None:
    assert domain_imitates(domain=domain, known="hollowoak.com")
    assert codes(replace(EVIDENCE, email=f"accounts@{domain}")) == ["lookalike_domain"]


@pytest.mark.parametrize(
    "email",
    [
        "accounts@hollowoak.com",
        "someone@hollowoak.com",
        "a@billing.hollowoak.com",
        "hollowoak@gmail.com",
        "a@elm-timber.com",
        "nothing",
        None,
    ],
)
def test_honest_domains_are_left_alone(email: str | None) -> None:
    assert codes(replace(EVIDENCE, email=email)) == []


@pytest.mark.parametrize("domain", ["hollowoak.de", "hollowoak.co.uk", "hollowoak-group.com", "hollowoak-billing.com"])
def test_the_suppliers_label_in_another_domain_is_flagged_only_beside_its_name(domain: str) -> None:
    assert codes(replace(EVIDENCE, email=f"a@{domain}")) == ["lookalike_domain"]
    assert codes(replace(EVIDENCE, name="Elm & Sons Ltd", email=f"a@{domain}")) == []
    assert codes(replace(EVIDENCE, email=f"a@{domain}", iban=OLD_IBAN), match=PAID_TO_FILE) == []


def test_domains_that_differ_in_a_number_are_two() -> None:
    assert not domain_imitates(domain="strom24.de", known="strom42.de")


def test_the_payers_own_name_and_domain_are_not_among_the_imitated() -> None:
    own = replace(KNOWN, is_own=True)
    assert codes(replace(EVIDENCE, name="Hollow Oak Tirnber", email="a@holowoak.com"), own) == []


def test_the_warning_names_both_and_points_at_the_counterparty() -> None:
    evidence = replace(EVIDENCE, name="Hоllow Oak Timber Ltd")
    (warning,) = lookalike_warnings(evidence=evidence, match=NOBODY, candidates=[KNOWN])
    assert (warning.field, warning.counterparty_id) == ("seller_name", KNOWN.id)
    assert "another script" in warning.message
    assert KNOWN.legal_name in warning.message


SURNAMES = [
    "Bergmann",
    "Bachmann",
    "Hoffmann",
    "Hofmann",
    "Lehmann",
    "Lohmann",
    "Neumann",
    "Naumann",
    "Schmitz",
    "Schmidt",
    "Schmitt",
    "Schulz",
    "Schulze",
    "Scholz",
    "Fischer",
    "Fiedler",
    "Richter",
    "Riester",
    "Wagner",
    "Wegner",
    "Weber",
    "Weiler",
    "Keller",
    "Kessler",
    "Kellner",
    "Moreau",
    "Morel",
    "Marchand",
    "Martin",
    "Martinez",
    "Martini",
    "Rossi",
    "Russo",
    "Bianchi",
    "Ferrari",
    "Ferraro",
    "Jansen",
    "Janssen",
    "Johansson",
    "Johansen",
    "Andersson",
    "Andersen",
    "Nilsson",
]
TRADES = ("Haustechnik", "Logistik", "Papier")


def test_of_honest_companies_with_common_surnames_hardly_any_is_taken_for_another() -> None:
    """Each as a new supplier beside all others in the books: the pairs that one letter parts are the price."""
    flagged = sum(
        name_imitates(name=f"{one} {trade} GmbH", known=f"{other} {trade} GmbH")
        for trade in TRADES
        for one, other in permutations(SURNAMES, 2)
    )
    assert flagged / (len(TRADES) * len(SURNAMES) * (len(SURNAMES) - 1)) < 0.02


@pytest.mark.parametrize("name", ["Hollow Oak Timber Services Ltd", "Hollow Oak Timber Trading Group Ltd"])
def test_a_known_name_with_a_word_or_two_more_is_told_of(name: str) -> None:
    assert "lookalike_name" in codes(replace(EVIDENCE, name=name))


@pytest.mark.parametrize(
    "name", ["Hollow Oak Ltd", "Hollow Oak Timber Services Trading Group Ltd", "Timber Services Ltd"]
)
def test_a_name_that_shares_words_only_is_not(name: str) -> None:
    assert codes(replace(EVIDENCE, name=name)) == []


def test_a_single_word_taken_up_is_told_of_at_the_same_address_only() -> None:
    known = replace(KNOWN, legal_name="Ostrisal AB", addresses=(AddressRow("Storgatan 4", "411 38", "Göteborg"),))
    evidence = replace(EVIDENCE, name="Ostrisal Services AB", email=None)

    assert codes(evidence, known) == []
    assert codes(replace(evidence, address="Storgatan 4, 411 38 Göteborg"), known) == ["lookalike_name"]
