"""Rows for every table of an old schema, every column filled, made from what its migrations say of the tables.

A column that comes with a later version is filled by its type. Only where the database demands more of a value than
its type does, the value stands in `VALUES`.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from django.apps.registry import Apps
from django.db import connection, models

from customers.audit.chain import FIRST, content_hash, entry_hash
from tests.schemas import APPS

SPACE = UUID("5b1c9e38-0c5e-4c39-9a0c-1f8b7d2f6f10")
DAY = datetime(2025, 3, 1, 9, 30, 15, 123456, tzinfo=UTC)
TENANTS = (1, 2)
# One row for each of these; elsewhere one row does.
ROLES = {
    "counterparties.Counterparty": ("own", "supplier"),
    "counterparties.CounterpartyAccount": ("own", "supplier"),
    "transfers.Transfer": ("draft", "pending", "cancelled"),
    "customers.WebhookDelivery": ("waiting", "claimed", "failed"),
    "customers.WebhookSecret": ("before", "now"),
    "counterparties.Contact": ("email", "phone"),
    "ocr.OcrField": ("seller_name", "issue_date"),
    "ocr.OcrJob": ("finished",),
}
IBANS = {
    (1, "own"): "DE57900402617713500290",
    (1, "supplier"): "DE62930500174410027731",
    (2, "own"): "GB19KEHB99811460027713",
    (2, "supplier"): "CH5509983000004408126",
}
NAMES = {"own": "Nordlicht Handels GmbH", "supplier": "Margodal Heating Pty Ltd"}


class Row(NamedTuple):
    """Which row it is: of which table, of which customer, in which role there."""

    label: str
    tenant: int
    role: str

    @property
    def key(self) -> UUID:
        return uuid5(SPACE, f"{self.label} {self.tenant} {self.role}")

    def text(self, name: str) -> str:
        return f"{name} {self.role} {self.tenant}"


Value = Callable[[Row], Any]


def _in_role(**values: Any) -> Value:
    return lambda row: values.get(row.role)


def _hex(row: Row) -> str:
    return sha256(str(row.key).encode()).hexdigest()


VALUES: Mapping[str, Value | Any] = {
    "customers.Customer.default_currency": "EUR",
    "customers.ApiKey.prefix": lambda row: _hex(row)[:8],
    "customers.ApiKey.hashed_key": _hex,
    "customers.StoredAnswer.state": "done",
    "customers.StoredAnswer.route": "POST /v2/transfers",
    "customers.StoredAnswer.body": b'{"id": "x"}',
    "customers.WebhookEndpoint.disabled_reason": "asked",
    "customers.WebhookSecret.expires_at": _in_role(before=DAY),
    "customers.WebhookSecret.fingerprint": _hex,
    "customers.WebhookDelivery.state": _in_role(waiting="pending", claimed="pending", failed="failed"),
    "customers.WebhookDelivery.next_attempt_at": _in_role(waiting=DAY, claimed=DAY),
    "customers.WebhookDelivery.claim_token": lambda row: row.key if row.role == "claimed" else None,
    "customers.WebhookDelivery.lease_expires_at": _in_role(claimed=DAY),
    "customers.WebhookDelivery.ended_at": _in_role(failed=DAY),
    "counterparties.Counterparty.legal_name": lambda row: NAMES[row.role],
    "counterparties.Counterparty.aliases": ["Kehl AG & Co."],
    "counterparties.Counterparty.name_key": _in_role(own="nordlicht handels", supplier="margodal heating pty"),
    "counterparties.Counterparty.alias_keys": "|kehl ag co|",
    "counterparties.Counterparty.registration_number": lambda row: f"HRB {row.tenant}4711",
    "counterparties.Counterparty.registration_key": lambda row: f"{row.tenant}4711",
    "counterparties.Counterparty.is_own": lambda row: row.role == "own",
    # Given once the account is there, which otherwise would need two people.
    "counterparties.Counterparty.bank_details_established_at": None,
    "counterparties.Contact.type": lambda row: row.role,
    "counterparties.Contact.value": _in_role(email="office@example.com", phone="+49 30 1234567"),
    "counterparties.Contact.value_key": _in_role(email="office@example.com", phone="+49301234567"),
    "counterparties.Contact.domain": "example.com",
    "counterparties.Address.country": "DE",
    "counterparties.CounterpartyAccount.iban": lambda row: IBANS[row.tenant, row.role],
    "counterparties.CounterpartyAccount.currency": "EUR",
    "counterparties.BankDetailsChange.iban": lambda row: IBANS[row.tenant, "supplier"],
    "counterparties.BankDetailsChange.currency": "EUR",
    # What a second person decides is filled in afterwards: each change begins as pending.
    "counterparties.BankDetailsChange.decision": "pending",
    "counterparties.BankDetailsChange.decided_by": "",
    "counterparties.BankDetailsChange.decided_at": None,
    "counterparties.BankDetailsChange.entered_at": None,
    "counterparties.BankDetailsChange.account": None,
    "invoices.Invoice.currency": "EUR",
    "invoices.Invoice.total_minor": 200,
    "invoices.Upload.sha256": _hex,
    "transfers.Transfer.status": _in_role(draft="superseded", pending="pending", cancelled="cancelled"),
    "transfers.Transfer.supersedes": lambda row: row._replace(role="draft").key if row.role == "pending" else None,
    "transfers.Transfer.blockers": lambda row: [] if row.role == "pending" else ["amount_missing"],
    "transfers.Transfer.currency": "EUR",
    "transfers.Transfer.destination_iban": lambda row: IBANS[row.tenant, "supplier"],
    "transfers.Transfer.cancelled_at": _in_role(cancelled=DAY),
    "transfers.Transfer.ocr_job_id": lambda row: (
        Row("ocr.OcrJob", row.tenant, "finished").key if row.role == "draft" else None
    ),
    # As they were before transfers kept them: empty until the job's were filled in.
    "transfers.Transfer.number_key": "2025 17",
    "transfers.PaymentExport.sha256": _hex,
    "ocr.OcrJob.state": "finished",
    "ocr.OcrJob.counterparty_match": "found",
    "ocr.OcrJob.transfer": lambda row: Row("transfers.Transfer", row.tenant, "draft").key,
    "ocr.OcrJob.invoice_number": "2025-17",
    "ocr.OcrJob.seller_key": "margodal heating pty",
    "ocr.OcrField.name": lambda row: row.role,
    "ocr.OcrField.value": _in_role(seller_name=NAMES["supplier"], issue_date="2025-02-11"),
    "ocr.OcrField.source": "text",
    "ocr.OcrField.confidence": 0.75,
    "ocr.OcrRun.outcome": "finished",
    "ocr.SupplierHint.kind": "place",
    "ocr.SupplierHint.field": "total",
}
# Columns that point into a table with several rows for each customer.
POINTERS = {
    "source_counterparty": "own",
    "source_account": "own",
    "counterparty": "supplier",
    "account": "supplier",
    "destination_counterparty": "supplier",
    "destination_account": "supplier",
    "transfer": "pending",
    "delivery": "failed",
}


def populate(apps: Apps) -> None:
    """Two customers with a row in every role of every table; what belongs together belongs to one customer."""
    made: dict[Row, models.Model] = {}
    for model in _parents_first(apps):
        label = model._meta.label
        for tenant in TENANTS:
            for role in _roles(label):
                row = Row(label, tenant, role)
                made[row] = _entry(model, row, made) if label == "customers.AuditEntry" else _insert(model, row, made)
    _decide(apps, made)


def _roles(label: str) -> tuple[str, ...]:
    return ROLES.get("customers.WebhookDelivery" if label == "customers.WebhookMessage" else label, ("",))


def _parents_first(apps: Apps) -> Iterator[type[models.Model]]:
    waiting = [
        model
        for model in apps.get_models()
        if model._meta.app_label in APPS and not model._meta.proxy and model._meta.label != "customers.AuditHead"
    ] + [apps.get_model("auth", "User")]
    while waiting:
        names = {model._meta.label for model in waiting}
        ready = [model for model in waiting if not _parents(model) & (names - {model._meta.label})]
        assert ready, f"these tables need one another: {names}"
        yield from ready
        waiting = [model for model in waiting if model not in ready]


def _parents(model: type[models.Model]) -> set[str]:
    fields = (*model._meta.local_fields, *model._meta.local_many_to_many)
    return {field.related_model._meta.label for field in fields if field.related_model}


def _insert(model: type[models.Model], row: Row, made: Mapping[Row, models.Model]) -> models.Model:
    values = {}
    for field in model._meta.local_fields:
        if isinstance(field, models.AutoField):
            continue
        name = f"{row.label}.{field.name}"
        given = VALUES[name] if name in VALUES else _filled(field, row, made)
        values[field.attname] = given(row) if callable(given) else given
    instance = model(**values)
    instance.save(force_insert=True)
    for many in model._meta.local_many_to_many:
        if many.related_model._meta.app_label in APPS:
            getattr(instance, many.name).add(made[Row(many.related_model._meta.label, row.tenant, "")].pk)
    # Columns that Django fills with the time of saving.
    stamped = {name: DAY for field in model._meta.local_fields if (name := field.name) in {"created_at", "modified_at"}}
    if stamped:
        model._default_manager.filter(pk=instance.pk).update(**stamped)
    return instance


def _filled(field: "models.Field[Any, Any]", row: Row, made: Mapping[Row, models.Model]) -> Any:
    if field.is_relation:
        return _related(field, row, made)
    if field.choices:
        return next(choice for choice, _ in field.choices if choice)
    by_type: tuple[tuple[type[Any], Any], ...] = (
        (models.UUIDField, row.key),
        (models.BooleanField, True),
        (models.JSONField, [row.text("of")] if field.default is list else {"of": row.text("of")}),
        (models.BinaryField, row.text(field.name).encode()),
        (models.DateTimeField, DAY + timedelta(days=row.tenant)),
        (models.DateField, date(2025, 3, row.tenant)),
        (models.DecimalField, Decimal("12.5")),
        (models.FloatField, 0.5),
        (models.IntegerField, 100 if field.name.endswith("_minor") else row.tenant),
        (models.CharField, row.text(field.name)[: field.max_length]),
        (models.TextField, row.text(field.name)),
        (models.FileField, f"{row.key}.pdf"),
    )
    return next(value for kind, value in by_type if isinstance(field, kind))


def _related(field: "models.Field[Any, Any]", row: Row, made: Mapping[Row, models.Model]) -> Any:
    label = field.related_model._meta.label  # type: ignore[union-attr]
    roles = _roles(label)
    role = row.role if row.role in roles else POINTERS.get(field.name, "")
    return made[Row(label, row.tenant, role if role in roles else roles[0])].pk


def _entry(model: type[models.Model], row: Row, made: Mapping[Row, models.Model]) -> models.Model:
    """The next entry of the audit trail, which only the database or the head continues."""
    said: dict[str, Any] = {
        "recorded_at": DAY,
        "actor": "anna",
        "action": "transfer.finalized",
        "customer_id": Row("customers.Customer", row.tenant, "").key,
        "subject_type": "transfers.transfer",
        "subject_id": str(Row("transfers.Transfer", row.tenant, "pending").key),
        "subject": "Transfer",
        "detail": {"amount_minor": 100},
    }
    entry: Any = model(**said, content_hash=content_hash(**said))
    if connection.vendor != "postgresql":
        heads: Any = model._meta.apps.get_model("customers", "AuditHead")
        head, _ = heads.objects.get_or_create(pk=1, defaults={"hash": FIRST})
        entry.number, entry.previous_hash = head.number + 1, head.hash
        entry.hash = entry_hash(number=entry.number, previous_hash=head.hash, content_hash=entry.content_hash)
    entry.save(force_insert=True)
    return entry  # type: ignore[no-any-return]


def _decide(apps: Apps, made: Mapping[Row, models.Model]) -> None:
    """What can only come later: a confirmed change of bank details, and since when details are established."""
    for row, instance in made.items():
        rows = type(instance)._default_manager.filter(pk=instance.pk)
        if row.label == "counterparties.BankDetailsChange":
            rows.update(
                decision="confirmed",
                decided_by="ben",
                decided_at=DAY,
                entered_at=DAY,
                account=made[Row("counterparties.CounterpartyAccount", row.tenant, "supplier")].pk,
            )
        if row.label == "counterparties.Counterparty" and hasattr(instance, "bank_details_established_at"):
            rows.update(bank_details_established_at=DAY)
