"""The invoice as UN/CEFACT Cross Industry Invoice in the profile EN 16931, as Factur-X 1.0 embeds it.

Amounts have the digits of their currency. EN 16931 allows two at most (BR-DEC), but a Kuwaiti fils left out would be
another amount.
"""

from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from invoices.rendering.bill import Bill, Item, Party

NAMESPACES = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}
PROFILE = "urn:cen.eu:en16931:2017"
for _prefix, _address in NAMESPACES.items():
    register_namespace(_prefix, _address)


def cross_industry_invoice(bill: Bill) -> bytes:
    """The XML, UTF-8; the same bytes for the same bill."""
    root = Element(_name("rsm:CrossIndustryInvoice"))
    context = _add(root, "rsm:ExchangedDocumentContext")
    _add(_add(context, "ram:GuidelineSpecifiedDocumentContextParameter"), "ram:ID", PROFILE)  # BT-24
    document = _add(root, "rsm:ExchangedDocument")
    _add(document, "ram:ID", bill.number)  # BT-1
    _add(document, "ram:TypeCode", "380")  # BT-3
    _add_date(document, "ram:IssueDateTime", bill.issue_date)  # BT-2
    if bill.description:
        _add(_add(document, "ram:IncludedNote"), "ram:Content", bill.description)  # BT-22
    transaction = _add(root, "rsm:SupplyChainTradeTransaction")
    for position, item in enumerate(bill.items, start=1):
        _add_item(transaction, position=position, item=item, bill=bill)
    agreement = _add(transaction, "ram:ApplicableHeaderTradeAgreement")
    _add_party(agreement, "ram:SellerTradeParty", party=bill.seller)  # BG-4
    _add_party(agreement, "ram:BuyerTradeParty", party=bill.buyer)  # BG-7
    _add(transaction, "ram:ApplicableHeaderTradeDelivery")
    _add_settlement(transaction, bill=bill)
    indent(root)
    return bytes(tostring(root, encoding="UTF-8", xml_declaration=True))


def _name(qualified: str) -> str:
    prefix, local = qualified.split(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def _add(parent: Element, name: str, text: str | Decimal | None = None, **attributes: str) -> Element:
    element = SubElement(parent, _name(name), attributes)
    element.text = f"{text:f}" if isinstance(text, Decimal) else text
    return element


def _add_date(parent: Element, name: str, day: date) -> None:
    _add(_add(parent, name), "udt:DateTimeString", day.isoformat().replace("-", ""), format="102")


def _add_item(transaction: Element, *, position: int, item: Item, bill: Bill) -> None:
    line = _add(transaction, "ram:IncludedSupplyChainTradeLineItem")
    _add(_add(line, "ram:AssociatedDocumentLineDocument"), "ram:LineID", str(position))
    product = _add(line, "ram:SpecifiedTradeProduct")
    _add(product, "ram:Name", item.title)
    if item.description:
        _add(product, "ram:Description", item.description)
    price = _add(_add(line, "ram:SpecifiedLineTradeAgreement"), "ram:NetPriceProductTradePrice")
    _add(price, "ram:ChargeAmount", item.price)
    delivery = _add(line, "ram:SpecifiedLineTradeDelivery")
    _add(delivery, "ram:BilledQuantity", item.quantity, unitCode="C62")  # one; the items have no other unit
    settlement = _add(line, "ram:SpecifiedLineTradeSettlement")
    _add_category(_add(settlement, "ram:ApplicableTradeTax"), bill=bill)
    summation = _add(settlement, "ram:SpecifiedTradeSettlementLineMonetarySummation")
    _add(summation, "ram:LineTotalAmount", item.total)


def _add_category(tax: Element, *, bill: Bill) -> None:
    """The standard rate, or zero rated: why no VAT is charged, if it is for another reason, nobody has said."""
    _add(tax, "ram:TypeCode", "VAT")
    _add(tax, "ram:CategoryCode", "S" if bill.vat_rate else "Z")
    _add(tax, "ram:RateApplicablePercent", bill.vat_rate)


def _add_party(agreement: Element, name: str, *, party: Party) -> None:
    element = _add(agreement, name)
    _add(element, "ram:Name", party.name)
    if party.registration_number:
        _add(_add(element, "ram:SpecifiedLegalOrganization"), "ram:ID", party.registration_number)  # BT-30, BT-47
    if party.email:
        mail = _add(_add(element, "ram:DefinedTradeContact"), "ram:EmailURIUniversalCommunication")
        _add(mail, "ram:URIID", party.email)  # BT-43, BT-58
    if place := party.place:
        address = _add(element, "ram:PostalTradeAddress")
        for tag, text in (
            ("ram:PostcodeCode", place.zip),
            ("ram:LineOne", place.street),
            ("ram:CityName", place.city),
            ("ram:CountryID", place.country),
            ("ram:CountrySubDivisionName", place.state),
        ):
            if text:
                _add(address, tag, text)
    if party.email:
        _add(_add(element, "ram:URIUniversalCommunication"), "ram:URIID", party.email, schemeID="EM")  # BT-34, BT-49
    if party.vat_id:
        _add(_add(element, "ram:SpecifiedTaxRegistration"), "ram:ID", party.vat_id, schemeID="VA")  # BT-31, BT-48


def _add_settlement(transaction: Element, *, bill: Bill) -> None:
    settlement = _add(transaction, "ram:ApplicableHeaderTradeSettlement")
    _add(settlement, "ram:PaymentReference", bill.reference)  # BT-83
    _add(settlement, "ram:InvoiceCurrencyCode", bill.currency)  # BT-5
    if account := bill.account:
        means = _add(settlement, "ram:SpecifiedTradeSettlementPaymentMeans")
        _add(means, "ram:TypeCode", "30")  # BT-81: a credit transfer, of the SEPA or another
        creditor = _add(means, "ram:PayeePartyCreditorFinancialAccount")
        _add(creditor, "ram:IBANID", account.iban)  # BT-84
        _add(creditor, "ram:AccountName", bill.seller.name)
        if account.bic:
            _add(_add(means, "ram:PayeeSpecifiedCreditorFinancialInstitution"), "ram:BICID", account.bic)  # BT-86
    tax = _add(settlement, "ram:ApplicableTradeTax")  # BG-23
    _add(tax, "ram:CalculatedAmount", bill.vat)
    _add(tax, "ram:TypeCode", "VAT")
    _add(tax, "ram:BasisAmount", bill.net)
    _add(tax, "ram:CategoryCode", "S" if bill.vat_rate else "Z")
    _add(tax, "ram:RateApplicablePercent", bill.vat_rate)
    if bill.discount:
        _add_adjustment(settlement, bill=bill, is_charge=False, amount=bill.discount, reason="Discount")  # BG-20
    if bill.shipping:
        _add_adjustment(settlement, bill=bill, is_charge=True, amount=bill.shipping, reason="Shipping")  # BG-21
    terms = _add(settlement, "ram:SpecifiedTradePaymentTerms")
    if bill.due_date:
        _add_date(terms, "ram:DueDateDateTime", bill.due_date)  # BT-9
    else:
        _add(terms, "ram:Description", "As agreed.")  # BT-20: BR-CO-25 asks for the one or the other
    _add_sums(settlement, bill=bill)


def _add_adjustment(settlement: Element, *, bill: Bill, is_charge: bool, amount: Decimal, reason: str) -> None:
    adjustment = _add(settlement, "ram:SpecifiedTradeAllowanceCharge")
    _add(_add(adjustment, "ram:ChargeIndicator"), "udt:Indicator", "true" if is_charge else "false")
    if not is_charge:
        _add(adjustment, "ram:CalculationPercent", bill.discount_rate)
        _add(adjustment, "ram:BasisAmount", bill.subtotal)
    _add(adjustment, "ram:ActualAmount", amount)
    _add(adjustment, "ram:Reason", reason)
    _add_category(_add(adjustment, "ram:CategoryTradeTax"), bill=bill)


def _add_sums(settlement: Element, *, bill: Bill) -> None:
    sums = _add(settlement, "ram:SpecifiedTradeSettlementHeaderMonetarySummation")  # BG-22
    _add(sums, "ram:LineTotalAmount", bill.subtotal)
    if bill.shipping:
        _add(sums, "ram:ChargeTotalAmount", bill.shipping)
    if bill.discount:
        _add(sums, "ram:AllowanceTotalAmount", bill.discount)
    _add(sums, "ram:TaxBasisTotalAmount", bill.net)
    _add(sums, "ram:TaxTotalAmount", bill.vat, currencyID=bill.currency)
    _add(sums, "ram:GrandTotalAmount", bill.total)
    _add(sums, "ram:DuePayableAmount", bill.total)
