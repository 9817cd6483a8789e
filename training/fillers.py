"""What stands in made lines besides names: products, departments, places, dates; none of it a person."""

import random
from collections.abc import Callable, Mapping

_PRODUCTS = """
    Sectra PACS|Sectra|IDS7|IDS 7|ids7|Workstation|Sectra Workstation|OneCloud|Sectra One Cloud|
    One Cloud|UniView|RIS|Sectra RIS|PACS|VNA|Sectra VNA|Cosmic|TakeCare|Melior|Epic|Cerner|
    Meditech|Allscripts|Windows|Windows 10|Windows 11|Citrix|Outlook|Teams|Excel|Office 365|
    Chrome|Edge|Firefox|Safari|iPad|iPhone|Android|Mac|Linux|VPN|HL7|DICOM|FHIR|Syngo|
    Carestream Vue|Vue|IntelliSpace|Centricity|Visage|Impax|Agfa Impax|Powerscribe|
    PowerScribe 360|Dragon|Nuance|Mirth|Millennium|Breast Imaging|Orthopaedic Package|
    Ortho Toolbox|Pathology|Digital Pathology|Cardiology|Mammo|Ophthalmology|Image Exchange|
    Image Exchange Portal|Education Portal|Customer Portal|Sectra Forum|Insight|Business Analytics|
    Dose Monitoring|DoseTrack|Service Desk|ServiceNow|Jira|Zendesk|Remedy|Active Directory|
    SQL Server|Oracle|VMware|Nutanix|Azure|AWS|Word|Zoom|TeraRecon|Aquarius|Mirada|Osirix|
    Horos|Vitrea|Clinapps|Clinical Viewer|Web Client|Archive|Broker|WISE|Crosscare|Obstetrix|
    Elvis|Treserva|ROS|Xero|XERO Viewer|Exact|Kaiku|Mosaiq|Aria|Eclipse|Monaco|Raystation|
    Pascal|Python|Siri|Alexa|Cortana|Copilot|Watson|Bixby|Jenkins|Einstein|Merlin|
    Athena|Apollo|Luna|Iris|Rosetta|Hermes|
    Artemis|Orion|Helios|Nova|Phoenix|Titan|Aurora|Galaxy|Freja|Freja eID|Siebel|
    Tableau|Eira"""

#: Those that the answers are about come far more often than any other.
_OFTEN = {
    "product": "Sectra|PACS|IDS7|Workstation|OneCloud|Epic|Cosmic|TakeCare|Windows|RIS|VNA|Citrix|Teams",
    "vendor": "Sectra|Siemens|GE|Philips|Agfa|Epic|Cerner|Microsoft|Fuji|Carestream",
}
_SHARE_OFTEN = 0.4

_VENDORS = """
    Sectra|Siemens|Siemens Healthineers|GE|GE Healthcare|Philips|Agfa|Fuji|Fujifilm|Canon|
    Carestream|Change Healthcare|McKesson|Visage|Intelerad|Infinitt|Hologic|Barco|Eizo|Dell|
    HP|Lenovo|Microsoft|Apple|Google|Oracle|IBM|Cisco|CGI|Tieto|Tietoevry|Atea|Cambio|
    CompuGroup|Cerner|Epic Systems|Nuance|Varian|Elekta|Brainlab|Aidoc|Contextflow|Annalise|
    Lunit|Screenpoint|Medtronic|Zimmer|Stryker|Smith & Nephew|Johnson & Johnson|Roche|Leica|
    Hamamatsu|3DHistech|Zeiss|Samsung|Hitachi|Toshiba|Esaote|Mindray|Bayer|Bracco|Guerbet|
    Telia|Telenor|Evry|Inera|Capio|Aleris|Unilabs|Affidea|Telemedicine Clinic|Evidia|
    Accenture|Deloitte|Merge|Ziehm|Planmeca|Novarad|Ramsoft|Konica Minolta|Shimadzu|Ericsson|
    Volvo|Saab|SAP"""

_PLACES = """
    Linköping|Stockholm|Göteborg|Malmö|Lund|Uppsala|Umeå|Örebro|Västerås|Norrköping|Jönköping|
    Kalmar|Karlstad|Falun|Gävle|Sundsvall|Östersund|Luleå|Skövde|Borås|Halmstad|Växjö|Visby|
    Eskilstuna|Nyköping|Södertälje|Solna|Huddinge|Kristianstad|Helsingborg|Ystad|Motala|
    Värnamo|Region Skåne|Region Östergötland|Region Stockholm|Västra Götaland|Norrbotten|
    Region Halland|Region Kronoberg|Region Dalarna|Skåne|Småland|Gotland|Dalarna|Värmland|Oslo|
    Bergen|Trondheim|Stavanger|Tromsø|Bodø|Drammen|Ålesund|Helse Vest|Helse Sør-Øst|Helse Nord|
    Kristiansand|København|Copenhagen|Aarhus|Odense|Aalborg|Esbjerg|Roskilde|Herlev|Vejle|
    Kolding|Horsens|Region Midtjylland|Region Syddanmark|Helsinki|Helsingfors|Turku|Tampere|
    Oulu|London|Leeds|Manchester|Bristol|Oxford|Cambridge|Glasgow|Edinburgh|Cardiff|Belfast|
    Dublin|Birmingham|Nottingham|Leicester|Norwich|Kent|Devon|Boston|Chicago|Houston|Dallas|
    Denver|Atlanta|Seattle|Phoenix|Austin|Charlotte|Madison|Jackson|Lincoln|Florence|Victoria|
    Sydney|Adelaide|Melbourne|Perth|Toronto|Ottawa|Calgary|Amsterdam|Utrecht|Rotterdam|
    Eindhoven|Berlin|Hamburg|Munich|Vienna|Zurich|Geneva|Paris|Brussels|Antwerp|Lisbon|
    Madrid|Rome|Milan|Warsaw|Sverige|Norge|Danmark|Finland|Sweden|Norway|Denmark|England|
    Scotland|Wales|Ireland|Ohio|Texas|Georgia|Virginia|Carolina|Washington|Maine|Florida|
    Europe|Norden|UK|US|USA|EU"""

_HOSPITALS = """
    Karolinska|Karolinska universitetssjukhuset|Sahlgrenska|Akademiska|Akademiska sjukhuset|SUS|
    NUS|US Linköping|Danderyd|Danderyds sjukhus|Södersjukhuset|Sankt Görans sjukhus|S:t Göran|
    Capio S:t Göran|Ryhov|Vrinnevisjukhuset|Östra sjukhuset|Mölndals sjukhus|Skaraborgs sjukhus|
    Mälarsjukhuset|Centrallasarettet|Universitetssjukhuset|Sophiahemmet|Huddinge sjukhus|
    Ersta sjukhus|Rikshospitalet|Ullevål|Haukeland|St. Olavs hospital|Ahus|Radiumhospitalet|
    Sørlandet sykehus|Sykehuset Innlandet|Diakonhjemmet|Lovisenberg|Bispebjerg|Hvidovre Hospital|
    Herlev Hospital|Skejby|Sygehus Lillebælt|Odense Universitetshospital|Mercy Hospital|St Mary's|
    St. Mary's Hospital|St Thomas'|Guy's|Guy's and St Thomas'|King's College Hospital|Mount Sinai|
    Mayo Clinic|Cleveland Clinic|Johns Hopkins|Massachusetts General|Mass General|Addenbrooke's|
    John Radcliffe|Royal Free|Royal Marsden|Great Ormond Street|St George's|St James's|
    Queen Elizabeth Hospital|Princess Alexandra Hospital|Prince Charles Hospital|Alfred Hospital|
    Victoria Hospital|Rambam|Charité|Erasmus MC|Maastricht UMC|Radboud|Isala|Henry Ford|Kaiser|
    Kaiser Permanente|Sutter Health|Baylor|Dana-Farber|Ascension|Providence|Sharp|Wellspan|
    Geisinger|Vanderbilt|Emory|Duke|Stanford|NHS|NHS Trust|Northwell|Barts|Barts Health|
    Christie|The Christie|Frimley|Kaiser South|Lister Hospital|James Paget|Hillerød|Bethanien"""

_DEPARTMENTS: Mapping[str, str] = {
    "sv": """
        röntgen|radiologi|radiologen|klinisk fysiologi|fysiologen|mammografin|bröstcentrum|
        ortopeden|akuten|patologen|klinisk patologi|nuklearmedicin|barnröntgen|neuroradiologen|
        kardiologen|kirurgen|IT-avdelningen|IT|inköp|förvaltningen|supporten|kundtjänst|
        servicedesk|helpdesk|kliniken|MR|CT|datortomografi|ultraljud|onkologen|strålbehandling|
        urologen|intensiven|IVA|BUP|MIT|medicinsk teknik|mottagningen|operation|vårdcentralen|
        thorax|odontologisk radiologi|labbet""",
    "nb": """
        røntgen|radiologi|radiologisk avdeling|nukleærmedisin|patologi|ortopedi|akuttmottaket|
        mammografi|IT|IKT|IT-avdelingen|support|kundesenteret|kardiologi|kirurgisk avdeling|MR|
        CT|ultralyd|onkologi|stråleterapi|poliklinikken|innkjøp|intensiv|medisinsk teknologi|
        barneradiologi|laboratoriet|servicedesk|helpdesk|bildediagnostikk""",
    "da": """
        røntgen|radiologi|radiologisk afdeling|billeddiagnostisk afdeling|nuklearmedicin|patologi|
        ortopædkirurgisk|akutmodtagelsen|mammografi|IT|IT-afdelingen|support|kundeservice|
        kardiologisk|kirurgisk afdeling|MR|CT|ultralyd|onkologisk|stråleterapi|ambulatoriet|
        indkøb|intensiv|medicoteknik|servicedesk|helpdesk|skadestuen|børneafdelingen""",
    "en": """
        radiology|Radiology|cardiology|the breast clinic|mammography|orthopaedics|pathology|
        nuclear medicine|A&E|the ED|emergency|IT|the IT department|procurement|finance|support|
        customer service|helpdesk|service desk|MRI|CT|ultrasound|oncology|radiotherapy|theatre|
        ICU|the ward|outpatients|clinical physics|medical physics|paediatrics|neuroradiology|
        dental|surgery|the reading room|the back office|clinical engineering|Medical Imaging|
        Imaging|the PACS team|X-ray""",
}

_DAYS: Mapping[str, str] = {
    "sv": "måndag|tisdag|onsdag|torsdag|fredag|lördag|söndag|måndags|tisdags|fredags",
    "nb": "mandag|tirsdag|onsdag|torsdag|fredag|lørdag|søndag",
    "da": "mandag|tirsdag|onsdag|torsdag|fredag|lørdag|søndag",
    "en": "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Mondays|Fridays|Mon|Tues|Fri",
}

_MONTHS: Mapping[str, str] = {
    "sv": """
        januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december|
        våras|höstas|somras|påsk|jul""",
    "nb": """
        januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember|
        påske|jul|høst|vår""",
    "da": """
        januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december|
        påske|jul|efteråret""",
    "en": """
        January|February|March|April|May|June|July|August|September|October|November|December|
        Jan|Aug|Easter|Christmas|spring""",
}

_FEATURES: Mapping[str, str] = {
    "sv": """
        arbetslistan|arbetslistor|hängningsprotokollen|hängningarna|sökfunktionen|uppgraderingen|
        inloggningen|bildvisningen|mätverktygen|diktafonen|taligenkänningen|svarsmallarna|
        rapporterna|statistiken|remisshanteringen|bokningen|arkivet|utskriften|exporten|
        integrationen|licenserna|fakturan|avtalet|utbildningen|kursen|dokumentationen|manualen|
        prestandan|hastigheten|långsamheten|driftstoppen|snabbkommandona|3D-visningen|
        jämförelsebilderna|skärmarna|användargränssnittet|fjärråtkomsten|granskningen|
        demonstrationen|ronden|MDK|prioriteringen|notiserna|versionen|servern|nätverket|priset""",
    "nb": """
        arbeidslisten|arbeidslistene|hengeprotokollene|søket|oppgraderingen|påloggingen|
        bildevisningen|måleverktøyene|talegjenkjenningen|svarmalene|rapportene|statistikken|
        henvisningene|arkivet|eksporten|integrasjonen|lisensene|fakturaen|avtalen|opplæringen|
        kurset|dokumentasjonen|ytelsen|hastigheten|nedetiden|hurtigtastene|brukergrensesnittet|
        fjerntilgangen|demonstrasjonen|prioriteringen|varslene|versjonen|serveren|nettverket|prisen""",
    "da": """
        arbejdslisten|arbejdslisterne|hængningerne|søgningen|opgraderingen|login|billedvisningen|
        måleværktøjerne|talegenkendelsen|svarskabelonerne|rapporterne|statistikken|henvisningerne|
        arkivet|eksporten|integrationen|licenserne|fakturaen|aftalen|undervisningen|kurset|
        dokumentationen|ydeevnen|hastigheden|nedetiden|genvejstasterne|brugerfladen|fjernadgangen|
        konferencen|prioriteringen|beskederne|versionen|serveren|netværket|prisen""",
    "en": """
        the worklist|worklists|hanging protocols|the search|the upgrade|login|image display|
        the measuring tools|dictation|voice recognition|report templates|reporting|the statistics|
        referrals|the archive|printing|export|the integration|licences|the invoice|invoicing|
        the contract|training|the course|documentation|the manual|performance|speed|downtime|
        shortcuts|3D viewing|priors|the monitors|the user interface|remote access|MDT meetings|
        notifications|the new version|the server|the network|pricing|the bill|the ticket system|
        image sharing|the web viewer|mobile access|annotations""",
}

#: Who may stand where a name does, and is none.
_SOMEONE: Mapping[str, str] = {
    "sv": """
        hon|han|hen|de|vi|jag|ni|alla|ingen|någon|man|teknikern|supporten|kundtjänst|er tekniker|en kollega|
        kollegan|min chef|säljaren|projektledaren|personalen|utbildaren|killen i supporten|tjejen i telefon|
        leverantören|installatören|systemet|läkarna|sköterskorna|radiologerna|sekreteraren|gruppen|teamet|
        hela gänget|IT|ledningen|folk|den nya|konsulten|överläkaren|patienten|användarna|helpdesk|företaget|
        avdelningen|kliniken|regionen|servern|uppdateringen|er personal|alla på {dept}|{dept}""",
    "nb": """
        hun|han|de|vi|jeg|dere|alle|ingen|noen|man|teknikeren|supporten|kundesenteret|en kollega|kollegaen|
        sjefen min|selgeren|prosjektlederen|de ansatte|kursholderen|fyren på support|dama på telefonen|
        leverandøren|systemet|legene|sykepleierne|radiologene|sekretæren|gruppen|teamet|hele gjengen|IT|
        ledelsen|folk|den nye|konsulenten|overlegen|pasienten|brukerne|helpdesk|firmaet|avdelingen|serveren|
        alle på {dept}|{dept}""",
    "da": """
        hun|han|de|vi|jeg|I|alle|ingen|nogen|man|teknikeren|supporten|kundeservice|en kollega|kollegaen|
        min chef|sælgeren|projektlederen|personalet|underviseren|fyren i supporten|damen i telefonen|
        leverandøren|systemet|lægerne|sygeplejerskerne|radiologerne|sekretæren|gruppen|teamet|hele holdet|IT|
        ledelsen|folk|den nye|konsulenten|overlægen|patienten|brugerne|helpdesk|firmaet|afdelingen|serveren|
        alle på {dept}|{dept}""",
    "en": """
        she|he|they|we|I|you|everyone|nobody|somebody|the engineer|support|customer service|your technician|
        a colleague|my boss|the sales rep|the project manager|staff|the trainer|the guy in support|
        the lady on the phone|the vendor|the installer|the system|doctors|nurses|radiologists|the secretary|
        the group|the team|the whole gang|IT|management|people|the new one|the consultant|the patient|users|
        helpdesk|the company|the department|the trust|the server|the update|your staff|everyone in {dept}|
        {dept}|our team|all of you|your people|the registrar|clinicians""",
}

_PATTERNS: Mapping[str, tuple[str, ...]] = {
    "version": (
        "{a}.{b}",
        "v{a}.{b}",
        "{a}.{b}.{c}",
        "{y}.1",
        "{y}-{b}",
        "R{a}",
        "version {a}",
        "SP{b}",
        "{a}.{b}.{n}",
    ),
    "ticket": (
        "#{n}",
        "SR-{n}",
        "INC{n}",
        "{n}",
        "CASE-{n}",
        "CS{n}",
        "REQ-{n}",
        "T{n}",
        "nr {n}",
        "SUP-{n}",
    ),
    "num": ("{a}", "{b}", "{n}", "{a}0", "100", "{a}5"),
}


def filler(language: str, kind: str, rng: random.Random) -> str:
    """One of the things that a slot of a pattern may hold."""
    return _FILLERS[kind.lower()](language, rng)


def _about(kind: str, words: str) -> Callable[[str, random.Random], str]:
    often, others = _options(_OFTEN[kind]), _options(words)
    return lambda language, rng: rng.choice(often if rng.random() < _SHARE_OFTEN else others)


def _shared(words: str) -> Callable[[str, random.Random], str]:
    options = _options(words)
    return lambda language, rng: rng.choice(options)


def _by_language(words: Mapping[str, str]) -> Callable[[str, random.Random], str]:
    options = {language: _options(text) for language, text in words.items()}
    return lambda language, rng: rng.choice(options[language])


def _options(words: str) -> list[str]:
    return [" ".join(word.split()) for word in words.split("|")]


def _someone(language: str, rng: random.Random) -> str:
    someone = rng.choice(_options(_SOMEONE[language]))
    return someone.replace("{dept}", filler(language, "dept", rng))


def _numbered(kind: str) -> Callable[[str, random.Random], str]:
    def make(language: str, rng: random.Random) -> str:
        low, high = rng.randrange(1, 30), rng.randrange(0, 10)
        numbers = {"a": low, "b": high, "c": rng.randrange(20), "y": rng.randrange(2012, 2027)}
        return rng.choice(_PATTERNS[kind]).format(n=rng.randrange(1000, 9999999), **numbers)

    return make


_FILLERS: Mapping[str, Callable[[str, random.Random], str]] = {
    "product": _about("product", _PRODUCTS),
    "vendor": _about("vendor", _VENDORS),
    "place": _shared(_PLACES),
    "hospital": _shared(_HOSPITALS),
    "dept": _by_language(_DEPARTMENTS),
    "day": _by_language(_DAYS),
    "month": _by_language(_MONTHS),
    "feature": _by_language(_FEATURES),
    "someone": _someone,
    **{kind: _numbered(kind) for kind in _PATTERNS},
}
