"""UN/CEFACT Cross Industry Invoice: Factur-X 1.x, ZUGFeRD 2.x, XRechnung-CII, and ZUGFeRD 1.0 with its other names.

Sources: EN 16931-3-3 (syntax binding), Factur-X 1.07 technical appendix, ZUGFeRD 1.0 technical supplement.
"""

import re
from datetime import date

from ocr.extraction.fields import TaxLine
from ocr.extraction.stated import (
    StatedAccount,
    StatedInvoice,
    StatedParty,
    amount,
    amounts,
    attribute,
    coded_date,
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

_ROOT = re.compile(
    r"\{urn:(?:un:unece:uncefact:data:standard:CrossIndustryInvoice:[0-9]+\}CrossIndustryInvoice"
    r"|ferd:CrossIndustryDocument:invoice:1p0\}CrossIndustryDocument)"
)


def is_cii(root: XmlElement) -> bool:
    """Whether the tree is an invoice of this family; an order (Order-X) or a delivery note is not."""
    return _ROOT.fullmatch(root.tag) is not None


def invoice_of_cii(root: XmlElement) -> StatedInvoice:
    """What the invoice states. The tree must be one that `is_cii` accepts; anything may be missing from it."""
    context = element(under=root, paths=("ExchangedDocumentContext", "SpecifiedExchangedDocumentContext"))
    document = element(under=root, paths=("ExchangedDocument", "HeaderExchangedDocument"))
    trade = element(under=root, paths=("SupplyChainTradeTransaction", "SpecifiedSupplyChainTradeTransaction"))
    agreement = element(under=trade, paths=("ApplicableHeaderTradeAgreement", "ApplicableSupplyChainTradeAgreement"))
    settlement = element(under=trade, paths=("ApplicableHeaderTradeSettlement", "ApplicableSupplyChainTradeSettlement"))
    sums = element(
        under=settlement,
        paths=(
            "SpecifiedTradeSettlementHeaderMonetarySummation",
            "SpecifiedTradeSettlementMonetarySummation",
        ),
    )
    return StatedInvoice(
        profile=text(context, "GuidelineSpecifiedDocumentContextParameter/ID"),  # BT-24
        number=text(document, "ID"),  # BT-1
        issue_date=_date(document, "IssueDateTime"),  # BT-2
        type_code=text(document, "TypeCode"),  # BT-3
        currency=text(settlement, "InvoiceCurrencyCode").upper(),  # BT-5
        due_dates=_due_dates(settlement),  # BT-9
        terms=" ".join(texts(settlement, "SpecifiedTradePaymentTerms/Description")),  # BT-20
        seller=_party(element(under=agreement, paths=("SellerTradeParty",))),  # BG-4
        buyer=_party(element(under=agreement, paths=("BuyerTradeParty",))),  # BG-7
        payee_name=text(settlement, "PayeeTradeParty/Name"),  # BT-59
        means_codes=texts(settlement, "SpecifiedTradeSettlementPaymentMeans/TypeCode"),  # BT-81
        references=texts(settlement, "PaymentReference"),  # BT-83
        accounts=_accounts(settlement),  # BG-17
        lines=plain_amount(sums, "LineTotalAmount"),  # BT-106
        allowances=plain_amount(sums, "AllowanceTotalAmount"),  # BT-107
        charges=plain_amount(sums, "ChargeTotalAmount"),  # BT-108
        net=amount(sums, "TaxBasisTotalAmount"),  # BT-109
        taxes=amounts(sums, "TaxTotalAmount"),  # BT-110, BT-111
        gross=amount(sums, "GrandTotalAmount"),  # BT-112
        prepaid=plain_amount(sums, "TotalPrepaidAmount"),  # BT-113
        rounding=plain_amount(sums, "RoundingAmount"),  # BT-114
        payable=plain_amount(sums, "DuePayableAmount"),  # BT-115
        tax_breakdown=tuple(_tax_line(tax) for tax in elements(under=settlement, path="ApplicableTradeTax")),
    )


def _party(party: XmlElement | None) -> StatedParty:
    contact = element(under=party, paths=("DefinedTradeContact",))
    addresses = [  # BT-34, BT-49: an electronic address is an e-mail address when its scheme says so
        collapsed(one.text)
        for one in elements(under=party, path="URIUniversalCommunication/URIID")
        if attribute(of=one, name="schemeID").upper() in {"EM", "SMTP", ""}
    ]
    registrations = [
        (attribute(of=one, name="schemeID").upper(), collapsed(one.text))
        for one in elements(under=party, path="SpecifiedTaxRegistration/ID")
    ]
    return StatedParty(
        name=text(party, "Name", "SpecifiedLegalOrganization/TradingBusinessName"),  # BT-27, BT-28, BT-44
        vat_id=next((number for scheme, number in registrations if scheme == "VA" and number), ""),  # BT-31, BT-48
        tax_number=next((number for scheme, number in registrations if scheme == "FC"), ""),  # BT-32
        emails=(
            *texts(
                contact,
                "EmailURIUniversalCommunication/URIID",
                "EmailURIUniversalCommunication/CompleteNumber",
            ),  # BT-43, BT-58
            *addresses,
        ),
        address=_address(element(under=party, paths=("PostalTradeAddress",))),
        phones=texts(contact, "TelephoneUniversalCommunication/CompleteNumber"),  # BT-42
        registration_numbers=texts(party, "SpecifiedLegalOrganization/ID"),  # BT-30
    )


def _address(address: XmlElement | None) -> str:
    return one_line(
        text(address, "LineOne"),
        text(address, "LineTwo"),
        text(address, "LineThree"),
        f"{text(address, 'PostcodeCode')} {text(address, 'CityName')}",
        text(address, "CountrySubDivisionName"),
    )


def _accounts(settlement: XmlElement | None) -> tuple[StatedAccount, ...]:
    means = elements(under=settlement, path="SpecifiedTradeSettlementPaymentMeans")
    return tuple(
        StatedAccount(
            identifier=identifier,
            bic=text(one, "PayeeSpecifiedCreditorFinancialInstitution/BICID"),  # BT-86
        )
        for one in means
        for account in elements(under=one, path="PayeePartyCreditorFinancialAccount")
        if (identifier := text(account, "IBANID", "ProprietaryID"))  # BT-84
    )


def _due_dates(settlement: XmlElement | None) -> tuple[date, ...]:
    """The net due dates. Terms that grant a discount name the discount's last day, not the invoice's (EXTENDED)."""
    terms = list(elements(under=settlement, path="SpecifiedTradePaymentTerms"))
    net = [one for one in terms if element(under=one, paths=("ApplicableTradePaymentDiscountTerms",)) is None]
    found = (_date(one, "DueDateDateTime") for one in net or terms)
    return tuple(dict.fromkeys(day for day in found if day is not None))


def _date(under: XmlElement | None, name: str) -> date | None:
    written = element(under=under, paths=(f"{name}/DateTimeString", f"{name}/DateString", f"{name}/DateTime", name))
    return coded_date(value=collapsed(written.text), code=attribute(of=written, name="format")) if written else None


def _tax_line(tax: XmlElement) -> TaxLine:
    return TaxLine(
        rate=decimal(text(tax, "RateApplicablePercent", "ApplicablePercent")),  # BT-119
        basis=plain_amount(tax, "BasisAmount"),  # BT-116
        amount=plain_amount(tax, "CalculatedAmount"),  # BT-117
        category=text(tax, "CategoryCode"),  # BT-118
    )
