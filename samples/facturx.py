"""The e-invoice inside the Factur-X sample: UN/CEFACT CII in the EN 16931 profile, and its place in the PDF.

The attachment, its relationship and the XMP description follow Factur-X 1.0. The file does not claim to be PDF/A-3:
nothing here makes it one.
"""

from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

import pymupdf

from samples.bills import Bill, Line
from samples.parties import Party
from samples.wording import dotted

NAMESPACES = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}
UNIT_CODES = {"Pal.": "XPX", "Vorgang": "C62", "pausch.": "LS"}  # UN/ECE recommendations 20 and 21
XMP = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title></rdf:Description>
<rdf:Description rdf:about="" xmlns:fx="urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#">
<fx:DocumentType>INVOICE</fx:DocumentType><fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>
<fx:Version>1.0</fx:Version><fx:ConformanceLevel>EN 16931</fx:ConformanceLevel></rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


def cross_industry_invoice(bill: Bill) -> bytes:
    """The invoice as CII XML, UTF-8."""
    for prefix, address in NAMESPACES.items():
        register_namespace(prefix, address)
    root = Element(_name("rsm:CrossIndustryInvoice"))
    context = _add(root, "rsm:ExchangedDocumentContext")
    _add(_add(context, "ram:GuidelineSpecifiedDocumentContextParameter"), "ram:ID", "urn:cen.eu:en16931:2017")
    document = _add(root, "rsm:ExchangedDocument")
    _add(document, "ram:ID", bill.number)
    _add(document, "ram:TypeCode", "380")
    _add_date(document, "ram:IssueDateTime", bill.issue_date)
    transaction = _add(root, "rsm:SupplyChainTradeTransaction")
    for position, line in enumerate(bill.lines, start=1):
        _add_line(transaction, position=position, line=line)
    _add_agreement(transaction, bill=bill)
    delivery = _add(transaction, "ram:ApplicableHeaderTradeDelivery")
    _add_date(_add(delivery, "ram:ActualDeliverySupplyChainEvent"), "ram:OccurrenceDateTime", bill.issue_date)
    _add_settlement(transaction, bill=bill)
    indent(root)
    return bytes(tostring(root, encoding="UTF-8", xml_declaration=True))


def embed(pdf: bytes, *, xml: bytes, title: str, made_on: date) -> bytes:
    """The PDF with `factur-x.xml` attached as an alternative representation of the page."""
    stamp = f"(D:{made_on:%Y%m%d}120000Z)"
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        # Written object by object: PyMuPDF's own call gives no AFRelationship and takes the time from the clock.
        stream = document.get_new_xref()
        parameters = f"<< /Size {len(xml)} /CreationDate {stamp} /ModDate {stamp} >>"
        document.update_object(stream, f"<< /Type /EmbeddedFile /Subtype /text#2Fxml /Params {parameters} >>")
        document.update_stream(stream, xml)
        specification = document.get_new_xref()
        document.update_object(
            specification,
            "<< /Type /Filespec /F (factur-x.xml) /UF (factur-x.xml) /Desc (Factur-X) /AFRelationship /Alternative "
            f"/EF << /F {stream} 0 R /UF {stream} 0 R >> >>",
        )
        catalog = document.pdf_catalog()
        document.xref_set_key(catalog, "AF", f"[{specification} 0 R]")
        names = f"<< /EmbeddedFiles << /Names [(factur-x.xml) {specification} 0 R] >> >>"
        document.xref_set_key(catalog, "Names", names)
        document.set_xml_metadata(XMP.format(title=title))
        return bytes(document.tobytes(no_new_id=True, deflate=True))


def _name(qualified: str) -> str:
    prefix, local = qualified.split(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def _add(parent: Element, name: str, text: str | None = None, **attributes: str) -> Element:
    element = SubElement(parent, _name(name), attributes)
    element.text = text
    return element


def _add_date(parent: Element, name: str, day: date) -> None:
    _add(_add(parent, name), "udt:DateTimeString", f"{day:%Y%m%d}", format="102")


def _add_line(parent: Element, *, position: int, line: Line) -> None:
    item = _add(parent, "ram:IncludedSupplyChainTradeLineItem")
    _add(_add(item, "ram:AssociatedDocumentLineDocument"), "ram:LineID", str(position))
    product = _add(item, "ram:SpecifiedTradeProduct")
    _add(product, "ram:Name", line.title)
    if line.detail:
        _add(product, "ram:Description", line.detail)
    price = _add(_add(item, "ram:SpecifiedLineTradeAgreement"), "ram:NetPriceProductTradePrice")
    _add(price, "ram:ChargeAmount", str(line.price))
    delivery = _add(item, "ram:SpecifiedLineTradeDelivery")
    _add(delivery, "ram:BilledQuantity", str(line.quantity), unitCode=UNIT_CODES[line.unit])
    settlement = _add(item, "ram:SpecifiedLineTradeSettlement")
    _add_tax(settlement, rate=line.rate)
    summation = _add(settlement, "ram:SpecifiedTradeSettlementLineMonetarySummation")
    _add(summation, "ram:LineTotalAmount", str(line.net))


def _add_tax(parent: Element, *, rate: Decimal, basis: Decimal | None = None, amount: Decimal | None = None) -> None:
    tax = _add(parent, "ram:ApplicableTradeTax")
    if amount is not None:
        _add(tax, "ram:CalculatedAmount", str(amount))
    _add(tax, "ram:TypeCode", "VAT")
    if basis is not None:
        _add(tax, "ram:BasisAmount", str(basis))
    _add(tax, "ram:CategoryCode", "S")
    _add(tax, "ram:RateApplicablePercent", str(rate))


def _add_agreement(parent: Element, *, bill: Bill) -> None:
    agreement = _add(parent, "ram:ApplicableHeaderTradeAgreement")
    _add_party(agreement, "ram:SellerTradeParty", party=bill.seller, contact="M. Tiedemann")
    _add_party(agreement, "ram:BuyerTradeParty", party=bill.buyer)
    _add(_add(agreement, "ram:BuyerOrderReferencedDocument"), "ram:IssuerAssignedID", bill.order_number)


def _add_party(parent: Element, name: str, *, party: Party, contact: str = "") -> None:
    element = _add(parent, name)
    _add(element, "ram:Name", party.legal_name)
    if contact:
        person = _add(element, "ram:DefinedTradeContact")
        _add(person, "ram:PersonName", contact)
        phone = _add(person, "ram:TelephoneUniversalCommunication")
        _add(phone, "ram:CompleteNumber", party.phone)
        _add(_add(person, "ram:EmailURIUniversalCommunication"), "ram:URIID", party.email)
    address = _add(element, "ram:PostalTradeAddress")
    _add(address, "ram:PostcodeCode", party.zip_code)
    _add(address, "ram:LineOne", party.street)
    _add(address, "ram:CityName", party.city)
    _add(address, "ram:CountryID", party.country)
    _add(_add(element, "ram:URIUniversalCommunication"), "ram:URIID", party.email, schemeID="EM")
    _add(_add(element, "ram:SpecifiedTaxRegistration"), "ram:ID", party.vat_id, schemeID="VA")


def _add_settlement(parent: Element, *, bill: Bill) -> None:
    settlement = _add(parent, "ram:ApplicableHeaderTradeSettlement")
    _add(settlement, "ram:PaymentReference", bill.reference)
    _add(settlement, "ram:InvoiceCurrencyCode", bill.currency)
    means = _add(settlement, "ram:SpecifiedTradeSettlementPaymentMeans")
    _add(means, "ram:TypeCode", "58")  # SEPA credit transfer
    account = _add(means, "ram:PayeePartyCreditorFinancialAccount")
    _add(account, "ram:IBANID", bill.account.iban)
    _add(account, "ram:AccountName", bill.seller.legal_name)
    _add(_add(means, "ram:PayeeSpecifiedCreditorFinancialInstitution"), "ram:BICID", bill.account.bic)
    for row in bill.tax_rows:
        _add_tax(settlement, rate=row.rate, basis=row.basis, amount=row.amount)
    terms = _add(settlement, "ram:SpecifiedTradePaymentTerms")
    _add(terms, "ram:Description", f"Zahlbar ohne Abzug bis {dotted(bill.due_date)}.")
    _add_date(terms, "ram:DueDateDateTime", bill.due_date)
    sums = _add(settlement, "ram:SpecifiedTradeSettlementHeaderMonetarySummation")
    _add(sums, "ram:LineTotalAmount", str(bill.subtotal))
    _add(sums, "ram:TaxBasisTotalAmount", str(bill.subtotal))
    _add(sums, "ram:TaxTotalAmount", str(bill.tax), currencyID=bill.currency)
    _add(sums, "ram:GrandTotalAmount", str(bill.total))
    _add(sums, "ram:DuePayableAmount", str(bill.total))
