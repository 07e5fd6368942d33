"""What the OpenAPI description calls the choices that fields have, instead of a name made of the first such field."""

ENUM_NAMES = {
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
