"""Which rows a document could mean: by identifier and by name, within one customer, in few queries."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from counterparties import name_search
from counterparties.candidates import counterparty_rows, find_candidates, known_payer_details
from counterparties.matching import PayeeEvidence, match_payee
from counterparties.models import Address, Contact, Counterparty, CounterpartyAccount
from counterparties.name_sample import samples
from counterparties.name_search import ids_of_equal_names
from counterparties.onboarding import open_onboarding
from customers.models import Customer

pytestmark = pytest.mark.django_db

IBAN = "DE62930500174410027731"
OWN_IBAN = "DE57900402617713500290"


@pytest.fixture
def customer() -> Customer:
    return Customer.objects.create(
        legal_name="Nordlicht Handels GmbH", vat_id="DE999355209", emails=["invoices@nordlicht.example"]
    )


@pytest.fixture
def supplier(customer: Customer) -> Counterparty:
    supplier = Counterparty.objects.create(
        customer=customer,
        legal_name="Hollmann Technik GmbH",
        aliases=["HoTec Montage", "Hollmann"],
        vat_id="DE 999 001 735",
        registration_number="552 100 554 RCS Paris",
    )
    CounterpartyAccount.objects.create(counterparty=supplier, iban=IBAN, is_primary=True)
    Contact.objects.create(counterparty=supplier, type="email", value="Rechnung@hollmann.example")
    Contact.objects.create(counterparty=supplier, type="phone", value="+49 40 66969-200")
    return supplier


def found(customer: Customer, **evidence: Any) -> list[str]:
    rows = find_candidates(customer_id=customer.id, evidence=PayeeEvidence(**evidence))
    return [row.legal_name for row in rows]


BY_EVERYTHING: list[dict[str, Any]] = [
    {"iban": "DE62 9305 0017 4410 0277 31"},
    {"vat_id": "DE999001735"},
    {"email": "rechnung@hollmann.example"},
    {"email": "billing@mail.hollmann.example"},
    {"name": "HOLLMANN TECHNIK"},
    {"name": "Holmann Technik GmbH"},
    {"name": "Hollman Techink"},
    {"name": "HoTec Montage"},
    {"name": "HoTek Montage GmbH"},
    {"vat_id": "999 001 735"},
    {"vat_id": "FR83552100554"},
    {"registration_numbers": ("SIREN 552 100 554",)},
    {"phones": ("040 66969200",)},
    {"phones": ("0049 40 66969200",)},
    {"websites": ("https://www.hollmann.example/shop",)},
]


@pytest.mark.parametrize("evidence", BY_EVERYTHING)
def test_a_supplier_is_found_by_any_evidence(
    customer: Customer, supplier: Counterparty, evidence: dict[str, str]
) -> None:
    assert found(customer, **evidence) == ["Hollmann Technik GmbH"]


@pytest.mark.parametrize("evidence", BY_EVERYTHING)
def test_another_customer_s_supplier_is_not_found(supplier: Counterparty, evidence: dict[str, str]) -> None:
    stranger = Customer.objects.create(legal_name="Somebody Else Ltd")
    assert found(stranger, **evidence) == []


@pytest.mark.parametrize("evidence", BY_EVERYTHING)
def test_an_inactive_supplier_is_not_found(
    customer: Customer, supplier: Counterparty, evidence: dict[str, str]
) -> None:
    supplier.active = False
    supplier.save()
    assert found(customer, **evidence) == []


def test_an_inactive_account_or_contact_finds_nobody(customer: Customer, supplier: Counterparty) -> None:
    supplier.accounts.update(active=False)
    supplier.contacts.update(active=False)
    assert found(customer, iban=IBAN, email="rechnung@hollmann.example") == []
    row = counterparty_rows(customer_id=customer.id, counterparty_ids=[supplier.id])[0]
    assert (row.accounts, row.emails) == ((), ())
    assert row.inactive_ibans == (IBAN,)


@pytest.mark.parametrize(
    "evidence",
    [
        {},
        {"name": "Quarzwind"},
        {"name": "%"},
        {"name": "_"},
        {"email": "x@gmail.com"},
        {"iban": "DE00"},
        {"name": "\0"},
    ],
)
def test_what_fits_nobody_finds_nobody(customer: Customer, supplier: Counterparty, evidence: dict[str, str]) -> None:
    Contact.objects.create(counterparty=supplier, type="email", value="hollmann@gmail.com")
    assert found(customer, **evidence) == []


def test_the_own_counterparty_is_always_among_them_and_marked(customer: Customer, supplier: Counterparty) -> None:
    own = Counterparty.objects.create(customer=customer, legal_name="Nordlicht Handels GmbH", is_own=True)
    CounterpartyAccount.objects.create(counterparty=own, iban=OWN_IBAN)
    rows = find_candidates(customer_id=customer.id, evidence=PayeeEvidence(iban=IBAN))

    assert [(row.id, row.is_own) for row in rows] == [(own.id, True), (supplier.id, False)]
    assert (rows[0].emails, rows[0].vat_id) == (("invoices@nordlicht.example",), "DE999355209")
    assert rows[0].accounts[0].iban == OWN_IBAN


def test_a_row_has_all_that_matching_compares(customer: Customer, supplier: Counterparty) -> None:
    Address.objects.create(counterparty=supplier, street="Werftstr. 12", zip="20457", city="Hamburg", country="DE")
    (row,) = find_candidates(customer_id=customer.id, evidence=PayeeEvidence(iban=IBAN))
    account = supplier.accounts.get()

    assert row.id == supplier.id
    assert (row.legal_name, row.aliases) == ("Hollmann Technik GmbH", ("HoTec Montage", "Hollmann"))
    assert (row.vat_id, row.emails) == ("DE 999 001 735", ("Rechnung@hollmann.example",))
    assert (row.phones, row.registration_number) == (("+49 40 66969-200",), "552 100 554 RCS Paris")
    assert [(each.street, each.zip, each.city) for each in row.addresses] == [("Werftstr. 12", "20457", "Hamburg")]
    assert [(each.id, each.iban, each.currency, each.is_primary) for each in row.accounts] == [
        (account.id, IBAN, "EUR", True)
    ]


def add_many(customer: Customer, count: int, **fields: Any) -> None:
    rows = [
        Counterparty(customer=customer, **({"legal_name": f"Hollmann Technik {number} GmbH"} | fields))
        for number in range(count)
    ]
    for row in rows:
        row.fill_keys()
    Counterparty.objects.bulk_create(rows)
    accounts = [
        CounterpartyAccount(counterparty=row, customer=customer, iban=f"DE{number:020d}")
        for number, row in enumerate(rows)
    ]
    CounterpartyAccount.objects.bulk_create(accounts)


EVERYTHING = PayeeEvidence(
    name="Hollmann Technick", vat_id="DE999001735", email="rechnung@hollmann.example", iban=IBAN, currency="EUR"
)


def test_the_number_of_queries_does_not_grow_with_the_rows(customer: Customer, supplier: Counterparty) -> None:
    counts = []
    for more in (1, 150):
        add_many(customer, more)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            rows = find_candidates(customer_id=customer.id, evidence=EVERYTHING)
        counts.append((len(queries), len(rows) > 50))
    (few, is_many), (many, is_many_later) = counts
    assert few == many <= 3
    assert (is_many, is_many_later) == (False, True)


def test_all_that_is_looked_up_by_equality_takes_one_statement_and_what_is_known_of_it_another(
    customer: Customer, supplier: Counterparty
) -> None:
    evidence = PayeeEvidence(
        name="Hollmann Technik",
        vat_id="DE999001735",
        email="rechnung@hollmann.example",
        iban=IBAN,
        registration_numbers=("SIREN 552 100 554",),
        phones=("040 66969200",),
        websites=("hollmann.example",),
    )
    with CaptureQueriesContext(connection) as queries:
        rows = find_candidates(customer_id=customer.id, evidence=evidence)
    assert [row.id for row in rows] == [supplier.id]
    assert len(queries) == 2


def test_what_belongs_to_a_row_comes_in_its_usual_order(customer: Customer) -> None:
    supplier = Counterparty.objects.create(customer=customer, legal_name="Zobel", onboarding=open_onboarding(by="anna"))
    for number, city in ((1, "Hamburg"), (2, "Bremen"), (3, "Kiel")):
        CounterpartyAccount.objects.create(counterparty=supplier, iban=f"DE{number:020d}", is_primary=number == 2)
        Contact.objects.create(counterparty=supplier, type="email", value=f"{number}@zobel.example")
        Address.objects.create(counterparty=supplier, city=city, country="DE")
    Contact.objects.filter(value="2@zobel.example").update(preferred=True)
    (row,) = counterparty_rows(customer_id=customer.id, counterparty_ids=[supplier.id])

    assert [int(account.iban[-1]) for account in row.accounts] == [2, 1, 3]
    assert row.emails == ("2@zobel.example", "1@zobel.example", "3@zobel.example")
    assert [address.city for address in row.addresses] == ["Kiel", "Bremen", "Hamburg"]


def test_signs_that_a_pattern_knows_are_plain_letters_in_a_name(customer: Customer) -> None:
    for name, alias in (("Zobel", "50 Rabatt"), ("Quarzwind", "5 Rabatt")):
        Counterparty.objects.create(customer=customer, legal_name=name, aliases=[alias])
    assert found(customer, name="50 Rabatt") == ["Zobel"]
    assert ids_of_equal_names(customer_id=customer.id, key="5_ rabatt", most=10) == []
    assert ids_of_equal_names(customer_id=customer.id, key="5%", most=10) == []


def test_never_more_than_two_hundred_and_the_identified_one_among_them(
    customer: Customer, supplier: Counterparty
) -> None:
    add_many(customer, 300, vat_id="DE999777777", aliases=["Hollmann Technik"])
    evidence = PayeeEvidence(name="Hollmann Technik", vat_id="DE999777777", iban=IBAN)
    rows = find_candidates(customer_id=customer.id, evidence=evidence)
    assert len(rows) <= 200
    assert supplier.id in {row.id for row in rows}


def test_rows_come_in_the_order_asked_for_and_only_the_customer_s(customer: Customer, supplier: Counterparty) -> None:
    other = Counterparty.objects.create(customer=customer, legal_name="Zobel")
    stranger = Counterparty.objects.create(customer=Customer.objects.create(legal_name="Else"), legal_name="Stranger")
    rows = counterparty_rows(customer_id=customer.id, counterparty_ids=[other.id, stranger.id, supplier.id])
    assert [row.id for row in rows] == [other.id, supplier.id]


def test_what_is_found_can_be_matched(customer: Customer, supplier: Counterparty) -> None:
    add_many(customer, 30)
    rows = find_candidates(customer_id=customer.id, evidence=EVERYTHING)
    match = match_payee(evidence=EVERYTHING, candidates=rows)
    assert (match.counterparty_id, match.account_id) == (supplier.id, supplier.accounts.get().id)


def test_the_payer_is_known_by_all_its_names_accounts_and_addresses(customer: Customer) -> None:
    own = Counterparty.objects.create(
        customer=customer, legal_name="Nordlicht GmbH", aliases=["Nordlicht"], is_own=True
    )
    CounterpartyAccount.objects.create(counterparty=own, iban=OWN_IBAN)
    Contact.objects.create(counterparty=own, type="email", value="office@nordlicht.example")
    payer = known_payer_details(customer)

    assert payer.names == ("Nordlicht Handels GmbH", "Nordlicht GmbH", "Nordlicht")
    assert payer.vat_id == "DE999355209"
    assert payer.ibans == (OWN_IBAN,)
    assert payer.emails == ("invoices@nordlicht.example", "office@nordlicht.example")


def test_a_payer_without_own_counterparty_is_known_by_what_the_customer_says() -> None:
    payer = known_payer_details(Customer.objects.create(legal_name="Only A Name"))
    assert (payer.names, payer.vat_id, payer.ibans, payer.emails) == (("Only A Name",), "", (), ())


@pytest.mark.postgres
def test_similar_names_are_looked_up_through_the_index_of_pieces(
    customer: Customer, supplier: Counterparty, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(name_search, "_FEW", 0)
    rows = [Counterparty(customer=customer, legal_name=f"Zobel Logistik {number}") for number in range(1_000)]
    for row in rows:
        row.fill_keys()
    Counterparty.objects.bulk_create(rows)
    with CaptureQueriesContext(connection) as queries:
        assert found(customer, name="Hollmann Technick") == ["Hollmann Technik GmbH"]
    samples.forget()
    _, asked = [query["sql"] for query in queries if "paydraft_name_pieces" in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE counterparties_counterparty")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {asked}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Bitmap Index Scan on counterparty_name_pieces" in plan
