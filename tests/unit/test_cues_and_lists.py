"""People are found by what stands before their names and by lists; what is named after people stays."""

import pytest

from pseudonymize.redaction.lists import listed_names, words
from tests.support.redacting import readable, redact, redacted

# ⟦…⟧ marks what must go; everything else must stay.
CUES = {
    "a greeting": "Hej ⟦Lasse⟧, tack för hjälpen i går.",
    "an English greeting": "Dear ⟦Margaret⟧, thank you for the quick help.",
    "a greeting over a line": "Hi ⟦Tom⟧,\nthe viewer is fast.",
    "a greeting of two": "Hej ⟦Lasse⟧ och ⟦Gunilla⟧, tack för hjälpen i går.",
    "a signature after a slash": "Visaren är snabb och bra.\n/⟦Lasse⟧",
    "a signature after two slashes": "Visaren är snabb och bra. //⟦Kickan⟧",
    "a signature after a hyphen": "Visaren är snabb och bra.\n- ⟦Lasse⟧",
    "a signature": "Visaren är snabb och bra.\nMvh\n⟦Karin Lund⟧",
    "a signature in one line": "Visaren är bra. Med vänlig hälsning ⟦Gunilla Ek⟧",
    "a signature in small letters": "visaren är snabb och bra\nmvh ⟦stina lundqvist⟧",
    "an English signature": "The viewer is fast and stable.\nBest,\n⟦Tom⟧",
    "an English signature in one line": "The viewer is fine. Kind regards, ⟦Siobhan⟧",
    "an ordinary word as a signature": "The viewer is fast.\nRegards,\n⟦Will⟧",
    "an ordinary Swedish word as a signature": "Visaren är snabb och bra.\nVänligen,\n⟦Sten Berg⟧",
    "a signature with the place of work": "The viewer is fine.\nBest regards\n\n⟦Tom Baker⟧\nRadiology",
    "a rare name as a signature": "The viewer is fast and stable.\nThanks,\n⟦Xanthippe⟧",
    "a title": "We like that Dr. ⟦Patel⟧ was on site.",
    "an English title": "The archive was fixed by Mr. ⟦Henderson⟧ in a day.",
    "a Swedish title": "Överläkare ⟦Nyström⟧ är nöjd med visaren.",
    "a title of a nurse": "Syster ⟦Gunvor⟧ hjälpte till med visaren.",
    "an introduction": "Jag heter ⟦Gunilla⟧ och arbetar på röntgen.",
    "an introduction in small letters": "jag heter ⟦gunilla⟧ och arbetar på röntgen.",
    "an English introduction": "My name is ⟦Xanthippe⟧ and I work in radiology.",
    "an English introduction in small letters": "my name is ⟦farouk⟧ and i work in radiology",
    "a mention": "Thanks to ⟦Priya⟧ for the quick fix of the archive.",
    "a mention in small letters": "We spoke with ⟦dave⟧ in support who was great.",
    "a Swedish mention": "Fråga efter ⟦Bosse Karlsson⟧ på lagret.",
    "a Swedish mention in small letters": "Stort tack till ⟦pelle⟧ på supporten för all hjälp.",
    "a signature in small letters of what is also a word": "visaren är snabb\nmvh ⟦linda lundqvist⟧",
    "a mention in small letters of what is also a word": "Tack till ⟦linda karlsson⟧ på supporten.",
    "a question to what is also a word": "We asked ⟦jack⟧ why it fails.",
    "a mention of an ordinary word in small letters": "We spoke to ⟦rich⟧ about the price.",
    "a rank": "The bridge was shown to Lt ⟦Vestergaard⟧ in person.",
    "initials that do something": "⟦J.P.⟧ sorted the worklist for us in a day.",
    "Swedish initials": "Enligt ⟦A-L K⟧ på patologen är färgerna sämre.",
    "two letters": "The ticket was taken by ⟦Jo⟧ and closed the same day.",
    "attention": "Fax it, attention ⟦Blodwen⟧ please.",
}  # fmt: skip

LISTS = {
    "an initial": "Vi fick hjälp av ⟦A. Berg⟧ på supporten.",
    "two initials": "We were helped by ⟦J. K. Petersson⟧ at the desk.",
    "two initials in one piece": "Vi fick hjälp av ⟦A.B. Lindström⟧ på supporten.",
    "a middle initial": "We were helped by ⟦John K. Peterson⟧ at the desk.",
    "double given names": "⟦Ann-Marie⟧ och ⟦Lars-Göran⟧ hjälpte oss hela dagen.",
    "a double surname": "⟦Anna-Karin Svensson-Lindh⟧ var här och hjälpte oss.",
    "a noble particle": "Tack till ⟦Carl-Johan af Ugglas⟧ för hjälpen med visaren.",
    "a noble name alone": "Båda var nöjda, sade ⟦von Platen⟧ om visaren.",
    "a Dutch particle": "The system was installed by ⟦Ludwig van der Berg⟧ in May.",
    "a Spanish particle": "⟦Maria de la Cruz⟧ helped us with the upgrade.",
    "an Arabic particle": "⟦Mohammed Al-Hassan⟧ tränade oss på systemet.",
    "an Irish surname": "The worklist was fixed by ⟦Patrick O'Brien⟧ in a day.",
    "an Irish surname alone": "⟦O'Brien⟧ fixed the worklist for us in a day.",
    "a Scottish surname": "It was ⟦Fiona MacDonald⟧ who fixed the worklist.",
    "a genitive": "⟦Karin Lundgrens⟧ hjälp med visaren var bra.",
    "an English genitive": "We like ⟦Karin Lundgren's⟧ help with the viewer.",
    "three people": "We met ⟦Karin⟧, ⟦Tom Baker⟧ and ⟦Fiona⟧ at the site.",
    "somebody who assists": "⟦Amanda⟧, our assistant, helped us.",
    "a given name in small letters": "Det är ⟦gunilla⟧ som kan visaren bäst här.",
    "a name in capitals": "WE TALKED TO ⟦KARIN LUNDGREN⟧ ABOUT THE VIEWER.",
    "four words": "We met ⟦Maria del Carmen Lopez⟧ at the site.",
    "a surname alone": "Det var ⟦Lindqvist⟧ som löste det åt oss.",
    "a rare given name with a surname": "We met ⟦Tuva-Lisa Hägglund⟧ at the site.",
    "a Danish letter": "Vi mødte ⟦Søren Kjærgaard⟧ og talte om systemet hele dagen.",
}


def marked(text: str) -> tuple[str, str]:
    """The text without its marks, and what shall be readable of it."""
    pieces = text.replace("⟧", "⟦").split("⟦")
    return "".join(pieces), " ".join(pieces[::2])


@pytest.mark.parametrize("text", [*CUES.values(), *LISTS.values()], ids=[*CUES, *LISTS])
def test_a_person_is_taken_out_and_the_words_around_stay(text):
    whole, around = marked(text)
    found = redact(whole)
    assert readable(found.text) == readable(around)
    assert found.removed == {"PERSON": text.count("⟦")}


TOO_MUCH = {
    "a short greeting": "Hej ⟦Lasse⟧, tack",
    "a short signature": "Mvh ⟦Lasse⟧",
    "a given name in small letters": "det var ⟦lasse⟧ som ringde i morse",
    "at the beginning, in small letters": "⟦lasse⟧ fixade det fort",
    "a pronoun": "Mitt nummer är hemligt, men visaren är bra.",
    "an adverb": "Sen ringde vi supporten igen.",
    "a preposition": "In June and in August we had no support, but May was fine.",
    "a verb": "Det var ⟦anna⟧ som ville ha det så.",
}


@pytest.mark.parametrize("text", TOO_MUCH.values(), ids=TOO_MUCH.keys())
def test_an_ordinary_word_beside_a_name_stays(text):
    whole, around = marked(text)
    assert readable(redacted(whole)) == readable(around)


STAYS = {
    "an assistant that is nobody": "Stella, the virtual assistant, is slow.",
    "a hospital": "Remisser från Astrid Lindgrens barnsjukhus kommer sent.",
    "a saint": "Vi arbetar på S:t Göran och gillar visaren.",
    "a saint's hospital": "S:t Görans sjukhus har bra support.",
    "an eye hospital": "Vi bor nära Sankt Eriks ögonsjukhus.",
    "an English saint": "St Mary's Hospital likes the viewer.",
    "a queen": "Queen Elizabeth Hospital likes the viewer.",
    "a Swedish queen": "Drottning Silvias barnsjukhus är nöjda med visaren.",
    "a mountain": "Mount Sinai uses the viewer as well.",
    "a university": "We work at Johns Hopkins and like the viewer.",
    "a home": "Sophiahemmet använder en äldre version av visaren.",
    "a ward": "Victoria ward has a slow workstation.",
    "a wing": "The Florence Nightingale wing has a slow workstation.",
    "a disease": "Patients with Wilson's disease need the slow sequence.",
    "another disease": "Parkinson's disease protocols are missing.",
    "a Swedish disease": "Crohns sjukdom syns bra i visaren.",
    "patients with a disease": "Alzheimer patients move a lot during the scan.",
    "an organ's disease": "Barrett's oesophagus cases are slow to load.",
    "a fracture": "Colles' fracture images are fine in the viewer.",
    "a score": "The Gleason score is hard to enter in the form.",
    "a scale": "The Epworth scale form is missing.",
    "a unit": "Vi vill ha Hounsfield-mätning i visaren.",
    "a method": "Doppler images look grainy on this screen.",
    "products": "IDS7 is fast, and UniView is faster.",
    "makers": "We use Visage and Sectra side by side.",
    "more products": "Microsoft Teams and Dragon work well with it.",
    "products in Swedish": "Vi använder Sectra IDS7 tillsammans med Cosmic och Melior.",
    "hospitals": "Sahlgrenska och Karolinska har samma version.",
    "places": "We work in Linköping, Uppsala and Lund.",
    "a place alone": "Röntgen i Lund har det bra.",
    "English places": "The sites in Manchester, Leeds and London share one archive.",
    "weekdays": "On Monday and in April the system was slow.",
    "Swedish weekdays": "I måndags och i april var systemet segt.",
    "months that are names": "We had no support in June and in August, but May was fine.",
    "departments": "Mammografin och Patologin delar arkiv sedan i våras.",
    "a text in capitals": "VISAREN ÄR SNABB OCH SUPPORTEN ÄR BRA.",
    "an English text in capitals": "THE VIEWER IS FAST AND THE SUPPORT IS GOOD.",
    "a heading": "Support: Very Good. Viewer: Fast. Archive: Slow.",
    "greetings of nobody": "Hej, tack för hjälpen i går. Mvh",
    "thanks to nobody": "Thank you for the quick help. Best regards",
    "greetings of all": "Hi all, the viewer is fast. Thanks team",
    "towns that are surnames": "The slow link is the one between Preston and Lancaster.",
    "a town with others": "The van goes to Leeds, Chester and Warrington.",
    "a firm by its form": "Harvey Ltd sells the same screens.",
    "a company": "Baxter and Roche have a better portal.",
    "a company of two names": "Hewlett Packard took the server back in two days.",
    "a server": "Our archive servers (Zeus, Hera) need more memory.",
    "a chatbot": "Stella, the chatbot in the portal, knows nothing.",
    "a verb": "Lance the boil and replace the archive.",
    "an article": "The Watson was late.",
    "a type of message": "The ORU^R01 mapping is well documented.",
    "a foreign noun": "The Fachabteilung was content.",
    "small letters": "The headset jack came loose again.",
}


@pytest.mark.parametrize("text", STAYS.values(), ids=STAYS.keys())
def test_what_is_named_after_people_or_only_looks_like_them_stays(text):
    found = redact(text)
    assert (found.text, found.removed) == (text, {})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Astrid Lindgren på supporten hjälpte oss.", "<PERSON_1> på supporten hjälpte oss."),
        ("We met Elizabeth Wilson at the site.", "We met <PERSON_1> at the site."),
        ("It was Victoria who fixed the archive.", "It was <PERSON_1> who fixed the archive."),
        ("Preston rang back about the ticket.", "<PERSON_1> rang back about the ticket."),
        ("May said that it would be in June.", "<PERSON_1> said that it would be in June."),
        ("Jack rang and sorted it.", "<PERSON_1> rang and sorted it."),
    ],
)
def test_the_same_names_are_taken_out_where_people_bear_them(text, expected):
    assert redacted(text) == expected


TOWNS_AND_FIRMS = [
    "Please send it to Charlotte.",
    "The case went between Charlotte and Brandon.",
    "Skicka den till Sofia, tack.",
    "After they restarted the server, Gunilla logged in again.",
    "Gunilla, our portal manager, was away.",
    "Ask the Karin who sits by the window.",
    "Tell the Svenssons that it works.",
    "The Johansson child was scanned twice.",
    "Siri ringde upp mig snabbt.",
    "Dr Baxter called me back.",
    "Det var Karin, Uppsala som ringde.",
    "Det var Sofia, Umeå som ringde.",
    "Det gick bra för Anna och Lund tackar.",
    "Mercedes called me back.",
    "Andréasson hjälpte mig.",
    "Bernts ärende är olöst.",
    "Rose reports that the viewer is slow.",
]


@pytest.mark.parametrize("text", TOWNS_AND_FIRMS)
def test_who_is_called_like_a_town_a_firm_or_a_thing_is_taken_out(text):
    assert redact(text).removed.get("PERSON")


def test_no_firm_on_the_list_is_called_as_people_are():
    assert not words("organisations") & listed_names()


@pytest.mark.parametrize(
    "text", ["Thanks even though it failed.", "I asked will it work.", "Ask art department about it."]
)
def test_a_word_that_is_also_a_name_stays_before_what_belongs_to_it(text):
    assert redacted(text) == text
