"""What is personal by its form leaves no free text, and what only looks like it stays."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pseudonymize.redaction.reading import Reading
from pseudonymize.redaction.structured import structured

LAYERS = structured()


def found(text: str) -> list[tuple[int, int, str]]:
    reading = Reading(text)
    results = [r for layer in LAYERS for r in layer.analyze(text, [], reading)]
    return sorted((*reading.plain.back(r.start, r.end), r.entity_type) for r in results)


def redacted(text: str) -> str:
    out, done = [], 0
    for start, end, kind in found(text):
        out += [text[done:start], f"<{kind}>"]
        done = end
    return "".join([*out, text[done:]])


def marked(text: str) -> tuple[str, str]:
    """A text with its personal part in [brackets]: the text, and what stands around the part."""
    before, _, rest = text.partition("⟦")
    part, _, after = rest.partition("⟧")
    return before + part + after, before + "{}" + after


def check(kind: str, text: str) -> None:
    whole, around = marked(text)
    assert redacted(whole) == around.format(f"<{kind}>")


EMAILS = {
    "plain": "Skriv till ⟦anna.berg@norrvik.se⟧, tack.",
    "at the end of a sentence": "Write to ⟦anna.berg@norrvik.se⟧.",
    "with a tag": "Anmäl ⟦minna.laaksonen+kurs@norrvik.se⟧ till kursen.",
    "of an unknown ending": "Send it to ⟦desk@norrvik.sjukhus⟧ please.",
    "with Swedish letters": "Mejla ⟦åsa.öberg@södra-älven.se⟧ i morgon.",
    "in capitals": "⟦HAKAN.NYQVIST@REGIONVASTERDAL.SE⟧",
    "in angle brackets": "Anna <⟦anna@norrvik.se⟧> svarar.",
    "with a quoted name": 'Write to ⟦"anna berg"@norrvik.se⟧ now.',
    "with an apostrophe": "Ask ⟦pat.o'neill@norrvik.ie⟧ about it.",
    "with several domains": "Ask ⟦j.doe@mail.hospital.example.co.uk⟧ about it.",
    "at a numbered host": "Ask ⟦anna@[192.0.2.1]⟧ about it.",
    "without a dot": "Mejla ⟦annber@karolinska⟧ så svarar hon.",
    "with spaces": "Mejla ⟦anna @ norrvik . se⟧ så svarar hon.",
    "with a comma for the dot": "Mejla ⟦anna@norrvik,se⟧ så svarar hon.",
    "spelled in Swedish": "Min adress är ⟦anna punkt berg snabel-a norrvik punkt se⟧, skicka dit.",
    "spelled with snabela": "mailen är ⟦roger snabela fjallvik.se⟧ om ni undrar",
    "spelled with brackets": "Nås på ⟦stellan punkt rosencrantz (snabel-a) vastrahamn punkt se⟧ alltid",
    "with (a)": "Skriv till ⟦anna.berg (a) norrvik.se⟧ om ni behöver loggar.",
    "with (at)": "Write to ⟦anna (at) norrvik.se⟧ for logs.",
    "with [at]": "e-post: ⟦tord.bjurman[at]regionfjallvik.se⟧",
    "with [at] and [dot]": "e-mail: ⟦tord [at] fjallvik [dot] se⟧",
    "spelled in English": "Write to ⟦john dot doe at example dot org⟧ for logs.",
    "spelled in capitals": "Write to ⟦j.doe AT example DOT com⟧ for logs.",
    "spelled without a dot in the name": "Nås via ⟦sofia at norrvik dot se⟧ i veckan.",
    "with at and a dotted name": "Write to ⟦jane.doe at example.org⟧ for logs.",
    "with full-width letters": "Mejla ⟦anna@norrvik.se⟧ så svarar hon.",
}


@pytest.mark.parametrize("text", EMAILS.values(), ids=EMAILS.keys())
def test_an_email_address_is_taken_out(text):
    check("EMAIL", text)


NO_EMAILS = [
    "We are at example.org every day.",
    "Look at www.sectra.com for the manual.",
    "The support at Karolinska is good.",
    "We looked at sectra.com and found it.",
    "Vi vill ha (a) snabbare bilder. (b) bättre support.",
    "The price is 5 @ 3 each.",
    "Contact us at any time. Com port 3 is broken.",
    "The dot at the end is missing at times.",
    "Vi möts vid den punkt som är bäst.",
]

PHONES = {
    "American with the country and dots": "1.713.555.0142",
    "American with a slash": "713/ 555-0142",
    "British with dots": "44.207.946.0142",
    "Swedish mobile": "070-174 06 05",
    "Swedish mobile in one piece": "0701234567",
    "Swedish mobile in pairs": "070 55 44 321",
    "Swedish mobile, dash after four": "0705-90 81 72",
    "Swedish mobile, with a slash": "070/174 06 05",
    "Swedish mobile, with dots": "070.174.06.05",
    "Swedish mobile, with country": "+46 70 174 06 05",
    "Swedish mobile, with 00": "0046 70 174 06 05",
    "Swedish mobile, country in brackets": "(+46) 70 174 06 05",
    "Swedish with a zero in brackets": "+46 (0)31 342 10 75",
    "Swedish mobile with country in one piece": "+46701740605",
    "Swedish landline": "08-465 004 04",
    "Swedish landline of eight digits": "08-12 34 56",
    "Swedish landline, area in brackets": "(0910) 77 14 60",
    "Swedish landline of four and six": "0490-86 01 23",
    "Swedish landline of three and five": "040-33 19 05",
    "Swedish free number": "020-22 33 44",
    "Swedish shared number": "0771-55 20 14",
    "over a line break": "070-174\n06 05",
    "with hard spaces": "070\u00a0174\u00a006\u00a005",
    "with en dashes": "070\u2013174 06 05",
    "with an extension": "013-23 52 00 ank 123",
    "with an extension in English": "020 7946 0958 ext. 123",
    "Norwegian": "22 12 34 56",
    "Norwegian mobile": "412 34 567",
    "Norwegian with country": "+47 22 12 34 56",
    "Danish": "32 12 34 56",
    "Danish with country": "+45 32 12 34 56",
    "Finnish": "040 123 4567",
    "Finnish with country": "+358 40 123 4567",
    "British": "020 7946 0958",
    "British, area in brackets": "(020) 7946 0958",
    "British mobile": "07700 900123",
    "British with country": "+44 20 7946 0958",
    "British with country and zero": "+44 (0)20 7946 0958",
    "Irish mobile": "087 123 4567",
    "Irish with country": "+353 1 234 5678",
    "German": "030 901820",
    "German with country": "+49 30 901820",
    "Dutch": "020-1234567",
    "Dutch mobile": "06-12345678",
    "Dutch with country": "+31 20 123 4567",
    "American": "(415) 555-0132",
    "American with dashes": "415-555-0132",
    "American with dots": "415.555.0132",
    "American with country": "+1 415 555 0132",
    "American free number": "1-800-555-0199",
    "in Swedish words": "noll sju noll ett två tre fyra fem sex sju",
    "in English words": "zero two zero seven nine four six zero nine five eight",
}


@pytest.mark.parametrize("number", PHONES.values(), ids=PHONES.keys())
@pytest.mark.parametrize(
    "around",
    ["Ring mig på {} så förklarar jag.", "Please call me on {} about it.", "Nummer till rummet: {}."],
)
def test_a_telephone_number_is_taken_out(number, around):
    assert redacted(around.format(number)) == around.format("<PHONE>")


CUED_PHONES = {
    "an extension": "Fråga efter mig på anknytning ⟦2233⟧ i morgon.",
    "an extension in short": "Nummer till rummet: ankn ⟦4711⟧.",
    "an extension in English": "Call ext. ⟦4471⟧ after lunch.",
    "a pager": "Sök mig på sökare ⟦3344⟧ hela dagen.",
    "a bleep": "I am on bleep ⟦4471⟧ all day.",
    "a local number": "Tel: ⟦23 52 00⟧ dygnet runt.",
    "a Danish number in one piece": "Tlf. ⟦22123456⟧ hele dagen.",
    "a switchboard": "Ring växeln ⟦013-23 52 00⟧ och fråga.",
    "two numbers, the first": "Ring ⟦070-174 06 05⟧.",
}


@pytest.mark.parametrize("text", CUED_PHONES.values(), ids=CUED_PHONES.keys())
def test_a_number_that_a_word_says_to_dial_is_taken_out(text):
    check("PHONE", text)


def test_two_telephone_numbers_beside_each_other_are_both_taken_out():
    assert redacted("Ring 070-174 06 05/070-174 06 06.") == "Ring <PHONE>/<PHONE>."
    assert redacted("Ring 070-174 06 05, 08-465 004 04.") == "Ring <PHONE>, <PHONE>."


NO_PHONES = [
    "Version 1.713.555.0142 and firmware 44.10.200.3000 are old.",
    "It has been open since 2026-09-01 and nobody answers.",
    "It has been open since 01.09.2026 and nobody answers.",
    "Möte 01-02-2023 10:30 i sal 4.",
    "Our contract is for 2023-2024 and we like it.",
    "Öppet 08.00-16.30 och 0800-1630 i veckorna.",
    "Driftstoppet 2023-11-04 kl 02:15–06:40 drabbade akuten.",
    "Vi kör version 23.2.1.4567 och 24.1.0.1234 nu.",
    "Ticket INC0012345 and SR-20231 are still open.",
    "Ärende 458812 stängdes utan svar.",
    "Order PO 4500123456 levererades till fel lastkaj.",
    "Order 4500018823 levererades till fel lastkaj.",
    "Faktura 90017734 saknade vår referens.",
    "Invoice 4500123456 was wrong.",
    "Serienummer 2590441877 på skärmen finns inte.",
    "Serial number 8823100456 is not in your list.",
    "Case 01234567 was closed.",
    "Artikelnummer 800-55321-B är utgånget.",
    "Diarienummer 2022/1187 gäller.",
    "RFI-svaret kom i tid, upphandling RS 2023-04471 gick smidigt.",
    "Vi betalar 2 345 678 kronor per år.",
    "The price of 1 250 000 000 SEK is too high.",
    "It costs $1,250,000.00 or € 1.250.000 a year.",
    "It took 45 seconds to load 1,200 images at 10:30.",
    "Vi granskar 120 000 undersökningar per år.",
    "We have 24/7 support, 365 days.",
    "7 av 10, 8/10, 9 10 10 9.",
    "Ring 112 eller 1177 i så fall.",
    "Windows 11 22H2 build 22621.1848 works.",
    "Bilderna är 4096 x 2160 pixlar, 16 bitar.",
    "Storage växer 14 TB per år, 2023 2024 2025.",
    "Kontorstid 8-17 räcker inte.",
]

NATIONAL_IDS = {
    "Swedish": "640823-3234",
    "Swedish with century": "19640823-3234",
    "Swedish without a dash": "6408233234",
    "Swedish with century, without a dash": "196408233234",
    "Swedish with a space": "640823 3234",
    "Swedish with spaces around the dash": "640823 - 3234",
    "Swedish in parts": "1964-08-23-3234",
    "Swedish, over a hundred years": "640823+3234",
    "Swedish with an en dash": "640823–3234",
    "Swedish co-ordination number": "701063-2391",
    "Swedish co-ordination number with century": "19701063-2391",
    "Swedish co-ordination number with century, without a dash": "197010632391",
    "Swedish with hidden digits": "850101-XXXX",
    "Swedish with stars": "19850101-****",
    "Norwegian": "15108695088",
    "Norwegian with a space": "151086 95088",
    "Danish": "211062-5629",
    "Danish without a dash": "2110625629",
    "Finnish": "131052-308T",
    "Finnish of this century": "131052A308T",
    "British": "943 476 5919",
    "British without spaces": "9434765919",
    "British with dashes": "943-476-5919",
    "British insurance number": "AB 12 34 56 C",
    "British insurance number in one piece": "AB123456C",
    "American": "536-22-1234",
}


@pytest.mark.parametrize("number", NATIONAL_IDS.values(), ids=NATIONAL_IDS.keys())
@pytest.mark.parametrize(
    "around", ["Sök på {} så ser ni felet.", "My number is {} and it fails.", "Fel ({})."]
)
def test_a_national_number_is_taken_out(number, around):
    assert redacted(around.format(number)) == around.format("<NATIONAL_ID>")


CUED_NATIONAL_IDS = {
    "Swedish with a wrong check digit": "Personnummer ⟦640823-3235⟧ finns inte.",
    "Swedish in short with a wrong check digit": "pnr: ⟦6408233235⟧ finns inte.",
    "Swedish in English with a wrong check digit": "Her personal number is ⟦640823-3235⟧, I think.",
    "Danish without a dash": "CPR-nr. ⟦0101901234⟧ findes ikke.",
    "Norwegian with a wrong check digit": "Fødselsnummer ⟦15108695089⟧ finnes ikke.",
    "British with a wrong check digit": "NHS no ⟦943 476 5918⟧ is missing.",
    "American without dashes": "SSN ⟦536221234⟧ is shown in full.",
    "Dutch": "BSN ⟦123456782⟧ ontbreekt.",
    "German": "Steuer-ID ⟦86 095 742 719⟧ fehlt.",
    "of a company of one person": "Org.nr ⟦556036-0793⟧ ska stå på fakturan.",
}


@pytest.mark.parametrize("text", CUED_NATIONAL_IDS.values(), ids=CUED_NATIONAL_IDS.keys())
def test_a_number_that_a_word_says_to_be_national_is_taken_out(text):
    check("NATIONAL_ID", text)


NO_NATIONAL_IDS = [
    "Faktura 90017734 saknade vår referens, org.nr 232100-0016 ska stå med.",
    "Numret 640823-3235 och 641323-3234 finns inte.",
    "Det gäller 850101 1234 bilder.",
    "Skriv fnr i fältet, tack.",
    "Personnummer visas inte i listan från 2024-01-02.",
]

PATIENTS = {
    "a patient's": "Patient-ID: ⟦NV-0042219⟧. Serien är borta.",
    "a patient's with a space": "patient id ⟦884412-A⟧ is missing.",
    "a patient's, in one word": "PatientID ⟦55120-KLM⟧ är fel.",
    "a patient's in short": "pat.id ⟦4471182⟧ är fel.",
    "a patient's by number": "patientnr ⟦70031-9982⟧ kan inte öppnas",
    "a medical record's": "Bilderna till MRN ⟦40118276⟧ laddas aldrig.",
    "a medical record's in words": "Medical record number ⟦40118276⟧ is wrong.",
    "a hospital's": "Hospital no. ⟦H4471182⟧ is wrong.",
    "an accession's": "accession ⟦1234567⟧ ligger fel.",
    "an accession's in short": "acc.nr ⟦7700341298⟧ är låst.",
    "an accession's in English": "Accession number: ⟦LU24-0093371⟧ is cut.",
    "an accession's in Swedish": "Accessionsnumret ⟦LU24-0093371⟧ visas avkortat.",
    "a referral's": "remiss ⟦20231104-0042⟧ dubblerades.",
    "a referral's by id": "Remiss-id ⟦R2024-55871⟧ skickades fel.",
    "a referral's by number": "remissnr ⟦55871223⟧ skickades fel.",
    "an examination's": "Undersökning ⟦RTG-2024-118823⟧ försvann.",
    "an examination's by number": "undersökningsnummer ⟦118823⟧ försvann.",
    "a spare number": "Reservnummer ⟦99810412-TB07⟧ går inte.",
    "bare, with a dash": "See ⟦ACC-2024-55102⟧ please.",
    "bare, in one piece": "See ⟦MRN00482913⟧ please.",
    "a study's unique identifier": "Study UID ⟦1.2.840.113619.2.55.3.604688119.971.1234⟧ is empty.",
    "a unit's record, letters first": "A search for ⟦UR2209118⟧ gives nothing.",
    "a hospital's, letters apart": "We lost ⟦HN 30418827⟧ on Saturday.",
    "a unique identifier alone": "It was ⟦1.2.752.24.7.3614521.88731.20240105⟧ again.",
}


@pytest.mark.parametrize("text", PATIENTS.values(), ids=PATIENTS.keys())
def test_a_number_of_a_patient_or_an_examination_is_taken_out(text):
    check("PATIENT_ID", text)


def test_the_numbers_of_a_list_are_all_taken_out():
    assert (
        redacted("PatientID 55120-KLM och 55121-KLM är samma.")
        == "PatientID <PATIENT_ID> och <PATIENT_ID> är samma."
    )
    assert redacted("MRN 40118276, 40118277.") == "MRN <PATIENT_ID>, <PATIENT_ID>."
    assert redacted("acc UMU5519207, jämför UMU5519208") == "acc <PATIENT_ID>, jämför <PATIENT_ID>"


def test_the_number_of_a_patient_is_taken_out_each_time():
    assert (
        redacted("URN UR2209118 gives 1 hit, 2209118 gives 300 hits.")
        == "URN <PATIENT_ID> gives 1 hit, <PATIENT_ID> gives 300 hits."
    )
    assert (
        redacted("MRN 123456 is wrong, error code 654321 comes.")
        == "MRN <PATIENT_ID> is wrong, error code 654321 comes."
    )
    assert (
        redacted("MRN# 7719-20-33 has the knee of 7719-20-38 since 2024-11-03.")
        == "MRN# <PATIENT_ID> has the knee of <PATIENT_ID> since 2024-11-03."
    )


NO_PATIENTS = [
    "Felet gällde SOP class 1.2.840.10008.5.1.4.1.1.2 och var fixat på en vecka.",
    "OID 1.2.752.129.2.1.4.1 används.",
    "The patient has 12 studies from 2019 to 2024.",
    "Patient safety 2024 was the topic.",
    "Accession is missing in 3 of 10 cases.",
    "A study 2023-11-04 took 45 s.",
    "Remiss 2024-01-02 saknas i listan.",
    "Patienten fick vänta 45 minuter.",
    "Undersökning 3 av 10 saknas.",
    "Vi har 120 000 undersökningar, 3 studier per patient.",
    "Patient 7 of 12 was late.",
]

PEOPLE = {
    "in capitals": "Studien för ⟦SVENSSON^ANNA^^⟧ saknas.",
    "mixed": "The study of ⟦Bäckman^Oliver^Tim⟧ is missing.",
    "with two family names": "The study of ⟦Berg-Lind^Eva⟧ is missing.",
    "with a particle": "The study of ⟦van der Berg^Jan⟧ is missing.",
}


@pytest.mark.parametrize("text", PEOPLE.values(), ids=PEOPLE.keys())
def test_a_name_from_a_header_is_taken_out_whole(text):
    check("PERSON", text)


CARDS = {
    "Visa": "4111 1111 1111 1111",
    "Visa in one piece": "4111111111111111",
    "Visa with dashes": "4111-1111-1111-1111",
    "Mastercard": "5500 0000 0000 0004",
    "Mastercard of the new range": "2223 0031 2200 3222",
    "American Express": "3782 822463 10005",
    "Diners Club": "3056 930902 5904",
    "Discover": "6011111111111117",
}


@pytest.mark.parametrize("number", CARDS.values(), ids=CARDS.keys())
def test_a_card_number_is_taken_out(number):
    assert redacted(f"Dra det från {number} tack.") == "Dra det från <CREDIT_CARD> tack."


def test_a_card_number_with_a_slip_of_the_pen_is_taken_out_after_its_word():
    assert redacted("Mitt kort 4111 1111 1111 1112 nekas.") == "Mitt kort <CREDIT_CARD> nekas."


ACCOUNTS = {
    "Swedish": "Betala till ⟦SE45 5000 0000 0583 9825 7466⟧, tack.",
    "Swedish in one piece": "Betala till ⟦SE4550000000058398257466⟧, tack.",
    "Swedish in small letters": "Betala till ⟦se45 5000 0000 0583 9825 7466⟧, tack.",
    "Norwegian": "Betal til ⟦NO93 8601 1117 947⟧ takk.",
    "British": "Pay to ⟦GB82 WEST 1234 5698 7654 32⟧ please.",
    "German": "Bitte an ⟦DE89370400440532013000⟧ zahlen.",
    "with a wrong check digit after its word": "Konto ⟦SE46 5000 0000 0583 9825 7466⟧ är mitt.",
    "somebody's bank giro": "Mitt bankgiro ⟦5050-1055⟧ är fel.",
    "a bank giro that is said to be somebody's": "bankgiro ⟦123-4567⟧ är min.",
    "somebody's post giro": "hans privata plusgiro ⟦28 65 43-4⟧ är fel.",
    "an account with its clearing number": "Clearing ⟦8327-9, 123 456 789⟧ är fel.",
    "an account by number": "kontonummer ⟦1234 56 78901⟧ är fel.",
}


@pytest.mark.parametrize("text", ACCOUNTS.values(), ids=ACCOUNTS.keys())
def test_an_account_number_is_taken_out(text):
    check("IBAN", text)


NO_ACCOUNTS = [
    "Det gäller 4111 1111 1111 1112 rader.",
    "Bankgirot på fakturan stämmer inte med det i avtalet.",
    "Kontot är låst sedan 2024.",
    "Vi betalar till bankgiro 5402-9681 men fakturan säger något annat.",
    "Plusgiro 48 21 07-3 fungerar inte längre.",
    "SE-nummer saknas.",
    "Licensnyckel XK4T-99PL-22QA ville inte aktiveras.",
]

ADDRESSES = {
    "Swedish": "Storgatan 5",
    "Swedish with a letter": "Storgatan 12B",
    "Swedish with a letter apart": "Storgatan 12 B",
    "Swedish in small letters": "storgatan 5",
    "Swedish road": "Kungsvägen 3",
    "Swedish path": "Björkstigen 2",
    "Swedish ring": "Teknikringen 20",
    "Swedish hill": "Kyrkbacken 3",
    "Swedish alley": "Trädgårdsgränd 4",
    "Swedish esplanade": "Norra Esplanaden 48",
    "Swedish quarter before": "Östra Kanalgatan 5 A",
    "Swedish saint": "S:t Eriksgatan 81",
    "Swedish of two words": "Gamla vägen 12",
    "Swedish of four words": "Carl von Linnés väg 5",
    "Swedish square of two words": "Lilla Torget 4",
    "Swedish range": "Storgatan 5-7",
    "Swedish with a flat": "björkstigen 6 lgh 1102",
    "Swedish with stairs": "Storgatan 5, 3 tr",
    "Swedish with a town": "Storgatan 14, 582 23 Linköping",
    "Swedish box": "Box 123, 581 02 Linköping",
    "Swedish farm with a town": "Björkhaga 12, 582 23 Linköping",
    "Danish": "Norregade 10",
    "Danish with a floor": "Vestergade 10, 2. tv",
    "Danish road": "Skovvej 12",
    "Norwegian of three words": "Karl Johans gate 1",
    "Norwegian road": "Skogveien 12",
    "German": "Hauptstraße 7",
    "German in short": "Hauptstr. 7",
    "German road": "Birkenweg 12",
    "Dutch": "Kerkstraat 12",
    "Dutch canal": "Herengracht 120",
    "Finnish": "Mannerheimintie 12",
    "Finnish street": "Aleksanterinkatu 5",
    "English": "12 High Street",
    "English with a letter": "221B Baker Street",
    "English in short": "221B Baker St.",
    "English road": "12 Abbey Rd",
    "English lane": "5 Old Mill Lane",
    "English in small letters": "18 mill lane",
    "English with a flat": "Flat 3, 18 Mill Lane",
    "English with a postcode": "18 Mill Lane, London NW1 6XE",
    "American": "1600 Pennsylvania Avenue",
    "American with a quarter and a flat": "1600 Pennsylvania Ave NW, Apt 4",
    "American numbered": "350 5th Avenue",
    "American box": "P.O. Box 12",
    "care of": "c/o Berg",
}


@pytest.mark.parametrize("street", ADDRESSES.values(), ids=ADDRESSES.keys())
@pytest.mark.parametrize(
    "around", ["Skicka den till {} tack.", "The office at {} is closed.", "Vi sitter på {}."]
)
def test_a_street_address_is_taken_out(street, around):
    text = redacted(around.format(street))
    assert text in {around.format("<ADDRESS>"), around.removesuffix(".").format("<ADDRESS>")}


POSTAL = {
    "British": "Send it to ⟦Willow Cottage, 3 Station Road, Hebden Bridge, West Yorkshire HX7 8JE⟧ please",
    "a house with a name": "It went to ⟦The Old Forge, Lower Slaughter GL54 2HP⟧ last week",
    "a room": "My desk is ⟦Room 3.08, Pathology Block, Heath Park Way, Cardiff CF14 4XW⟧ now",
    "Irish": "You posted it to ⟦Unit 12, Ballymount Industrial Estate, Dublin 12, D12 X4P7⟧ again",
    "Canadian": "Our dock is at ⟦2750 Rue Laurier Est, Montréal (Québec) H1Y 2A6⟧ since May",
    "Australian": "Ship it to ⟦6/118 Darling Street, Balmain East NSW 2041⟧ instead",
    "American": "Bill ⟦450 Serra Vista Blvd, Ste 210, Fresno, CA 93710⟧ from now on",
    "Indian": "We have shifted to ⟦No. 42, 2nd Cross, Indiranagar 1st Stage, Bengaluru 560038⟧ in May",
    "in capitals": "IT IS ⟦7 SEAVIEW TERRACE, HOWTH, CO. DUBLIN D13 W2R8⟧ SINCE MAY",
    "on several lines": "Regards\n⟦88 Old Mill Lane, Apt 5B\nBurlington, VT 05401⟧\nwrite soon",
    "a box": "Use ⟦PO Box 1184, Ballarat VIC 3353⟧ for letters",
}


@pytest.mark.parametrize("text", POSTAL.values(), ids=POSTAL.keys())
def test_an_address_is_taken_out_whole_by_the_code_at_its_end(text):
    check("ADDRESS", text)


def test_a_town_with_its_code_alone_stays():
    assert redacted("We work in Cardiff CF14 4XW and like it.") == "We work in Cardiff CF14 4XW and like it."


CODES = {
    "a modality": "The worklist dropped ⟦MR0071883⟧ twice.",
    "a modality and a year": "Dose alarm for ⟦CT/24/006617⟧ was false.",
    "a specimen": "Specimen ⟦H23/018842⟧ was cut and vanished.",
    "a block": "Sample ⟦S-19-44207-B2⟧ was reported twice.",
    "with spaces": "The old hospital number, ⟦WX 20 77 13⟧, no longer resolves.",
    "digits first": "Histology block ⟦24S-018823-A2⟧ is cut off.",
    "a reserve number": "Sökning på ⟦19750623K7A2⟧ ger noll träffar.",
    "digits alone": "Prior exams for ⟦0001938475⟧ are stuck.",
    "two numbers": "The visit with encounter ⟦88123771⟧ is lost.",
    "who is somebody": "At site A ⟦100442⟧ is a baby, everywhere else not.",
    "who belongs to somebody": "The archive says that ⟦5518204⟧ belongs to my uncle.",
    "near films": "Two were swapped, so that ⟦7719023⟧ has the films of her sister.",
    "in Swedish": "Skannade glas på ⟦T24-10233⟧ hade bytt plats.",
}


@pytest.mark.parametrize("text", CODES.values(), ids=CODES.keys())
def test_a_number_of_an_examination_is_taken_out_by_its_form(text):
    check("PATIENT_ID", text)


NO_CODES = [
    "Ticket AB-1234567 on the images is still open.",
    "Error E4471902 comes for every patient.",
    "The scanner has serial GT450-0098123 and takes images.",
    "We send 250000 studies and 120000 images a year.",
    "Invoice F24-123456 for the slides is wrong.",
    "Patients wait since 2024-05-12 for the images.",
    "Build 20240917.4 broke the worklist.",
    "Room 120455 has no images.",
    "Ticket 7719023 about the films is not answered.",
    "Please call 7719023 about the films.",
    "Build 7719023 is the one with the films.",
    "Since 20240917 the films are slow.",
    "We sent 3456789 x-rays and 2345678 old films.",
    "The window level is 400-1200 for x-rays.",
    "Our project 7719023 is about films.",
    "12345 is a lot of patients and 45000 is not many people.",
]


@pytest.mark.parametrize("text", NO_CODES)
def test_a_code_of_a_thing_stays(text):
    assert "PATIENT_ID" not in redacted(text)


def test_a_place_is_taken_out_after_a_word_for_an_address():
    check("ADDRESS", "Min adress är ⟦Solhaga 14⟧, tack.")
    check("ADDRESS", "Hon bor på ⟦Lilla Hult 3⟧ i Kalmar.")


NO_ADDRESSES = [
    "Go to gate 5 and wait, or to Gate 5.",
    "Vi tar väg 40 och riksväg 23 till Kalmar.",
    "Room 5, ward 12, building 3, plan 4, version 5.",
    "Stage 2 close to the end.",
    "We had 12 high quality images on 2 screens.",
    "The server is 3 km down the road.",
    "A 10 minute drive from here.",
    "Uppgraderingen 23 och lagringen 5 är bra.",
    "Ändringen 4 är bra, kollringen 2 också.",
    "Vi kan investigate 3 studies and navigate 2 windows.",
    "Avdelning 54 och operation 3 ser inte bilderna.",
    "Skärm 2 på arbetsplats 12 är trasig.",
    "Check box 3 on page 2.",
    "På vägen 3 mil bort, torget 5 minuter bort.",
    "Go-live in May 2024 went well.",
    "Kliniken har 22 granskningsplatser på plan 3, 5 och 7.",
    "Bygg ut gallvägar, fotleden 2 bilder, handleden 3 bilder.",
    "Feedbacken 5 av 10 fick var bra.",
    "Xbox 360 is faster.",
]

BIRTHS = {
    "Swedish": "Patient född ⟦1956-03-12⟧ är borta.",
    "Swedish with a date of": "Födelsedatum ⟦1931-08-25⟧ feltolkas.",
    "Swedish in short": "Doris, f. ⟦490917⟧, ringde.",
    "Swedish in shorter": "Doris f: ⟦1949-09-17⟧ ringde.",
    "Swedish with a slash": "Kvinna f. ⟦12/3 1956⟧, undersökt i Kalmar.",
    "Swedish in words": "Född den ⟦12 mars 1956⟧ i Kalmar.",
    "Swedish with eight digits": "född ⟦19560312⟧ i Kalmar",
    "English": "The patient, born ⟦12.3.1956⟧, is gone.",
    "English in words": "She was born on ⟦3 May 1961⟧ in Leeds.",
    "English with the month first": "She was born ⟦May 3rd, 1961⟧ in Leeds.",
    "English in short": "DOB: ⟦03/05/1961⟧ is wrong.",
    "English with a date of": "date of birth is ⟦3rd of May 1961⟧, not 2061.",
    "after the date": "⟦1956-03-12⟧ is my date of birth.",
    "a year of two digits long ago": "Two women, one of them ⟦11/09/66⟧, were merged.",
    "a birthday": "My birthday is ⟦3 May⟧, send a cake.",
    "Norwegian": "Født ⟦12.03.1956⟧ i Oslo.",
    "Finnish": "Potilas, synt. ⟦12.3.1956⟧, puuttuu.",
    "German": "Patient, geb. ⟦12.03.1956⟧, fehlt.",
    "Dutch": "geboren op ⟦12-03-1956⟧ in Delft",
}


@pytest.mark.parametrize("text", BIRTHS.values(), ids=BIRTHS.keys())
def test_a_date_of_birth_is_taken_out(text):
    check("DATE_OF_BIRTH", text)


NO_BIRTHS = [
    "The upgrade on 2024-03-12 failed.",
    "Sedan 12 mars 2023 fungerar det.",
    "Utbildningen den 14 mars 2024 i Linköping var bra.",
    "Released 3 May 2024, fixed 4 May 2024.",
    "Installed 11/09/24, fixed 12/09/24, and 24/7 support.",
    "The ratio is 20/30/50 or 10/25/50, the timeout 5/10/45.",
    "The contract ends 31/12/30.",
    "Jfr bild f. 12 och 13.",
    "Child born in 2019 is shown as 124 years old.",
]

USERS = {
    "user name with a colon": "User name: ⟦jdoe⟧, no access.",
    "username with a digit": "My username ⟦jdoe42⟧ is locked.",
    "user name that is": "My user name is ⟦jdoe⟧ and I am locked out.",
    "Swedish user name": "Mitt användarnamn är ⟦yhaddad⟧ och jag är låst.",
    "Swedish user name with digits": "Användarnamn ⟦pacsjoh17⟧ funkar inte.",
    "Swedish user": "användare ⟦bsand7⟧ kraschar vid MPR.",
    "Swedish user of six letters": "användare ⟦sirkos⟧ måste byta lösenord",
    "Swedish user with a colon": "Användare: ⟦annber⟧",
    "Swedish login": "inloggning ⟦svea01⟧ ger svart skärm",
    "Swedish account": "Mitt konto ⟦abe042⟧ låser sig.",
    "logged in as": "Logga in som ⟦rtgjour2⟧ och se själva.",
    "logged in as, in English": "I am logged in as ⟦jdoe⟧ now.",
    "signed by": 'It said "signed by ⟦goha12⟧" again.',
    "user with a dot": "Account ⟦jane.doe⟧ is locked.",
    "with an underscore": "user ⟦jane_doe⟧ is locked.",
    "in quotes": 'The user "⟦jdoe⟧" is locked.',
    "user id": "user id ⟦JDoe7⟧ is locked.",
    "a care directory's": "Id ⟦SE2321000131-P000000104⟧ saknas.",
    "a care directory's with its word": "HSA-id ⟦SE2321000016-4XYZ⟧ går inte.",
    "a Windows account": "AD-kontot ⟦VLL\\kewa04⟧ synkas inte.",
    "a Windows account alone": "It says ⟦NORRVIK\\annber⟧ on the screen.",
    "a home folder": "Filen ligger i C:\\Users\\⟦annber⟧\\Desktop nu.",
    "a handle": "Follow ⟦@janedoe_rad⟧ for more.",
    "a nickname": "The nickname ⟦xray_specs88⟧ is mine.",
    "a handle of letters": "Follow ⟦@annaberg⟧ for more.",
}


@pytest.mark.parametrize("text", USERS.values(), ids=USERS.keys())
def test_a_user_name_is_taken_out(text):
    check("USERNAME", text)


NO_USERS = [
    "Alla användare är nöjda med systemet.",
    "Licenskostnaden per användare är för hög.",
    "Våra användare måste logga in två gånger.",
    "Login is slow, login fails every Monday.",
    "The login screen is slow and the user interface is dated.",
    "Users are happy, every user has two accounts.",
    "My username is not accepted, the user name was wrong.",
    "Mitt användarnamn fungerar inte.",
    "Inloggning tar 45 sekunder.",
    "Inloggningen: bra.",
    "User experience: slow. Account manager: good.",
    "Vi har 18 användare och åtta skannrar.",
    "Användare klagar ofta, användare loggas ut.",
    "I work @home today.",
    "och\\eller, and\\or",
    "Kontot är låst, konto saknas.",
    "The display name is truncated. Display name: Worklist.",
    "It can handle jpeg2000 and hl7 messages.",
    "The log shows that the macaddress changed.",
]

LINKS = {
    "a profile": "Profil: ⟦linkedin.com/in/rodrigo-sepulveda⟧",
    "a profile with its scheme": "Se ⟦https://www.linkedin.com/in/karl-erik-wallin⟧ om ni vill.",
    "a page on a social network": "See ⟦facebook.com/anna.berg⟧.",
    "a home page": "See ⟦www.norrvik.se/~anna⟧ please.",
    "a member of the staff": "Den ligger på ⟦https://www.norrvik.se/medarbetare/gunilla-ostman⟧.",
    "a contact": "Se ⟦https://www.fjallvik.se/kontakt/rakel-hjortsberg⟧, där står numret.",
    "a name in the path": "Läs ⟦https://norrvik.se/blogg/monica-frisk/pacs-bytet⟧ nu.",
    "a query": "See ⟦https://norrvik.se/people?id=7&x=y⟧ please.",
    "an examination in a query": "It was ⟦http://pacs01/viewer?accession=12345⟧ again.",
    "a name in the host": "My tips are on ⟦www.radgeek-hannah.example/blog⟧ now.",
    "in brackets": "See (⟦https://norrvik.se/staff/anna-berg⟧).",
}


@pytest.mark.parametrize("text", LINKS.values(), ids=LINKS.keys())
def test_a_link_that_may_lead_to_a_person_is_taken_out(text):
    check("URL", text)


NO_LINKS = [
    "See www.sectra.com or https://sectra.com/support for it.",
    "Kunskapsbanken (https://kb.norrvik.se/artiklar/hp-4471) är föråldrad.",
    "The manual at https://docs.sectra.com/en/ids7/24.1/release-notes.html is old.",
    "Use and/or, e.g./i.e., 24/7, TCP/IP, in/out.",
    "Vi läste om det på sectra.com i går.",
    "See https://sectra.com/medical/products/pacs/ for news.",
    "The clinic is at www.st-anna.example and www.eye-clinic.example.",
]

HOSTS = {
    "beside a version of the same number": "We run version 10.2.1; the client is ⟦10.44.1.7⟧ at my desk.",
    "private": "Datorn (⟦10.22.7.131⟧) kraschar.",
    "of a server": "Server ⟦192.168.10.20⟧ is down.",
    "public": "It came from ⟦198.51.100.19⟧ again.",
    "with its word": "IP ⟦24.1.0.12⟧ is down.",
    "with a port": "Use ⟦10.0.12.8⟧:104 for it.",
    "of version six": "It was ⟦2001:db8::1⟧ again.",
    "of version six, local": "It was ⟦fe80::1ff:fe23:4567:890a⟧ again.",
}


@pytest.mark.parametrize("text", HOSTS.values(), ids=HOSTS.keys())
def test_an_address_on_the_net_is_taken_out(text):
    check("IP_ADDRESS", text)


NO_HOSTS = [
    "Buggen i 7.0.3.112 är känd men ändå inte åtgärdad.",
    "We run version 10.2.3.4 and build 24.1.0.123.",
    "Efter uppgraderingen till 23.2.1.4 försvann allt.",
    "The server was updated to 24.2.10.5 last week.",
    "It took 10:30:45 and 00:12:13:14.",
    "The address 300.1.2.3 does not exist.",
    "std::vector and a::b are code.",
    "Vi kör 24.1.0.12 i test.",
    "MAC 00:1B:44:11:3A:B7 is not in the list.",
]

OTHER = [
    "IDS7 24.1 crashes when I open a study from the archive.",
    "I rate it 9 of 10, it was 7 in 2024.",
    "Ticket 123456 is still open, and so is #4711.",
    "DICOM worklist timeout var femte minut, AE-title PACS_AE01 på port 104.",
    "Frisk luft i serverrummet hade varit bra, det är 31 grader i rum B2-117.",
    "Server SRV-PACS-07 startade om 14 gånger i januari.",
    "Skärmarna MX317W och GX560 kalibreras mot olika kurvor.",
    "85 % av våra radiologer är nöjda enligt egen enkät, n=47.",
    "Svarstiden har gått från 4,5 timmar till 45 minuter.",
    "The area is 2^10 and x^2, kul ^^ :) (((",
    "Datorn 'RTG-WS-114' startar om.",
    "Kostar 12 500 kr om året, 349 000 kr för tillägget.",
    "Thank you <PERSON_1>, <PHONE> and <NATIONAL_ID> of <USERNAME>: nothing.",
    "👍",
    "",
]


@pytest.mark.parametrize(
    "text",
    [
        *NO_EMAILS, *NO_PHONES, *NO_NATIONAL_IDS, *NO_PATIENTS, *NO_ACCOUNTS, *NO_ADDRESSES, *NO_BIRTHS,
        *NO_USERS, *NO_LINKS, *NO_HOSTS, *OTHER,
    ],
)  # fmt: skip
def test_what_is_about_nobody_stays(text):
    assert redacted(text) == text


TOLD = (EMAILS, PATIENTS, USERS, LINKS, HOSTS, BIRTHS)
SNIPPETS = [
    *(text.replace("⟦", "").replace("⟧", "") for kind in TOLD for text in kind.values()),
    *PHONES.values(), *NATIONAL_IDS.values(), *CARDS.values(), *ADDRESSES.values(), *NO_PHONES[:8],
    "user", "pnr", "Box", "tel", "född", "<PERSON_1>", "<NATIONAL_ID>", "12", "version", "@", "a.b",
]  # fmt: skip
BETWEEN = [" ", ", ", "\n", ": ", " (", "/", "-", ""]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(SNIPPETS), st.sampled_from(BETWEEN)), max_size=6))
def test_what_is_found_lies_in_the_text_outside_placeholders_and_nothing_is_left_to_find(parts):
    text = "".join(part + between for part, between in parts)
    placeholders = Reading(text).placeholders
    last = 0
    for start, end, _ in found(text):
        assert last <= start < end <= len(text)
        assert all(end <= opening or start >= closing for opening, closing in placeholders)
        last = end
    once = redacted(text)
    assert redacted(once) == once
