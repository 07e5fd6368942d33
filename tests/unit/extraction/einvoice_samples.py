"""Invented e-invoices in the three syntaxes, as the trees that reading hands over."""

from lxml import etree

from ocr.reading.document import XmlElement, XmlWitness

CII_SETTLEMENT = """
<ram:PaymentReference>RF18 5390 0754 7034</ram:PaymentReference>
<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
<ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>58</ram:TypeCode>
  <ram:PayeePartyCreditorFinancialAccount><ram:IBANID>DE89 3704 0044 0532 0130 00</ram:IBANID>
  </ram:PayeePartyCreditorFinancialAccount>
  <ram:PayeeSpecifiedCreditorFinancialInstitution><ram:BICID>COBADEFFXXX</ram:BICID>
  </ram:PayeeSpecifiedCreditorFinancialInstitution>
</ram:SpecifiedTradeSettlementPaymentMeans>
<ram:ApplicableTradeTax><ram:CalculatedAmount>19.00</ram:CalculatedAmount><ram:TypeCode>VAT</ram:TypeCode>
  <ram:BasisAmount>100.00</ram:BasisAmount><ram:CategoryCode>S</ram:CategoryCode>
  <ram:RateApplicablePercent>19.00</ram:RateApplicablePercent></ram:ApplicableTradeTax>
<ram:SpecifiedTradePaymentTerms><ram:Description>30 days net</ram:Description>
  <ram:DueDateDateTime><udt:DateTimeString format="102">20260410</udt:DateTimeString></ram:DueDateDateTime>
</ram:SpecifiedTradePaymentTerms>
"""
CII_SUMS = """
<ram:LineTotalAmount>100.00</ram:LineTotalAmount><ram:TaxBasisTotalAmount>100.00</ram:TaxBasisTotalAmount>
<ram:TaxTotalAmount currencyID="EUR">19.00</ram:TaxTotalAmount><ram:GrandTotalAmount>119.00</ram:GrandTotalAmount>
<ram:DuePayableAmount>119.00</ram:DuePayableAmount>
"""
_CII = """<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
  xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
  xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
<rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>urn:cen.eu:en16931:2017</ram:ID>
</ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>
<rsm:ExchangedDocument><ram:ID>R-2026-17</ram:ID><ram:TypeCode>{type_code}</ram:TypeCode>
  <ram:IssueDateTime><udt:DateTimeString format="102">20260311</udt:DateTimeString></ram:IssueDateTime>
</rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction>
<ram:ApplicableHeaderTradeAgreement>
  <ram:SellerTradeParty><ram:Name>Nordlicht
      Lampen GmbH</ram:Name>
    <ram:DefinedTradeContact><ram:EmailURIUniversalCommunication><ram:URIID>post@nordlicht.example</ram:URIID>
    </ram:EmailURIUniversalCommunication></ram:DefinedTradeContact>
    <ram:PostalTradeAddress><ram:PostcodeCode>20095</ram:PostcodeCode><ram:LineOne>Hafenweg 3</ram:LineOne>
      <ram:CityName>Hamburg</ram:CityName><ram:CountryID>DE</ram:CountryID></ram:PostalTradeAddress>
    <ram:URIUniversalCommunication><ram:URIID schemeID="EM">xr@nordlicht.example</ram:URIID>
    </ram:URIUniversalCommunication>
    <ram:SpecifiedTaxRegistration><ram:ID schemeID="FC">22/815/0815</ram:ID></ram:SpecifiedTaxRegistration>
    <ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">{vat_id}</ram:ID></ram:SpecifiedTaxRegistration>
  </ram:SellerTradeParty>
  <ram:BuyerTradeParty><ram:Name>Beispiel AG</ram:Name>
    <ram:URIUniversalCommunication><ram:URIID schemeID="0204">991-12345-06</ram:URIID></ram:URIUniversalCommunication>
    <ram:URIUniversalCommunication><ram:URIID schemeID="EM">eingang@beispiel.example</ram:URIID>
    </ram:URIUniversalCommunication>
  </ram:BuyerTradeParty>
</ram:ApplicableHeaderTradeAgreement>
<ram:ApplicableHeaderTradeSettlement>{settlement}
<ram:SpecifiedTradeSettlementHeaderMonetarySummation>{sums}</ram:SpecifiedTradeSettlementHeaderMonetarySummation>
</ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"""

ZUGFERD_1 = """<rsm:CrossIndustryDocument xmlns:rsm="urn:ferd:CrossIndustryDocument:invoice:1p0"
  xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:12"
  xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:15">
<rsm:HeaderExchangedDocument><ram:ID>471</ram:ID><ram:TypeCode>380</ram:TypeCode>
  <ram:IssueDateTime><udt:DateTimeString format="102">20130305</udt:DateTimeString></ram:IssueDateTime>
</rsm:HeaderExchangedDocument>
<rsm:SpecifiedSupplyChainTradeTransaction>
<ram:ApplicableSupplyChainTradeAgreement><ram:SellerTradeParty><ram:Name>Altbau KG</ram:Name></ram:SellerTradeParty>
  <ram:BuyerTradeParty><ram:Name>Beispiel AG</ram:Name></ram:BuyerTradeParty></ram:ApplicableSupplyChainTradeAgreement>
<ram:ApplicableSupplyChainTradeSettlement><ram:PaymentReference>2013-471</ram:PaymentReference>
  <ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
  <ram:ApplicableTradeTax><ram:CalculatedAmount currencyID="EUR">7.00</ram:CalculatedAmount>
    <ram:BasisAmount currencyID="EUR">100.00</ram:BasisAmount><ram:ApplicablePercent>7.00</ram:ApplicablePercent>
  </ram:ApplicableTradeTax>
  <ram:SpecifiedTradeSettlementMonetarySummation>
    <ram:TaxBasisTotalAmount currencyID="EUR">100.00</ram:TaxBasisTotalAmount>
    <ram:TaxTotalAmount currencyID="EUR">7.00</ram:TaxTotalAmount>
    <ram:GrandTotalAmount currencyID="EUR">107.00</ram:GrandTotalAmount>
  </ram:SpecifiedTradeSettlementMonetarySummation>
</ram:ApplicableSupplyChainTradeSettlement></rsm:SpecifiedSupplyChainTradeTransaction></rsm:CrossIndustryDocument>"""

UBL_MEANS = """
<cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode><cbc:PaymentID>2345676</cbc:PaymentID>
  <cac:PayeeFinancialAccount><cbc:ID>NO9386011117947</cbc:ID>
    <cac:FinancialInstitutionBranch><cbc:ID>DNBANOKK</cbc:ID></cac:FinancialInstitutionBranch>
  </cac:PayeeFinancialAccount></cac:PaymentMeans>
"""
_UBL = """<{root} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2"
  xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
  xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:ID>F-77</cbc:ID><cbc:IssueDate>2026-03-11</cbc:IssueDate>{heading}
<cbc:DocumentCurrencyCode>NOK</cbc:DocumentCurrencyCode><cbc:TaxCurrencyCode>EUR</cbc:TaxCurrencyCode>
<cac:AccountingSupplierParty><cac:Party><cbc:EndpointID schemeID="0192">995525828</cbc:EndpointID>
  <cac:PartyName><cbc:Name>Fjord</cbc:Name></cac:PartyName>
  <cac:PostalAddress><cbc:StreetName>Kaien 1</cbc:StreetName><cbc:CityName>Bergen</cbc:CityName>
    <cbc:PostalZone>5003</cbc:PostalZone><cac:Country><cbc:IdentificationCode>NO</cbc:IdentificationCode></cac:Country>
  </cac:PostalAddress>
  <cac:PartyTaxScheme><cbc:CompanyID>Foretaksregisteret</cbc:CompanyID><cac:TaxScheme><cbc:ID>TAX</cbc:ID>
    </cac:TaxScheme></cac:PartyTaxScheme>
  <cac:PartyTaxScheme><cbc:CompanyID>NO995525828MVA</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
  </cac:PartyTaxScheme>
  <cac:PartyLegalEntity><cbc:RegistrationName>Fjord Fisk AS</cbc:RegistrationName></cac:PartyLegalEntity>
  <cac:Contact><cbc:ElectronicMail>faktura@fjord.example</cbc:ElectronicMail></cac:Contact>
</cac:Party></cac:AccountingSupplierParty>
<cac:AccountingCustomerParty><cac:Party><cbc:EndpointID schemeID="EM">ap@kunde.example</cbc:EndpointID>
  <cac:PartyLegalEntity><cbc:RegistrationName>Kunde AS</cbc:RegistrationName></cac:PartyLegalEntity>
</cac:Party></cac:AccountingCustomerParty>{means}
<cac:TaxTotal><cbc:TaxAmount currencyID="NOK">{sign}40.00</cbc:TaxAmount>
  <cac:TaxSubtotal><cbc:TaxableAmount currencyID="NOK">{sign}100.00</cbc:TaxableAmount>
    <cbc:TaxAmount currencyID="NOK">{sign}25.00</cbc:TaxAmount><cac:TaxCategory><cbc:ID>S</cbc:ID>
    <cbc:Percent>25</cbc:Percent></cac:TaxCategory></cac:TaxSubtotal>
  <cac:TaxSubtotal><cbc:TaxableAmount currencyID="NOK">{sign}100.00</cbc:TaxableAmount>
    <cbc:TaxAmount currencyID="NOK">{sign}15.00</cbc:TaxAmount><cac:TaxCategory><cbc:ID>S</cbc:ID>
    <cbc:Percent>15</cbc:Percent></cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>
<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">{sign}3.50</cbc:TaxAmount></cac:TaxTotal>
<cac:LegalMonetaryTotal><cbc:TaxExclusiveAmount currencyID="NOK">{sign}200.00</cbc:TaxExclusiveAmount>
  <cbc:TaxInclusiveAmount currencyID="NOK">{sign}240.00</cbc:TaxInclusiveAmount>
  <cbc:PayableAmount currencyID="NOK">{sign}240.00</cbc:PayableAmount></cac:LegalMonetaryTotal></{root}>"""


def cii(
    *,
    type_code: str = "380",
    vat_id: str = "DE136695976",
    settlement: str = CII_SETTLEMENT,
    sums: str = CII_SUMS,
) -> XmlWitness:
    return witness(_CII.format(type_code=type_code, vat_id=vat_id, settlement=settlement, sums=sums))


def files(invoice_number: str) -> tuple[bytes, bytes]:
    """A CII and a UBL invoice of this number, as they are sent."""
    cii_file = _CII.format(type_code="380", vat_id="DE136695976", settlement=CII_SETTLEMENT, sums=CII_SUMS)
    heading = "<cbc:DueDate>2026-04-10</cbc:DueDate><cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>"
    ubl_file = _UBL.format(root="Invoice", heading=heading, means=UBL_MEANS, sign="")
    return (
        cii_file.replace("R-2026-17", invoice_number).encode(),
        ubl_file.replace("F-77", invoice_number).encode(),
    )


def ubl(
    *,
    root: str = "Invoice",
    heading: str = "<cbc:DueDate>2026-04-10</cbc:DueDate><cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>",
    means: str = UBL_MEANS,
    sign: str = "",
    replaced: tuple[str, str] = ("", ""),
) -> XmlWitness:
    """`replaced` are a text of the file and what stands there in its place."""
    return witness(_UBL.format(root=root, heading=heading, means=means, sign=sign).replace(*replaced, 1))


def witness(xml: str) -> XmlWitness:
    return XmlWitness(name="factur-x.xml", root=_tree(etree.fromstring(xml)))


def _tree(node: etree._Element) -> XmlElement:
    return XmlElement(
        tag=str(node.tag),
        text=(node.text or "").strip(),
        attributes=tuple((str(name), str(value)) for name, value in node.attrib.items()),
        children=tuple(_tree(child) for child in node if isinstance(child.tag, str)),
    )
