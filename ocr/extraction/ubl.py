"""OASIS UBL 2.x Invoice and CreditNote: Peppol BIS Billing 3.0, XRechnung-UBL, NLCIUS and their elders.

Sources: EN 16931-3-2 (syntax binding), OASIS UBL 2.1, Peppol BIS Billing 3.0.
"""

from datetime import date

from ocr.extraction.fields import TaxLine
from ocr.extraction.stated import (
    StatedAccount,
    StatedInvoice,
    StatedParty,
    amount,
    amounts,
    attribute,
    calendar_date,
    collapsed,
    decimal,
    element,
    elements,
    one_line,
    plain_amount,
    text,
    texts,
)
from ocr.reading.document import XmlElement

_NAMESPACE = "urn:oasis:names:specification:ubl:schema:xsd:"
_INVOICE = f"{{{_NAMESPACE}Invoice-2}}Invoice"
_CREDIT_NOTE = f"{{{_NAMESPACE}CreditNote-2}}CreditNote"
_CREDIT_NOTE_TYPE = "381"  # what UNTDID 1001 calls a document that is a credit note by its very name


def is_ubl(root: XmlElement) -> bool:
    """Whether the tree is a UBL invoice or credit note; orders, reminders and the rest are not."""
    return root.tag in {_INVOICE, _CREDIT_NOTE}


def invoice_of_ubl(root: XmlElement) -> StatedInvoice:
    """What the document states. The tree must be one that `is_ubl` accepts; anything may be missing from it."""
    sums = element(under=root, paths=("LegalMonetaryTotal",))
    return StatedInvoice(
        profile=text(root, "CustomizationID"),  # BT-24
        number=text(root, "ID"),  # BT-1
        issue_date=calendar_date(text(root, "IssueDate")),  # BT-2
        type_code=(  # BT-3
            text(root, "CreditNoteTypeCode") or _CREDIT_NOTE_TYPE
            if root.tag == _CREDIT_NOTE
            else text(root, "InvoiceTypeCode")
        ),
        currency=text(root, "DocumentCurrencyCode").upper(),  # BT-5
        due_dates=_due_dates(root),  # BT-9
        terms=" ".join(texts(root, "PaymentTerms/Note")),  # BT-20
        seller=_party(element(under=root, paths=("AccountingSupplierParty/Party",))),  # BG-4
        buyer=_party(element(under=root, paths=("AccountingCustomerParty/Party",))),  # BG-7
        payee_name=text(root, "PayeeParty/PartyName/Name"),  # BT-59
        means_codes=texts(root, "PaymentMeans/PaymentMeansCode"),  # BT-81
        # BT-83; the Belgian e-FFF profile of UBL 2.0 has the structured communication in the instruction's identifier
        references=texts(root, "PaymentMeans/PaymentID") or texts(root, "PaymentMeans/InstructionID"),
        accounts=_accounts(root),  # BG-17
        lines=plain_amount(sums, "LineExtensionAmount"),  # BT-106
        allowances=plain_amount(sums, "AllowanceTotalAmount"),  # BT-107
        charges=plain_amount(sums, "ChargeTotalAmount"),  # BT-108
        net=amount(sums, "TaxExclusiveAmount"),  # BT-109
        taxes=amounts(root, "TaxTotal/TaxAmount"),  # BT-110, BT-111
        gross=amount(sums, "TaxInclusiveAmount"),  # BT-112
        prepaid=plain_amount(sums, "PrepaidAmount"),  # BT-113
        rounding=plain_amount(sums, "PayableRoundingAmount"),  # BT-114
        payable=plain_amount(sums, "PayableAmount"),  # BT-115
        tax_breakdown=_tax_breakdown(root),  # BG-23
    )


def _party(party: XmlElement | None) -> StatedParty:
    endpoints = [  # BT-34, BT-49: an electronic address is an e-mail address when its scheme says so
        collapsed(one.text)
        for one in elements(under=party, path="EndpointID")
        if attribute(of=one, name="schemeID").upper() in {"EM", ""}
    ]
    registrations = [
        (text(one, "TaxScheme/ID").upper(), text(one, "CompanyID"))
        for one in elements(under=party, path="PartyTaxScheme")
    ]
    return StatedParty(
        name=text(party, "PartyLegalEntity/RegistrationName", "PartyName/Name"),  # BT-27, BT-28, BT-44
        vat_id=next(
            (number for scheme, number in registrations if scheme in {"VAT", ""} and number), ""
        ),  # BT-31, BT-48
        tax_number=next((number for scheme, number in registrations if scheme not in {"VAT", ""}), ""),  # BT-32
        emails=(*texts(party, "Contact/ElectronicMail"), *endpoints),  # BT-43, BT-58
        address=_address(element(under=party, paths=("PostalAddress",))),
        phones=texts(party, "Contact/Telephone"),  # BT-42
        registration_numbers=texts(party, "PartyLegalEntity/CompanyID"),  # BT-30
    )


def _address(address: XmlElement | None) -> str:
    return one_line(
        f"{text(address, 'StreetName')} {text(address, 'BuildingNumber')}",
        text(address, "AdditionalStreetName"),
        text(address, "AddressLine/Line"),
        f"{text(address, 'PostalZone')} {text(address, 'CityName')}",
        text(address, "CountrySubentity"),
    )


def _accounts(root: XmlElement) -> tuple[StatedAccount, ...]:
    accounts = elements(under=root, path="PaymentMeans/PayeeFinancialAccount")
    return tuple(
        StatedAccount(
            identifier=identifier,  # BT-84
            bic=text(
                account,
                "FinancialInstitutionBranch/ID",  # BT-86
                "FinancialInstitutionBranch/FinancialInstitution/ID",  # where UBL 2.0 profiles put it
            ),
        )
        for account in accounts
        if (identifier := text(account, "ID"))
    )


def _due_dates(root: XmlElement) -> tuple[date, ...]:
    """BT-9: `DueDate` of an invoice; a credit note, and the older profiles, have it in the payment means or terms.

    All distinct ones: where they contradict each other nobody can say which was meant.
    """
    stated = texts(root, "DueDate", "PaymentMeans/PaymentDueDate", "PaymentTerms/PaymentDueDate")
    found = (calendar_date(value) for value in stated)
    return tuple(dict.fromkeys(day for day in found if day is not None))


def _tax_breakdown(root: XmlElement) -> tuple[TaxLine, ...]:
    """The rows in the invoice's currency; some senders repeat them in the accounting currency (BT-6)."""
    currency = text(root, "DocumentCurrencyCode").upper()
    rows = elements(under=root, path="TaxTotal/TaxSubtotal")
    charged = [(row, amount(row, "TaxAmount")) for row in rows]
    return tuple(_tax_line(row) for row, tax in charged if tax is None or tax.currency in {currency, ""})


def _tax_line(tax: XmlElement) -> TaxLine:
    return TaxLine(
        rate=decimal(text(tax, "TaxCategory/Percent", "Percent")),  # BT-119
        basis=plain_amount(tax, "TaxableAmount"),  # BT-116
        amount=plain_amount(tax, "TaxAmount"),  # BT-117
        category=text(tax, "TaxCategory/ID"),  # BT-118
    )
