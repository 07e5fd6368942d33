"""Importing suppliers from a CSV file: what is created, completed, left alone and rejected."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from counterparties.bank_changes import refuse_change
from counterparties.bank_details_change import BankDetailsChange
from counterparties.candidates import find_candidates
from counterparties.matching import PayeeEvidence
from counterparties.models import Contact, Counterparty, CounterpartyAccount
from counterparties.onboarding import Onboarding
from customers.models import Customer
from tests.imports import import_file, summary
from tests.ledger import own_account

pytestmark = pytest.mark.django_db

HOLLMANN = "Hollmann Technik GmbH,DE999001735,DE62930500174410027731,SPZBDEBBXXX,EUR,rechnung@hollmann.example"
HEADER = "legal_name,vat_id,iban,bic,currency,email"

Import = Callable[..., tuple[str, str]]


@pytest.fixture
def customer() -> Customer:
    return Customer.objects.create(legal_name="Nordlicht Handels GmbH", default_currency="CHF")


@pytest.fixture
def run(customer: Customer, tmp_path: Path) -> Import:
    """Imports the lines, or the bytes, and gives what the command wrote to standard output and error."""

    def run(*lines: str, content: bytes | None = None, options: tuple[str, ...] = ()) -> tuple[str, str]:
        path = tmp_path / "suppliers.csv"
        path.write_bytes(content if content is not None else "\n".join([*lines, ""]).encode())
        return import_file(customer=customer, path=path, options=options)

    return run


def test_a_row_becomes_a_counterparty_with_all_its_parts(run: Import, customer: Customer) -> None:
    out, err = run(
        "legal_name,type,vat_id,registration_number,aliases,email,phone,iban,bic,currency,bank,street,zip,city,state,country",
        "Hollmann Technik GmbH,business,DE999001735,HRB 990173,HoTec|Hollmann;Technik-H,rechnung@hollmann.example,"
        "+49 30 23125 410,DE62 9305 0017 4410 0277 31,spzbdebbxxx,eur,Spreeufer-Bank,Am Speicher 7,10969,Berlin,BE,de",
    )
    assert (out, err) == (summary(created=1), "")
    row = Counterparty.objects.get()
    assert (row.customer, row.created_by) == (customer, "import_counterparties")
    assert (row.type, row.vat_id, row.registration_number) == ("business", "DE999001735", "HRB 990173")
    assert (row.aliases, row.name_key) == (["HoTec", "Hollmann", "Technik-H"], "hollmann technik")
    account = row.accounts.get()
    assert (account.iban, account.bic, account.currency) == ("DE62930500174410027731", "SPZBDEBBXXX", "EUR")
    assert (account.bank, account.is_primary, account.is_validated) == ("Spreeufer-Bank", True, False)
    assert account.customer == customer
    assert {(contact.type, contact.value_key, contact.preferred) for contact in row.contacts.all()} == {
        ("email", "rechnung@hollmann.example", True),
        ("phone", "+493023125410", True),
    }
    address = row.addresses.get()
    assert (address.street, address.zip, address.city, address.state) == ("Am Speicher 7", "10969", "Berlin", "BE")
    assert (address.country, address.preferred) == ("DE", True)


def test_a_name_is_enough_and_the_currency_is_the_customer_s(run: Import) -> None:
    out, _ = run("legal_name,iban", "Zobel,", "Hollmann,CH5509983000004408126")
    assert out == summary(created=2)
    assert CounterpartyAccount.objects.get().currency == "CHF"


def test_imported_again_nothing_changes(run: Import) -> None:
    lines = (HEADER, HOLLMANN, "Zobel AG,,,,,", "Zobel AG,,CH5509983000004408126,,CHF,")
    run(*lines)
    before = {model: list(model.objects.order_by("id").values()) for model in (Counterparty, Contact)}
    out, err = run(*lines)
    assert (out, err) == (summary(unchanged=3), "")
    assert {model: list(model.objects.order_by("id").values()) for model in (Counterparty, Contact)} == before
    assert CounterpartyAccount.objects.count() == 2


def test_several_rows_of_one_counterparty_add_to_it(run: Import) -> None:
    out, _ = run(
        HEADER,
        HOLLMANN,
        "HOLLMANN TECHNIK G.m.b.H.,DE 999 001 735,,,,",
        "Hollmann Technik GmbH,DE 999 001 735,CH5509983000004408126,,CHF,",
        "Hollmann Technik GmbH,,DE57900402617713500290,,EUR,office@hollmann.example",
    )
    assert out == summary(created=1, updated=2, unchanged=1)
    supplier = Counterparty.objects.get()
    assert {(account.iban, account.is_primary) for account in supplier.accounts.all()} == {
        ("DE62930500174410027731", True),
        ("CH5509983000004408126", True),
        ("DE57900402617713500290", False),
    }
    assert supplier.contacts.count() == 2


def test_a_new_account_of_a_known_counterparty_waits_for_a_second_person(run: Import, customer: Customer) -> None:
    run(HEADER, HOLLMANN)
    changed = HOLLMANN.replace("DE62930500174410027731", "DE57900402617713500290")
    lines = (HEADER, changed, changed, HOLLMANN)

    out, err = run(*lines, options=("--by", "Anna"))

    waits = " 1 changes of bank details wait for a second person to confirm them."
    assert (out, err) == (summary(unchanged=3) + waits, "")
    change = BankDetailsChange.objects.get()
    assert (change.iban, change.bic, change.currency) == ("DE57900402617713500290", "SPZBDEBBXXX", "EUR")
    assert (change.source, change.asked_by, change.decision) == ("import", "Anna", "pending")
    assert (change.customer, change.counterparty) == (customer, Counterparty.objects.get())
    assert CounterpartyAccount.objects.get().iban == "DE62930500174410027731"
    assert run(*lines)[0] == summary(unchanged=3)
    refuse_change(change_id=change.pk, by="ben", now=timezone.now(), reason="they know nothing of it")
    assert run(*lines)[0] == summary(unchanged=3)
    assert BankDetailsChange.objects.count() == 1


def test_a_change_is_not_asked_for_in_a_dry_run_and_completes_the_rest(run: Import) -> None:
    run(HEADER, HOLLMANN)
    changed = "Hollmann Technik GmbH,DE999001735,DE57900402617713500290,,EUR,office@hollmann.example"
    expected = summary(updated=1) + " 1 changes of bank details wait for a second person to confirm them."

    assert run(HEADER, changed, options=("--dry-run",))[0] == f"Dry run, nothing stored: {expected}"
    assert (BankDetailsChange.objects.count(), Onboarding.objects.count()) == (0, 1)
    assert run(HEADER, changed)[0] == expected
    assert Counterparty.objects.get().contacts.count() == 2


def test_accounts_of_a_new_counterparty_may_stand_far_apart_in_the_file(run: Import) -> None:
    others = [f"Supplier {number} Ltd,,,,," for number in range(1_100)]
    francs = "Hollmann Technik GmbH,DE999001735,CH5509983000004408126,,CHF,"

    out, _ = run(HEADER, HOLLMANN, *others, francs)

    assert out == summary(created=1_101, updated=1)
    supplier = Counterparty.objects.get(legal_name="Hollmann Technik GmbH")
    assert supplier.accounts.count() == 2
    assert supplier.has_established_bank_details()


def test_a_counterparty_without_an_account_gets_its_first_and_asks_for_the_second(run: Import) -> None:
    run(HEADER, "Zobel AG,,,,,")
    out, _ = run(HEADER, "Zobel AG,,DE57900402617713500290,,EUR,", "Zobel AG,,CH5509983000004408126,,CHF,")
    assert out.startswith(summary(updated=1, unchanged=1))
    assert CounterpartyAccount.objects.get().iban == "DE57900402617713500290"
    assert BankDetailsChange.objects.get().iban == "CH5509983000004408126"


def test_a_later_file_completes_and_never_overwrites(run: Import) -> None:
    run(HEADER, "Hollmann Technik GmbH,,,,,")
    out, _ = run(HEADER + ",registration_number,aliases", HOLLMANN + ",HRB 990173,HoTec")
    assert out == summary(updated=1)
    supplier = Counterparty.objects.get()
    assert (supplier.vat_id, supplier.vat_key, supplier.aliases) == ("DE999001735", "DE999001735", ["HoTec"])
    assert supplier.alias_keys == "|hotec|"
    out, _ = run(HEADER + ",bank", "Hollmann Technik GmbH,DE999001735,DE62930500174410027731,,USD,,Other Bank")
    assert out == summary(unchanged=1)
    account = supplier.accounts.get()
    assert (account.currency, account.bic, account.bank) == ("EUR", "SPZBDEBBXXX", "")


def test_equal_names_with_different_numbers_are_different_companies(run: Import) -> None:
    lines = (
        "legal_name,vat_id,registration_number,iban",
        "Zobel AG,DE999001735,,DE62930500174410027731",
        "Zobel AG,DE999355209,,DE57900402617713500290",
        "Zobel AG,,HRB 1,",
        "Zobel AG,,,DE57900402617713500290",
    )
    out, err = run(*lines)
    assert out == summary(created=2, unchanged=1, rejected=1)
    assert err == "line 4: 2 counterparties have this name; give vat_id to tell them apart"
    assert run(*lines)[0] == summary(unchanged=3, rejected=1)


def test_people_who_share_a_name_are_told_apart_by_their_postal_code(run: Import) -> None:
    lines = (
        "legal_name,type,zip,city,country",
        "Mira Osterkamp,individual,10437,Berlin,DE",
        "Mira Osterkamp,individual,80469,München,DE",
        "Mira Osterkamp,individual,10437,Berlin,DE",
    )
    assert run(*lines)[0] == summary(created=2, unchanged=1)
    assert run(*lines)[0] == summary(unchanged=3)


def test_what_was_deactivated_stays_so(run: Import) -> None:
    run(HEADER, HOLLMANN)
    Counterparty.objects.update(active=False)
    CounterpartyAccount.objects.update(active=False)
    assert run(HEADER, HOLLMANN)[0] == summary(unchanged=1)
    assert not Counterparty.objects.get().active
    assert not CounterpartyAccount.objects.get().active


def test_the_customer_itself_is_not_a_supplier(run: Import, customer: Customer) -> None:
    Counterparty.objects.create(customer=customer, legal_name="Nordlicht Handels GmbH", is_own=True)
    out, err = run(HEADER, "Nordlicht Handels GmbH,,DE62930500174410027731,,EUR,")
    assert out == summary(rejected=1)
    assert err.startswith("line 2: this is the customer itself")
    assert not CounterpartyAccount.objects.exists()


def test_counterparties_of_other_customers_are_not_touched(run: Import) -> None:
    stranger = Customer.objects.create(legal_name="Somebody Else Ltd")
    theirs = Counterparty.objects.create(customer=stranger, legal_name="Hollmann Technik GmbH", vat_id="DE999001735")
    assert run(HEADER, HOLLMANN)[0] == summary(created=1)
    assert not theirs.accounts.exists()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",,,,,", None),
        (",DE999001735,,,,", "legal_name: This field cannot be blank."),
        ("X,,DE62930500174410027732,,,", "iban: The check digits of this IBAN do not fit"),
        ("X,,FR1420041010050500013M0260,,,", "iban: "),
        ("X,,CH5509983000004408126,,,", "iban: this is an account of the customer itself; give the supplier's own"),
        ("X,,DE62930500174410027731,SPZBDEB,,", "bic: This is no BIC"),
        ("X,,DE62930500174410027731,SFZBCHZZXXX,,", "bic: The BIC belongs to a bank in CH"),
        ("X,,,SFZBCHZZXXX,,", "iban: there is a bank but no account; give its IBAN"),
        ("X,,DE62930500174410027731,,XYZ,", "currency: 'XYZ' is no currency code of ISO 4217"),
        ("X,,,,,nobody", "email: This is no e-mail address"),
        ("X,,,,,a@b.example,more", "it has 7 cells for 6 columns; quote cells that hold a comma"),
        (f"{'x' * 301},,,,,", "legal_name: Ensure this value has at most 300 characters"),
    ],
)
def test_a_wrong_row_is_rejected_by_line_and_reason_and_the_rest_imported(
    run: Import, customer: Customer, row: str, reason: str | None
) -> None:
    own_account(customer, iban="CH5509983000004408126")
    out, err = run(HEADER, row, HOLLMANN)
    if reason is None:
        assert (out, err) == (summary(created=1), "")
        return
    assert out == summary(created=1, rejected=1)
    assert err.startswith(f"line 2: {reason}")
    assert Counterparty.objects.get(is_own=False).legal_name == "Hollmann Technik GmbH"


@pytest.mark.parametrize(
    ("columns", "row", "reason"),
    [
        ("type", "club", "type: Value 'club' is not a valid choice."),
        ("phone", "call me", "phone: This is no phone number"),
        ("city,country", "Berlin,", "country: This field cannot be blank."),
        ("city,country", "Berlin,UK", "country: 'UK' is no country code of ISO 3166-1"),
        ("iban,email", "DE00,nobody", "iban: "),
    ],
)
def test_every_column_is_checked(run: Import, columns: str, row: str, reason: str) -> None:
    out, err = run(f"legal_name,{columns}", f"X,{row}")
    assert out == summary(rejected=1)
    assert err.startswith(f"line 2: {reason}")
    assert "; email: " in err or columns != "iban,email"


def test_line_numbers_count_the_lines_of_the_file(run: Import) -> None:
    _, err = run("legal_name,street,country", '"Two', 'lines","a', 'b",DE', "", ",x,DE")
    assert err == "line 6: legal_name: This field cannot be blank."
    assert Counterparty.objects.get().legal_name == "Two lines"


@pytest.mark.parametrize("header", ['"legal_name', '"legal_name"x,city'])
def test_a_header_that_is_no_csv_is_refused(run: Import, header: str) -> None:
    with pytest.raises(CommandError, match="first line is no CSV"):
        run(header, "Zobel")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_delimiter_byte_order_mark_and_line_ends_are_recognised(
    run: Import, delimiter: str, mark: bytes, end: str
) -> None:
    text = end.join([HEADER.replace(",", delimiter), HOLLMANN.replace(",", delimiter)])
    out, err = run(content=mark + text.encode())
    assert (out, err) == (summary(created=1), "")
    assert CounterpartyAccount.objects.get().iban == "DE62930500174410027731"


def test_column_names_may_be_written_as_people_do_and_others_are_ignored_with_a_word(run: Import) -> None:
    out, err = run("Legal Name, VAT_ID ,Colour", "Zobel AG,DE999001735,blue")
    assert out == summary(created=1)
    assert err.startswith("Ignored columns: colour. Known are legal_name,")
    assert Counterparty.objects.get().vat_id == "DE999001735"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty"),
        (b"\xef\xbb\xbf\n", "The file is empty"),
        (b"name,iban\nZobel,\n", "The column legal_name is missing. The first line names name, iban"),
        (b"legal_name,iban,iban\nZobel,,\n", "names iban more than once"),
        ("legal_name\nA\nMüller\n".encode("latin-1"), "Line 3 of .* is not UTF-8"),
        ("legal_name\nZobel\n".encode("utf-16"), "Line 1 of .* is not UTF-8"),
        ("legal_name\nZobel\n".encode("utf-16-le"), "first line has NUL bytes, as UTF-16 has; save the file as UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(run: Import, content: bytes, sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        run(content=content)
    assert not Counterparty.objects.exists()


def test_a_missing_file_and_an_unknown_customer_are_named(customer: Customer, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"none\.csv cannot be read: No such file"):
        call_command("import_counterparties", str(tmp_path / "none.csv"), "--customer", "nordlicht handels gmbh")
    with pytest.raises(CommandError, match=r"no active customer 'Nobody'\. There are: Nordlicht"):
        call_command("import_counterparties", str(tmp_path / "none.csv"), "--customer", "Nobody")


@pytest.mark.parametrize("name", ["", "  ", "x" * 151])
def test_who_answers_for_the_file_has_a_name(run: Import, name: str) -> None:
    with pytest.raises(CommandError, match="name of a user of the back office"):
        run(HEADER, HOLLMANN, options=("--by", name))


def test_a_dry_run_counts_and_stores_nothing(run: Import) -> None:
    out, err = run(HEADER, HOLLMANN, HOLLMANN, "X,,DE00,,,", options=("--dry-run",))
    assert out == f"Dry run, nothing stored: {summary(created=1, unchanged=1, rejected=1)}"
    assert err.startswith("line 4: iban: ")
    assert not Counterparty.objects.exists()


def test_an_imported_counterparty_is_a_candidate(run: Import, customer: Customer) -> None:
    run(HEADER + ",aliases", HOLLMANN + ",HoTec")
    for evidence in (
        PayeeEvidence(iban="DE62930500174410027731"),
        PayeeEvidence(vat_id="DE999001735"),
        PayeeEvidence(email="x@hollmann.example"),
        PayeeEvidence(name="Hollmann Technik"),
        PayeeEvidence(name="HoTec"),
    ):
        assert len(find_candidates(customer_id=customer.id, evidence=evidence)) == 1
