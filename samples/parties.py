"""Who writes the sample invoices and who pays them. Every name, number and account is invented.

Check digits are right so that the numbers pass validation; the bank codes, VAT number ranges and telephone blocks are
ones that nobody has been given (German bank codes begin with 1 to 8, telephone numbers are from the blocks that
regulators keep free for fiction).
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Account:
    """IBAN and BIC are without spaces; `bic` is empty where the invoice names none."""

    iban: str
    bic: str
    currency: str
    bank: str

    @property
    def printed_iban(self) -> str:
        """In groups of four, as ISO 13616 prints it."""
        return " ".join(self.iban[start : start + 4] for start in range(0, len(self.iban), 4))


@dataclass(frozen=True, slots=True)
class Party:
    """A company as its letterhead shows it. `vat_id` is compact, `zip_code` and `country` (ISO 3166) stand apart."""

    legal_name: str
    street: str
    zip_code: str
    city: str
    country: str
    vat_id: str
    registration_number: str
    email: str
    phone: str
    account: Account
    website: str = ""
    aliases: tuple[str, ...] = field(default=())

    @property
    def place(self) -> str:
        """Town and postcode in the order that the country writes them."""
        return f"{self.city} {self.zip_code}" if self.country == "GB" else f"{self.zip_code} {self.city}"


NORDLICHT = Party(
    legal_name="Nordlicht Handels GmbH",
    street="Hafenstraße 12",
    zip_code="20457",
    city="Hamburg",
    country="DE",
    vat_id="DE999355209",
    registration_number="HRB 990355 Amtsgericht Hamburg",
    email="invoices@nordlicht-handel.example",
    phone="+49 40 66969 200",
    account=Account("DE57900402617713500290", "HKZBDEHHXXX", "EUR", "Hansekontor Bank AG"),
    aliases=("Nordlicht Handel", "Nordlicht"),
)
NORDLICHT_ACCOUNTS = (
    NORDLICHT.account,
    Account("CH5509983000004408126", "SFZBCHZZXXX", "CHF", "Seefeld Bank AG"),
    Account("GB19KEHB99811460027713", "KEHBGB2LXXX", "GBP", "Kestrel House Bank plc"),
)

KONTORWERK = Party(
    legal_name="Kontorwerk Bürobedarf GmbH",
    street="Am Lindenspeicher 7",
    zip_code="10969",
    city="Berlin",
    country="DE",
    vat_id="DE999001735",
    registration_number="HRB 990173 B Amtsgericht Charlottenburg",
    email="rechnung@kontorwerk.example",
    phone="+49 30 23125 410",
    account=Account("DE62930500174410027731", "SPZBDEBBXXX", "EUR", "Spreeufer-Bank eG"),
    website="www.kontorwerk.example",
    aliases=("Kontorwerk",),
)
ELBTOR = Party(
    legal_name="Elbtor Spedition GmbH & Co. KG",
    street="Am Kranhöft 3",
    zip_code="20457",
    city="Hamburg",
    country="DE",
    vat_id="DE999042288",
    registration_number="HRA 990422 Amtsgericht Hamburg",
    email="fakturierung@elbtor-spedition.example",
    phone="+49 40 66969 415",
    account=Account("DE76900712446030058817", "ELZSDEHHXXX", "EUR", "Elbsparbank AG"),
    website="www.elbtor-spedition.example",
    aliases=("Elbtor Spedition",),
)
GARONNE = Party(
    legal_name="Les Salons de la Garonne SARL",
    street="18 quai des Chartons-Neufs",
    zip_code="33000",
    city="Bordeaux",
    country="FR",
    vat_id="FR03999514284",
    registration_number="999514284",
    email="facturation@salons-garonne.example",
    phone="+33 5 36 49 12 18",
    account=Account("FR7699921004170881335026129", "BQZEFRP7XXX", "EUR", "Banque de l'Estuaire"),
    website="www.salons-garonne.example",
    aliases=("Salons de la Garonne",),
)
HARWELL = Party(
    legal_name="Harwell & Pike Storage Ltd",
    street="Unit 4, Feeder Wharf",
    zip_code="BS2 0ZZ",
    city="Bristol",
    country="GB",
    vat_id="GB999421702",
    registration_number="09994217",
    email="accounts@harwellpike.example",
    phone="+44 117 496 0320",
    account=Account("GB18THVB99730140188265", "THVBGB2LXXX", "GBP", "Thornvale Bank plc"),
    website="www.harwellpike.example",
    aliases=("Harwell & Pike",),
)
LANTERNA = Party(
    legal_name="Lanterna Noleggi S.r.l.",
    street="Via dei Cordai 21",
    zip_code="16126",
    city="Genova",
    country="IT",
    vat_id="IT99917340103",
    registration_number="GE-999173",
    email="amministrazione@lanternanoleggi.example",
    phone="+39 010 000 4127",
    account=Account("IT82M0999101433000020417766", "BRZLITGGXXX", "EUR", "Banca Riviera Ligure S.p.A."),
    website="www.lanternanoleggi.example",
)
LIMMAT = Party(
    legal_name="Limmat Messebau AG",
    street="Werftgasse 9",
    zip_code="8005",
    city="Zürich",
    country="CH",
    vat_id="CHE999482173",
    registration_number="CHE-999.482.173",
    email="debitoren@limmat-messebau.example",
    phone="+41 44 000 61 70",
    account=Account("CH8831997000482177305", "", "CHF", "Seefeld Bank AG"),
    website="www.limmat-messebau.example",
)
BRANDHORST = Party(
    legal_name="Tischlerei Brandhorst OHG",
    street="Hobelweg 15",
    zip_code="50678",
    city="Köln",
    country="DE",
    vat_id="DE999105477",
    registration_number="HRA 991054 Amtsgericht Köln",
    email="post@tischlerei-brandhorst.example",
    phone="+49 221 4710 338",
    account=Account("DE53910601182208846150", "RHZKDEDDXXX", "EUR", "Rheinische Handwerkerbank eG"),
    website="www.tischlerei-brandhorst.example",
    aliases=("Brandhorst",),
)
ADEBAR = Party(
    legal_name="Feinkost Adebar GmbH",
    street="Schwalbenanger 2",
    zip_code="80469",
    city="München",
    country="DE",
    vat_id="DE999130964",
    registration_number="HRB 991309 Amtsgericht München",
    email="buero@feinkost-adebar.example",
    phone="+49 89 99998 271",
    account=Account("DE79970205331150990426", "ISZMDEMMXXX", "EUR", "Isarbank München AG"),
)
MAINNETZ = Party(
    legal_name="Mainnetz Systemhaus GmbH",
    street="Am Funkerhof 40",
    zip_code="60314",
    city="Frankfurt am Main",
    country="DE",
    vat_id="DE999177310",
    registration_number="HRB 991773 Amtsgericht Frankfurt am Main",
    email="billing@mainnetz.example",
    phone="+49 69 90009 550",
    account=Account("DE53980504403904415502", "MAZFDEFFXXX", "EUR", "Mainufer Bank AG"),
    website="www.mainnetz.example",
    aliases=("Mainnetz",),
)
# What the two-page invoice asks to be paid to; the ledger knows MAINNETZ.account.
MAINNETZ_NEW_ACCOUNT = Account("DE44970205338846120075", "ISZMDEMMXXX", "EUR", "Isarbank München AG")

SUPPLIERS = (KONTORWERK, ELBTOR, GARONNE, HARWELL, LANTERNA, LIMMAT, BRANDHORST, ADEBAR, MAINNETZ)
