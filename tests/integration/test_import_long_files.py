"""Long, broken and interrupted imports: nothing is lost or stored twice, and a person can tell how far it is."""

import os
import re
import signal
import sys
import threading
import tracemalloc
from collections.abc import Callable, Iterable
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, OperationalError, connection, models

from counterparties import entries
from counterparties.bank_details_change import BankDetailsChange
from counterparties.bulk_writing import insert_rows
from counterparties.entries import Entries
from counterparties.models import Contact, Counterparty, CounterpartyAccount
from counterparties.onboarding import Onboarding
from customers.models import Customer
from tests.imports import import_file, summary

pytestmark = pytest.mark.django_db

BATCH = 1_000
Import = Callable[..., tuple[str, str]]


@pytest.fixture
def customer() -> Customer:
    return Customer.objects.create(legal_name="Nordlicht Handels GmbH", default_currency="EUR")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "suppliers.csv"


@pytest.fixture
def run(customer: Customer, path: Path) -> Import:
    def run(*lines: str, options: tuple[str, ...] = ()) -> tuple[str, str]:
        path.write_text("\n".join([*lines, ""]), encoding="utf-8")
        return import_file(customer=customer, path=path, options=options)

    return run


def names() -> set[str]:
    return set(Counterparty.objects.values_list("legal_name", flat=True))


@pytest.mark.parametrize("more", [0, 3, 10_000])
def test_an_open_quotation_mark_is_reported_by_its_line_and_costs_no_other_row(run: Import, more: int) -> None:
    """Ten thousand rows are more than the reader takes for one cell; what it swallowed before is read again."""
    swallowed = [f"Supplier {number}," for number in range(more)]

    out, err = run("legal_name,city", "Zobel,", '"Open,', *swallowed)

    assert out == summary(created=more + 1, rejected=1)
    assert re.match(r"line 3: .*a quotation mark that is not closed$", err, re.MULTILINE)
    assert len(names()) == more + 1
    assert not [name for name in names() if "Open" in name]


def test_a_mark_that_another_cell_seems_to_close_costs_no_other_row(run: Import) -> None:
    out, err = run("legal_name,city", '"Open,', "Hollmann,", '"Zobel, Söhne",', ",nobody", "Last,")

    assert out == summary(created=3, rejected=2)
    assert [line.partition(":")[0] for line in err.splitlines()] == ["line 2", "line 5"]
    assert names() == {"Hollmann", "Zobel, Söhne", "Last"}


def test_text_out_of_a_broken_cell_becomes_no_supplier(run: Import) -> None:
    text = ["This is the text of a letter" for _ in range(6_000)]

    out, err = run("legal_name,city", '"Zobel,', *text, '",Berlin', "Last,")

    assert names() == {"Last"}
    assert out == summary(created=1, rejected=6_002)
    assert "line 3: it has 1 cells for 2 columns, behind a line that is no CSV; give all" in err


def test_a_cell_of_five_megabytes_and_nul_bytes_are_told_of_and_the_rest_imported(run: Import) -> None:
    out, err = run("legal_name,city", f"{'x' * 5_000_000},", "Zo\0bel\0 AG\0,", f"Last,{'y' * 5_000_000}", "Hollmann,")

    assert out == summary(created=2, rejected=2)
    assert err.splitlines() == [
        f"line {line}: a cell has more than 131,072 characters; shorten it, or look for a quotation mark that is not "
        "closed"
        for line in (2, 4)
    ]
    assert names() == {"Zo bel  AG", "Hollmann"}


def test_a_pipe_and_standard_input_are_read_as_a_file_is(
    customer: Customer, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(path)
    writing = threading.Thread(target=path.write_text, args=("legal_name\nZobel\n",))
    writing.start()
    assert import_file(customer=customer, path=path) == (summary(created=1), "")
    writing.join()

    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(b"legal_name\nZobel\nHollmann\n")))
    assert import_file(customer=customer, path=Path("-")) == (summary(created=1, unchanged=1), "")
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(b"legal_name\nLast\nM\xfcller\n")))
    with pytest.raises(CommandError, match="Line 3 of - is not UTF-8"):
        import_file(customer=customer, path=Path("-"))
    assert names() == {"Zobel", "Hollmann"}


def test_a_long_file_is_imported_in_batches_with_progress_and_little_memory(run: Import) -> None:
    lines = ["Zobel AG" if number % 20 else f"Supplier {number} Ltd" for number in range(20_000)]
    tracemalloc.start()
    try:
        out, err = run("legal_name", *lines)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert out == summary(created=1_001, unchanged=18_999)
    first, second = err.splitlines()
    assert re.fullmatch(r"… \d\d%, \d+ rows: \d+ created, 0 updated, \d+ unchanged, 0 rejected\.", first)
    assert second == f"… 100%, {summary(created=1_001, unchanged=18_999)}"
    # Two batches of these rows, one read and one written, take 6 MB; all twenty thousand at once take 25.
    assert peak < 10_000_000


def test_a_terminal_shows_share_rate_and_time_left_on_one_line(customer: Customer, path: Path) -> None:
    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    path.write_text("legal_name,iban\n" + "Zobel,\n" * (2 * BATCH) + "Bad,DE00\n", encoding="utf-8")
    err = Terminal()
    call_command(
        "import_counterparties", str(path), "--customer", str(customer.id), stdout=StringIO(), stderr=err, no_color=True
    )

    drawn = err.getvalue().split("\r\x1b[K")
    assert re.match(r" *\d+% [█░]{20} [\d,]+ rows, [\d,]+/s, \d+ s left; 1 created", drawn[1])
    assert [text for text in drawn if text.startswith("line 2002: iban: ")]
    assert drawn[-1] == ""


def stop_at_the_second_batch(monkeypatch: pytest.MonkeyPatch, stop: Callable[[], None]) -> None:
    saved: list[int] = []
    save = Entries.save

    def save_or_stop(self: Entries) -> int:
        asked = save(self)
        saved.append(asked)
        if len(saved) == 2:
            stop()
        return asked

    monkeypatch.setattr(Entries, "save", save_or_stop)


def terminate() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def lose_the_database() -> None:
    raise OperationalError("server closed the connection unexpectedly\n")


@pytest.mark.parametrize(
    ("stop", "sentence"),
    [(terminate, r"^Stopped\."), (lose_the_database, r"^The database failed \(server closed the connection unexp")],
)
def test_what_was_stored_before_a_stop_stays_and_the_same_file_brings_the_rest(
    run: Import, monkeypatch: pytest.MonkeyPatch, stop: Callable[[], None], sentence: str
) -> None:
    lines = [
        "legal_name,email",
        *(f"Supplier {number} Ltd,office@s{number}.example" for number in range(2 * BATCH + 5)),
    ]
    stop_at_the_second_batch(monkeypatch, stop)
    with pytest.raises(CommandError, match=sentence) as stopped:
        run(*lines)

    assert f"Stored until then: {summary(created=BATCH)} Import the whole file again" in str(stopped.value)
    assert (Counterparty.objects.count(), Contact.objects.count()) == (BATCH, BATCH)
    assert not Onboarding.objects.filter(closed_at=None).exists()
    assert run(*lines)[0] == summary(created=BATCH + 5, unchanged=BATCH)
    assert run(*lines)[0] == summary(unchanged=2 * BATCH + 5)


def test_after_a_stop_further_accounts_of_what_came_before_it_wait_for_a_second_person(
    run: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [f"Supplier {number} Ltd," for number in range(BATCH)]
    lines = ["legal_name,iban", "Zobel,DE62930500174410027731", *others, "Zobel,DE57900402617713500290"]
    stop_at_the_second_batch(monkeypatch, terminate)
    with pytest.raises(CommandError, match="Stopped"):
        run(*lines)

    waits = " 1 changes of bank details wait for a second person to confirm them."
    assert run(*lines)[0] == summary(created=1, unchanged=BATCH + 1) + waits
    assert CounterpartyAccount.objects.get().iban == "DE62930500174410027731"
    assert BankDetailsChange.objects.get().iban == "DE57900402617713500290"


def test_a_stopped_dry_run_stores_nothing(run: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    stop_at_the_second_batch(monkeypatch, terminate)
    with pytest.raises(CommandError, match=r"Stopped\. It was a dry run, nothing is stored"):
        run("legal_name", *(f"Supplier {number}" for number in range(2 * BATCH)), options=("--dry-run",))
    assert not Counterparty.objects.exists()


def test_a_row_that_the_database_refuses_is_rejected_alone(run: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it may when somebody enters the same at the same time."""

    def insert_or_refuse(*, model: type[models.Model], rows: Iterable[models.Model]) -> None:
        rows = list(rows)
        if any(str(row) == "Refused Ltd" for row in rows):
            raise IntegrityError("duplicate key value\nDETAIL: …")
        insert_rows(model=model, rows=rows)

    monkeypatch.setattr(entries, "insert_rows", insert_or_refuse)
    out, err = run("legal_name,email", "Zobel,a@z.example", "Refused Ltd,", "Zobel,b@z.example", "Hollmann,nobody")

    assert out == summary(created=1, updated=1, rejected=2)
    assert err.splitlines()[0] == "line 3: the database refused it (duplicate key value)"
    assert err.splitlines()[1].startswith("line 5: email: ")
    assert (names(), Contact.objects.count()) == ({"Zobel"}, 2)


def test_checks_of_foreign_keys_read_no_more_as_the_table_grows(run: Import) -> None:
    """PostgreSQL plans them while the table is empty, and without new figures reads all of the customer for each."""
    if connection.vendor == "sqlite":
        return
    rows = 4 * BATCH
    run("legal_name,email", *(f"Supplier {number} Ltd,office@s{number}.example" for number in range(rows)))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(pg_stat_get_xact_tuples_returned(indexrelid)) FROM pg_index WHERE indrelid = %s::regclass",
            [Counterparty._meta.db_table],
        )
        [read] = cursor.fetchone()
    # Ten for each row, and the first batch, which reads itself; without new figures it would be 16 million.
    assert read < 10 * rows + 2 * BATCH**2
