"""Which language a page is in, guessed from its small words: enough to see that an engine cannot spell it."""

import re
import unicodedata
from collections.abc import Iterable

# Words of grammar and of every invoice, without accents, as engines that know none give them. A word that several
# languages have counts for each of them a little.
_WORDS = {
    "en": "the of and to for your with from this that please by are is we our you invoice date due number quantity "
    "description amount price payment bill ship tax balance terms thank within days bank details page",
    "de": "der die das und den dem des von fur mit auf bei ist sind wir sie bitte nicht eine einer rechnung "
    "rechnungsnummer rechnungsdatum datum betrag gesamtbetrag menge preis bezeichnung mwst ust umsatzsteuer zzgl "
    "netto brutto kunde kundennummer zahlbar innerhalb tagen ohne abzug seite bankverbindung steuernummer",
    "fr": "le la les des du et pour par sur avec nous vous votre est sont une facture montant quantite prix "
    "designation tva client echeance paiement jours adresse numero de total ttc reglement date",
    "it": "il lo gli della dei per con di fattura importo quantita prezzo descrizione iva cliente scadenza pagamento "
    "data numero totale imponibile partita banca del una non",
    "es": "el los las del para con por una factura importe cantidad precio descripcion iva cliente vencimiento pago "
    "fecha numero base imponible forma de",
    "nl": "het een van voor met op factuur bedrag aantal prijs omschrijving btw klant vervaldatum betaling datum "
    "factuurnummer factuurdatum totaal excl te binnen dagen",
    "pt": "os uma nao para com por fatura valor quantidade preco descricao iva cliente vencimento pagamento data "
    "numero de da do",
    "pl": "faktura nr ilosc cena kwota nabywca sprzedawca termin platnosci razem netto brutto wartosc data oraz na do",
    "cs": "faktura castka mnozstvi cena dodavatel odberatel splatnosti datum celkem dph bez na za",
    "da": "og til fra af faktura belob antal pris betaling moms dato beskrivelse ialt forfald ved den",
    "no": "og til fra av faktura belop antall pris betaling mva dato beskrivelse sum forfallsdato ved",
    "sv": "och till fran av faktura belopp antal pris betalning moms datum beskrivning summa forfallodatum att",
    "fi": "lasku maara hinta yhteensa erapaiva alv laskun numero paivays viite ja",
    "hu": "szamla osszeg mennyiseg ar fizetesi hatarido afa vevo elado es kelte netto brutto",
    "ro": "factura si suma cantitate pret valoare tva client furnizor scadenta data nr de la",
}
LANGUAGES: tuple[str, ...] = tuple(_WORDS)
"""Those that are told apart, as ISO 639-1 codes."""

_LANGUAGES_OF: dict[str, list[str]] = {}
for _language, _words in _WORDS.items():
    for _word in _words.split():
        _LANGUAGES_OF.setdefault(_word, []).append(_language)

_LETTERS = re.compile(r"[^\W\d_]+")
_LEAST = 3.0
_LEAD = 1.6


def language_of(texts: Iterable[str]) -> str | None:
    """The ISO 639-1 code of the language that most of the small words belong to, each counted once.

    None where there are too few of them, or where two languages are about equal, as on a bilingual form.
    """
    found = {word for text in texts for word in _LETTERS.findall(_plain(text))}
    votes = dict.fromkeys(LANGUAGES, 0.0)
    for word in found:
        languages = _LANGUAGES_OF.get(word, [])
        for language in languages:
            votes[language] += 1 / len(languages)
    best, second = sorted(LANGUAGES, key=lambda language: -votes[language])[:2]
    return best if votes[best] >= _LEAST and votes[best] >= _LEAD * votes[second] else None


def _plain(text: str) -> str:
    """Lower case without accents."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))
