"""What the OpenAPI description calls the choices that fields have, instead of a name made of the first such field."""

from typing import Any

from counterparties.countries import COUNTRIES
from customers.minor_units import MINOR_UNITS

ENUM_NAMES: dict[str, Any] = {
    "CurrencyCode": sorted(MINOR_UNITS),
    "CountryCode": sorted(COUNTRIES),
    "JobStatus": [(code, code) for code in (202, 200, 422)],
    "ReprocessStage": ["extract", "match"],
    "DocumentType": ["invoice", "credit_note"],
    "NameCheckAnswer": ["match", "close_match", "no_match", "not_possible"],
    "SettleableBlocker": "transfers.answers.SETTLED_BY_WORD",
    "EventType": "customers.webhooks.bodies.EVENT_TYPES",
    "WebhookDisabledReason": "customers.webhooks.models.WebhookEndpoint.DisabledReason",
    "MatchOutcome": "ocr.models.MatchOutcome",
    "Stage": "ocr.models.Stage",
    "FieldSource": "ocr.models.FieldSource",
    "PartyType": "customers.models.PartyType",
    "WebhookEndpointStatus": "customers.webhooks.models.WebhookEndpoint.Status",
    "ContactType": "counterparties.models.Contact.Type",
    "AddressKind": "counterparties.models.Address.Kind",
    "InvoiceStatus": "invoices.models.Invoice.Status",
    "TransferStatus": "transfers.models.Transfer.Status",
    "UploadStatus": "invoices.models.Upload.Status",
    "RunOutcome": "ocr.models.OcrRun.Outcome",
    "UploadDocumentType": "invoices.models.Upload.DocumentType",
    "BankDetailsChangeSource": "counterparties.bank_details_change.BankDetailsChange.Source",
    "BankDetailsChangeDecision": "counterparties.bank_details_change.BankDetailsChange.Decision",
}
