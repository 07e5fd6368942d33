"""The e-invoice's place in the PDF: attachment, relationship and XMP description as Factur-X 1.0 has them.

The file does not claim to be PDF/A-3: its standard faces are not embedded.
"""

from datetime import date
from xml.sax.saxutils import escape

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFStream, PDFString
from reportlab.pdfgen.canvas import Canvas

FILE_NAME = "factur-x.xml"
XMP = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title></rdf:Description>
<rdf:Description rdf:about="" xmlns:fx="urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#">
<fx:DocumentType>INVOICE</fx:DocumentType><fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>
<fx:Version>1.0</fx:Version><fx:ConformanceLevel>EN 16931</fx:ConformanceLevel></rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


def attach(canvas: Canvas, *, xml: bytes, title: str, made_on: date) -> None:
    """Puts `factur-x.xml` into the document that is being drawn, as an alternative representation of its pages."""
    document = canvas._doc
    stamp = PDFString(f"D:{made_on:%Y%m%d}120000Z")
    parameters = PDFDictionary({"Size": len(xml), "CreationDate": stamp, "ModDate": stamp})
    file = PDFStream(
        dictionary=PDFDictionary(
            {"Type": PDFName("EmbeddedFile"), "Subtype": PDFName("text#2Fxml"), "Params": parameters}
        ),
        content=xml,
    )
    reference = document.Reference(file)
    specification = document.Reference(
        PDFDictionary(
            {
                "Type": PDFName("Filespec"),
                "F": PDFString(FILE_NAME),
                "UF": PDFString(FILE_NAME),
                "Desc": PDFString("Factur-X"),
                "AFRelationship": PDFName("Alternative"),
                "EF": PDFDictionary({"F": reference, "UF": reference}),
            }
        )
    )
    metadata = PDFStream(
        dictionary=PDFDictionary({"Type": PDFName("Metadata"), "Subtype": PDFName("XML")}),
        content=XMP.format(title=escape(title)).encode(),
        filters=(),  # left readable for programs that look for it without opening the PDF
    )
    catalog = document.Catalog
    catalog.Names = PDFDictionary(
        {"EmbeddedFiles": PDFDictionary({"Names": PDFArray([PDFString(FILE_NAME), specification])})}
    )
    catalog.Metadata = metadata
    catalog.AF = PDFArray([specification])
    catalog.__NoDefault__ = [*catalog.__NoDefault__, "AF"]  # the keys it writes; reportlab does not know this one
