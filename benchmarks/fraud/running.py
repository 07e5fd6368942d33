"""The service over the documents: its own intake, pipeline and database, with the suppliers in the books."""

import csv
import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from benchmarks.fraud.cast import CURRENCIES, Cast, Supplier
from benchmarks.fraud.suite import Document

if TYPE_CHECKING:
    from customers.models import Customer
    from ocr.models import OcrJob

_BY = "fraud suite"
_COLUMNS = ("legal_name", "vat_id", "aliases", "email", "iban", "bic", "bank", "currency", "street", "city", "country")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a document: the codes of warnings and blockers, and the account that the draft would pay to."""

    document: Document
    warnings: tuple[str, ...]
    blockers: tuple[str, ...]
    paid_to: str
    failure: str = ""

    @property
    def codes(self) -> frozenset[str]:
        return frozenset((*self.warnings, *self.blockers))

    @property
    def is_flagged(self) -> bool:
        return bool(self.codes & self.document.kind.codes)

    @property
    def pays_attacker(self) -> bool:
        return self.paid_to in self.document.specimen.attackers

    @property
    def pays_somebody_else(self) -> bool:
        """Neither an account that is right nor one of an attacker."""
        return bool(self.paid_to) and self.paid_to not in self.document.specimen.right and not self.pays_attacker


@contextmanager
def throw_away_service() -> Iterator[None]:
    """Django with a database and files of its own, which go afterwards. Once in a process."""
    import django
    from django.core.management import call_command

    with tempfile.TemporaryDirectory(prefix="paydraft-fraud-") as directory:
        for name in ("DATABASE_URL", "REDIS_URL", "STORAGE_URL"):
            os.environ.pop(name, None)
        os.environ["PAYDRAFT_DATA_DIR"] = directory
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        django.setup()
        call_command("migrate", verbosity=0)
        from ocr.readers import close_sandbox

        try:
            yield
        finally:
            close_sandbox()


def enter_books(cast: Cast) -> "Customer":
    """The customer with its own accounts, and all suppliers of the cast that are on file."""
    from counterparties.importing import Listener, import_lines
    from counterparties.models import Counterparty, CounterpartyAccount
    from counterparties.onboarding import onboarding
    from customers.models import Customer

    party = cast.customer
    customer = Customer.objects.create(legal_name=party.name, vat_id=party.vat_id, emails=list(party.emails))
    with onboarding(by=_BY) as opened:
        own = Counterparty.objects.create(
            customer=customer, legal_name=party.name, vat_id=party.vat_id, is_own=True, onboarding=opened
        )
        for account, currency in zip(cast.own_accounts, CURRENCIES, strict=True):
            CounterpartyAccount.objects.create(
                counterparty=own, iban=account.iban, bic=account.bic, currency=currency, is_primary=True
            )
    rejected: list[str] = []
    listener = Listener(on_rejected=lambda each: rejected.append(f"line {each.line}: {each.reason}"))
    import_lines(customer=customer, lines=io.StringIO(_books(cast), newline=""), by=_BY, listener=listener)
    assert not rejected, rejected
    return customer


def examine(*, document: Document, customer: "Customer") -> Outcome:
    """The earlier documents are taken in, and paid as far as nothing blocks it; then this one. Nothing is paid of it
    unless it is honest."""
    for content in document.specimen.before:
        _pay(_processed(content, f"{document.name} before", customer))
    job = _processed(document.specimen.content, document.name, customer)
    transfer = job.transfer
    outcome = Outcome(
        document=document,
        warnings=tuple(sorted({warning["code"] for warning in job.warnings})),
        blockers=tuple(transfer.blockers) if transfer else (),
        paid_to=transfer.destination_iban if transfer else "",
        failure=job.message if job.state == job.State.FAILED else "",
    )
    refused = () if document.kind.is_forged else _pay(job)
    return replace(outcome, blockers=(*outcome.blockers, *refused))


def without_content(outcome: Outcome) -> Outcome:
    """The same without the bytes of the documents, which nobody needs any more."""
    specimen = replace(outcome.document.specimen, content=b"", before=())
    return replace(outcome, document=replace(outcome.document, specimen=specimen))


def _processed(content: bytes, name: str, customer: "Customer") -> "OcrJob":
    from ocr.intake import accept_document
    from ocr.processing import process_job

    job = accept_document(customer=customer, content=content, file_name=f"{name}.pdf", by=_BY)
    process_job(job.pk)
    job.refresh_from_db()
    assert job.state in {job.State.FINISHED, job.State.FAILED}, f"{name} was not processed: {job.state}"
    return job


def _pay(job: "OcrJob") -> tuple[str, ...]:
    """Finalises the draft where nothing blocks it, as a person would; what finalising itself refuses it for."""
    from django.utils import timezone

    from transfers.finalizing import FinalizeBlocked, finalize_transfer

    if job.transfer and not job.transfer.blockers:
        try:
            finalize_transfer(transfer_id=job.transfer.pk, by=_BY, now=timezone.now())
        except FinalizeBlocked as refusal:
            return tuple(refusal.blockers)
    return ()


def _books(cast: Cast) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    for supplier in cast.on_file:
        writer.writerows(_rows(supplier))
    return text.getvalue()


def _rows(supplier: Supplier) -> Iterator[tuple[str, ...]]:
    currency = supplier.locale.habits("currency")
    for account in supplier.accounts:
        yield (
            supplier.legal_name,
            supplier.party.vat_id,
            "|".join(supplier.aliases),
            supplier.party.emails[0],
            account.iban,
            account.bic,
            account.bank,
            currency,
            supplier.party.address[0],
            supplier.party.address[-1],
            supplier.locale.country,
        )
