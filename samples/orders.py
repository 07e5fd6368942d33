"""The nine sample invoices, as data."""

from datetime import date
from decimal import Decimal

from samples.bills import Bill, Line
from samples.parties import (
    ADEBAR,
    BRANDHORST,
    ELBTOR,
    GARONNE,
    HARWELL,
    KONTORWERK,
    LANTERNA,
    LIMMAT,
    MAINNETZ,
    MAINNETZ_NEW_ACCOUNT,
)


def _line(  # one row of the tables below reads like a row of the invoice
    title: str, quantity: str, unit: str, price: str, rate: str, detail: str = "", article: str = ""
) -> Line:
    return Line(
        title=title,
        quantity=Decimal(quantity),
        unit=unit,
        price=Decimal(price),
        rate=Decimal(rate),
        detail=detail,
        article=article,
    )


OFFICE_SUPPLIES = Bill(
    file="office-supplies-de.pdf",
    seller=KONTORWERK,
    number="RE-2026-10473",
    issue_date=date(2026, 11, 9),
    due_date=date(2026, 12, 9),  # the page prints "30 Tage netto" only
    currency="EUR",
    account=KONTORWERK.account,
    reference="RE-2026-10473 KD-20815",
    order_number="NH-26-3381",
    customer_number="KD-20815",
    lines=(
        _line("Kopierpapier A4, 80 g/m²", "12", "Karton", "24.90", "19", "5 × 500 Blatt, FSC-zertifiziert", "10-4480"),
        _line("Tonerkartusche schwarz XL", "2", "Stück", "118.50", "19", "Reichweite ca. 9.200 Seiten", "31-0972"),
        _line("Ordner A4, Rücken 80 mm", "40", "Stück", "2.35", "19", "Graukarton, blau", "12-1180"),
        _line("Fachbuch »Zollrecht im Außenhandel«", "3", "Stück", "42.06", "7", "9. Auflage, gebunden", "70-0031"),
        _line("Röstkaffee »Speicherstadt«", "8", "kg", "17.20", "7", "ganze Bohne, 1-kg-Beutel", "65-2207"),
        _line("Versand und Verpackung", "1", "pausch.", "6.90", "19", "", "99-0001"),
    ),
)

FREIGHT = Bill(
    file="freight-facturx-de.pdf",
    seller=ELBTOR,
    number="26-40318",
    issue_date=date(2026, 11, 12),
    due_date=date(2026, 12, 12),
    currency="EUR",
    account=ELBTOR.account,
    reference="ELB-26-40318",
    order_number="NH-26-3410",
    customer_number="70115",
    lines=(
        _line("Stückguttransport Hamburg – Leipzig", "4", "Pal.", "86.00", "19", "Abholung 04.11.2026, 1.840 kg"),
        _line("Palettenlagerung Halle 2", "36", "Pal.", "5.80", "19", "KW 44 und 45"),
        _line("Zollabfertigung Einfuhr", "2", "Vorgang", "64.50", "19", "MRN 26DE990000000417A1, 26DE990000000422B8"),
        _line("Dieselzuschlag Oktober 2026", "1", "pausch.", "37.40", "19"),
    ),
)

SEMINAR = Bill(
    file="seminar-fr.pdf",
    seller=GARONNE,
    number="FA-2026-0912",
    issue_date=date(2026, 11, 10),
    due_date=date(2026, 12, 10),
    currency="EUR",
    account=GARONNE.account,
    reference="FA20260912-NOR",
    customer_number="C00318",
    lines=(
        _line("Location salle « Aliénor »", "2", "jour", "780.00", "20", "80 places, 4 et 5 novembre 2026"),
        _line("Équipement audiovisuel", "2", "jour", "145.00", "20", "vidéoprojecteur, sonorisation, micros"),
        _line("Régie technique", "6.5", "heure", "52.00", "20", "montage et assistance"),
        _line("Ménage et remise en état", "1", "forfait", "120.00", "20"),
    ),
)

STORAGE = Bill(
    file="storage-uk.pdf",
    seller=HARWELL,
    number="HP-20764",
    issue_date=date(2026, 11, 2),
    due_date=date(2026, 12, 2),
    currency="GBP",
    account=HARWELL.account,
    reference="HP20764-NORD",
    order_number="PO 3398",
    customer_number="NORD01",
    lines=(
        _line("Pallet storage, bay 14-C", "52", "pallet", "6.40", "20", "Rent for October 2026"),
        _line("Goods in: unloading and checking", "3", "lorry", "48.00", "20", "7, 15 and 28 October 2026"),
        _line("Order picking", "118", "pick", "0.85", "20"),
        _line("Annual fire safety inspection, share", "1", "item", "36.25", "20"),
    ),
)

VAN_HIRE = Bill(
    file="van-hire-it.pdf",
    seller=LANTERNA,
    number="318/A",
    issue_date=date(2026, 11, 6),
    due_date=date(2026, 12, 6),
    currency="EUR",
    account=LANTERNA.account,
    customer_number="1904",
    prints_buyer_email=False,
    lines=(
        _line("Noleggio furgone 12 m³", "5", "giorno", "74.00", "22", "targa ZZ 000 ZZ, dal 26 al 30 ottobre 2026"),
        _line("Chilometri eccedenti", "214", "km", "0.18", "22", "franchigia 150 km/giorno"),
        _line("Copertura kasko", "5", "giorno", "12.50", "22", "franchigia ridotta"),
        _line("Rifornimento carburante", "1", "forfait", "41.80", "22"),
    ),
)

TRADE_FAIR = Bill(
    file="trade-fair-qr-bill-ch.pdf",
    seller=LIMMAT,
    number="2026-0311",
    issue_date=date(2026, 11, 13),
    due_date=date(2026, 12, 13),
    currency="CHF",
    account=LIMMAT.account,
    reference="000000010442202600031100004",
    customer_number="10442",
    lines=(
        _line("Standfläche Halle 3, Stand C17", "24", "m²", "92.00", "8.1", "Fachmesse vom 3. bis 5. November 2026"),
        _line("Systemstand «Kubus»", "1", "Stk.", "1480.00", "8.1", "Aufbau, Miete und Abbau"),
        _line("Stromanschluss 3 kW", "1", "Stk.", "165.00", "8.1", "inkl. Verbrauch"),
        _line("Standreinigung", "3", "Tag", "49.00", "8.1"),
    ),
)

JOINERY = Bill(
    file="joinery-epc-de.pdf",
    seller=BRANDHORST,
    number="1187",
    issue_date=date(2026, 11, 16),
    due_date=date(2026, 12, 7),
    currency="EUR",
    account=BRANDHORST.account,
    reference="RF28RE20261187",
    customer_number="418",
    lines=(
        _line(
            "Empfangstheke Eiche massiv, geölt",
            "1",
            "Stück",
            "2840.00",
            "19",
            "2,40 × 0,80 × 1,10 m nach Zeichnung 26/07",
        ),
        _line("Regalböden Eiche, 28 mm", "6", "Stück", "64.50", "19", "je 1,20 m"),
        _line("Montage vor Ort", "9.5", "Std.", "58.00", "19", "Geselle, 11. und 12. November 2026"),
        _line("Anfahrt", "1", "pausch.", "45.00", "19"),
    ),
)

DELICATESSEN = Bill(
    file="delicatessen-scan-de.pdf",
    seller=ADEBAR,
    number="F-88214",
    issue_date=date(2026, 11, 3),
    due_date=date(2026, 11, 17),
    currency="EUR",
    account=ADEBAR.account,
    reference="F-88214",
    customer_number="5520",
    lines=(
        _line('Präsentkorb "Alpenland"', "14", "Stk", "38.50", "7"),
        _line("Bergkäse, 18 Monate gereift", "6.4", "kg", "27.90", "7"),
        _line("Honig, Glas 500 g", "24", "Stk", "6.20", "7"),
        _line("Früchtebrot", "20", "Stk", "4.75", "7"),
    ),
)

IT_EQUIPMENT = Bill(
    file="it-equipment-two-pages-de.pdf",
    seller=MAINNETZ,
    number="SH-261104-77",
    issue_date=date(2026, 11, 17),
    due_date=date(2026, 12, 1),
    currency="EUR",
    account=MAINNETZ_NEW_ACCOUNT,
    reference="SH-261104-77",
    order_number="NH-26-3402",
    customer_number="D-10094",
    lines=(
        _line('Notebook 14", 32 GB, 1 TB', "6", "St.", "1189.00", "19", "Serie T14, Garantie 36 Monate", "NB-14-32"),
        _line("Dockingstation USB-C", "6", "St.", "164.90", "19", "2 × DisplayPort, 100 W", "DS-C-100"),
        _line('Monitor 27", höhenverstellbar', "8", "St.", "248.00", "19", "2560 × 1440, IPS", "MO-27-Q"),
        _line("Headset mit Ladeschale", "6", "St.", "112.40", "19", "", "HS-BT-2"),
        _line("Tastatur und Maus, kabellos", "6", "Set", "58.75", "19", "deutsches Layout", "TM-DE"),
        _line("Netzwerk-Switch 24 Port, PoE+", "2", "St.", "438.00", "19", "370 W, verwaltbar", "SW-24-P"),
        _line("WLAN-Zugangspunkt Wi-Fi 7", "4", "St.", "219.50", "19", "Deckenmontage", "AP-7"),
        _line("Patchkabel Cat. 6A, 2 m", "40", "St.", "4.20", "19", "grau", "PK-6A-2"),
        _line("Unterbrechungsfreie Stromversorgung", "1", "St.", "689.00", "19", "1500 VA, 2 HE", "USV-1500"),
        _line("Serverschrank 24 HE", "1", "St.", "574.00", "19", "600 × 800 mm, Glastür", "SR-24"),
        _line("Verkabelung Bürotrakt", "22", "Std.", "84.00", "19", "2 Techniker, 9. und 10.11.2026", "DL-T"),
        _line("Inbetriebnahme Arbeitsplätze", "11.5", "Std.", "96.00", "19", "12.11.2026", "DL-S"),
        _line("Projektleitung", "4", "Std.", "118.00", "19", "", "DL-P"),
        _line("Entsorgung Altgeräte", "1", "psch.", "85.00", "19", "mit Nachweis", "DL-E"),
        _line("Fahrtkosten", "2", "Fahrt", "42.00", "19", "", "FK"),
    ),
)

BILLS = (
    OFFICE_SUPPLIES,
    FREIGHT,
    SEMINAR,
    STORAGE,
    VAN_HIRE,
    TRADE_FAIR,
    JOINERY,
    DELICATESSEN,
    IT_EQUIPMENT,
)
