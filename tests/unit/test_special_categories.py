"""What an answer tells of one person's health, union, belief … is flagged; everyday talk is not."""

import re
from pathlib import Path

import pytest

from data.records import RedactedText
from governance.policy import load_policy, parse_policy
from governance.rules import SpecialRule
from pseudonymize.screen import SPECIAL, screened
from pseudonymize.special import CATEGORIES, special_categories
from pseudonymize.special_words import listed

POLICY = (Path(__file__).parents[2] / "governance" / "policies" / "sectra.yaml").read_text("utf-8")

HEALTH = [
    "Jag är sjukskriven sedan maj.",
    "Jag är sjuk.",
    "Nu är jag gravid igen och byter jobb.",
    "<PERSON_1> är sjukskriven för utbrändhet.",
    "Kollegan <PERSON_1> har cancer och vi saknar henne.",
    "Min kollega är långtidssjuk.",
    "I am on sick leave until May.",
    "I'm pregnant and will be away.",
    "<PERSON_1> is off sick again.",
    "My colleague was diagnosed with breast cancer.",
    "I was treated for cancer last year.",
    "Due to illness I could not answer earlier.",
    "På grund av sjukskrivning har jag inte kunnat svara.",
    "P.g.a. sjukdom svarar jag sent.",
    "Är sjukskriven sedan i våras.",
    "Har varit sjuk hela hösten.",
    "I have MS, so small icons are hard.",
    "Jag har diabetes.",
    "I am colour blind and cannot tell the lines apart.",
    "Jag är färgblind så rött och grönt ser likadant ut.",
    "Hon blev utbränd efter införandet.",
    "<PERSON_1> got burnout from this project.",
    "I had a burnout after the rollout.",
    "My wife is pregnant.",
    "Min fru har fått en hjärntumör.",
    "Jag fick diagnosen ADHD i våras.",
    "<PERSON_1> har fått en diagnos.",
    "<PERSON_1>s sjukdom har gjort att vi ligger efter.",
    "<PERSON_1>'s cancer is back.",
    "Jeg er sykmeldt.",
    "Jeg er sygemeldt med stress.",
    "Kollegan på röntgen i Lund är sjukskriven.",
    "My colleague, who is on sick leave, wrote the manual.",
    "When I was on sick leave nobody took my list.",
    "När jag var sjukskriven tog ingen min lista.",
    "Tyvärr har jag fått cancer.",
    "I suffer from depression.",
    "Jag lider av depression.",
    "He has been depressed since the spring.",
    "Jag gick in i väggen i vintras.",
    "I broke my wrist and cannot use the mouse.",
    "JAG ÄR SJUKSKRIVEN",
    "Our contact <PERSON_1> is ill.",
    "I have been ill since August.",
    "My illness makes it hard to read small text.",
    "Jag svarar sent eftersom jag varit sjuk i covid.",
    "Chefen är utbränd.",
    "<PERSON_1> har ms och ser dåligt.",
    "personnummer <NATIONAL_ID> har cancer",
    "She has cancer.",
    "Jag opererades för bröstcancer i mars.",
    "he died of cancer",
    "<PERSON_1> är på sjukhus med hjärtinfarkt.",
    "Jag är hemma med utmattningssyndrom.",
    "Jag heter <PERSON_1>, jag är blind på ena ögat och behöver större text.",
    "Min kollega <PERSON_1> gick bort i cancer i våras.",
    "Han er syk.",
    "Jag har varit borta länge på grund av utmattning och har bara använt systemet i två veckor.",
    "Vår systemförvaltare <PERSON_1> är långtidssjukskriven och ingen har tagit över.",
    "Since my stroke I only use one hand, and the shortcuts help.",
    "<PERSON_1> told me he has Parkinson's.",
    "I was in hospital for two months with pneumonia.",
    "Jag blev opererad för cancer i våras.",
    "My manager is on sick leave since June.",
    "Efter min graviditet började jag om med utbildningen.",
    "Som färgblind har jag svårt med färgskalan.",
    "As a dyslexic I find the manual hard.",
    "Jag har ADHD och alla popup-fönster stör mig.",
    "Hon är tyvärr sjuk så jag svarar åt henne.",
    "My colleague has just been diagnosed with leukaemia, so I am alone with the PACS.",
    "Jag mår psykiskt dåligt av den här arbetsmiljön.",
    "<PERSON_1> hade en hjärtinfarkt mitt under driftstarten.",
    "I have reduced hearing and cannot use phone support.",
    "Min fru fick cancer så jag har inte hunnit.",
    "Vår PACS-admin gick på mammaledighet, hon var höggravid.",
    "<PERSON_1> is recovering from surgery.",
    "Jag är reumatiker och musen gör ont.",
    "Jag är sjukpensionär på halvtid men loggar in ibland.",
    "<PERSON_1>, som är gravid, slutar i maj.",
    "I have epilepsy and the flicker is dangerous for me.",
    "Our secretary has breast cancer and will be away until spring.",
    "Tyvärr har <PERSON_1> drabbats av en stroke.",
    "Jag är borta resten av året, sjukskriven för depression.",
    "I had to leave the project when I became ill.",
    "Chefen har bipolär sjukdom och det märks.",
    "Min son har diabetes så jag fick avbryta kursen.",
    "Sorry for the late answer, I have been ill.",
    "Jag lever med en hjärntumör.",
    "<PERSON_1> slutade efter en utbrändhet.",
]
UNION = [
    "Jag har tagit upp det med facket.",
    "Jag är fackligt aktiv.",
    "<PERSON_1> är facklig representant hos oss.",
    "Our union rep <PERSON_1> has complained.",
    "I am a union member.",
    "I will raise this with the union.",
    "Som fackombud måste jag säga nej.",
    "My colleague is a shop steward.",
    "Jeg er tillitsvalgt på avdelingen.",
    "Jag är medlem i Vårdförbundet.",
    "Facket har hjälpt mig.",
    "<PERSON_1> från facket ringde.",
    "Facket på sjukhuset har via mig begärt ut loggarna.",
    "As a union representative I must object to the login tracking.",
    "Jag är skyddsombud och medlem i Vårdförbundet.",
    "<PERSON_1> is active in the trade union.",
    "Min fackliga roll gör att jag inte kan delta.",
    "Vi har skrivit till facket om <PERSON_1>.",
    "I went to my union rep about the screen time.",
]
BELIEF = [
    "Jag är muslim.",
    "Kollegan är muslim och ber på lunchen.",
    "I am a Christian.",
    "<PERSON_1> är kristen.",
    "My religion does not allow it.",
    "För mig som muslim är fredagar svåra.",
    "Jag kan inte komma av religiösa skäl.",
    "Hon är djupt religiös.",
    "I go to church on Sundays.",
    "Jag går i kyrkan på söndagar.",
    "I fast during Ramadan, so mornings are better.",
    "Jag är troende muslim och fredagsmötena krockar.",
    "<PERSON_1> is Jewish, please do not schedule on Saturdays.",
    "Vår kollega <PERSON_1> konverterade till islam.",
    "My faith does not permit that.",
    "Jag är aktiv i Pingstkyrkan.",
    "Jag är kristen och vill inte jobba söndagar.",
    "<PERSON_1> wears a hijab and the badge photo was refused.",
]
PATIENT = [
    "patienten <PERSON_1>",
    "Patient <PATIENT_ID> var borta i listan.",
    "Patienten <NATIONAL_ID> fick fel sida märkt.",
    "Bilderna på patienten <PERSON_1> försvann.",
    "Patient <PERSON_1> DOB <DATE_OF_BIRTH> has two folders, please merge",
    "A patient called <PERSON_1> turned up in the worklist.",
    "Patienten med personnummer <NATIONAL_ID> låg dubbelt i arbetslistan.",
    "A patient with personal number <NATIONAL_ID> was shown twice in the worklist.",
    "En 67-årig man med lungcancer undersöktes två gånger.",
    "A 54-year-old woman with a stroke waited an hour.",
    "Patienten avled innan bilderna kom.",
    "The patient died while the images were loading.",
    "Vår patient <PERSON_1> fick fel svar.",
    "Patienten hade en hjärntumör som ingen såg.",
    "The patient was diagnosed with lung cancer too late.",
    "<PERSON_1>, a patient, called us.",
    "patient: <PERSON_1>",
    "Patienten är född <DATE_OF_BIRTH> men visas som 124 år gammal.",
    "Pat. <PERSON_1> saknar bilder.",
    "<PERSON_1> var patient hos oss i våras.",
    "Two patients, <PATIENT_ID> and <PATIENT_ID>, share a slot.",
    "Pasienten <PERSON_1> fikk feil bilde.",
    "Bilderna för patienten <PERSON_1> låg i fel mapp.",
    "Patient <PERSON_1>, <NATIONAL_ID>, hade cancer i vänster lunga.",
    "En kvinna, 43 år, fick vänta i sex timmar med misstänkt stroke.",
    "We lost the images of a 9-year-old boy with a brain tumour.",
    "The patient, <PERSON_1>, complained to the board.",
    "Patienten avled och bilderna kom först dagen efter.",
    "A patient of ours, <PERSON_1>, found her images on the portal.",
    "Vi förväxlade patienten <PERSON_1> med hennes syster.",
    "An 81-year-old man lay on the table for an hour.",
    "Patient with MRN <PATIENT_ID> was opened in the wrong window.",
]
OTHERS = {
    "Jag är socialdemokrat.": "politics",
    "<PERSON_1> is politically active.": "politics",
    "Jag är kurd.": "origin",
    "My ethnic background matters to some people here.": "origin",
    "Jag är homosexuell.": "sexuality",
    "<PERSON_1> is gay.": "sexuality",
}
TELLS = [
    *[(text, "health") for text in HEALTH],
    *[(text, "union") for text in UNION],
    *[(text, "belief") for text in BELIEF],
    *[(text, "patient") for text in PATIENT],
    *OTHERS.items(),
]

#: Of the clinic, the product, nobody in particular, or a manner of speaking.
EVERYDAY = [
    "I use it for cancer screening every day.",
    "Cancerscreeningen går snabbare nu.",
    "I work with breast cancer screening.",
    "My patient list is slow.",
    "Min patientlista är långsam.",
    "Jag öppnar patientlistan varje morgon.",
    "Hälsa <PERSON_1> från mig.",
    "Jag jobbar på ett sjukhus i Lund.",
    "Diagnostiken är bra och jag är nöjd.",
    "I have diagnosed lung cancer with this tool.",
    "I diagnose cancer every day.",
    "Jag ställer diagnoser hela dagen.",
    "Min diagnos blev fel på grund av bildkvaliteten.",
    "My diagnosis depends on the priors.",
    "I get the diagnosis faster.",
    "I am sick of waiting for the list.",
    "I'm sick and tired of the pop-ups.",
    "Jag blir sjuk av alla klick.",
    "Det är sjukt bra.",
    "<PERSON_1> är sjukt duktig.",
    "Jag är sjuksköterska.",
    "I examine pregnant women all day.",
    "Jag undersöker gravida kvinnor.",
    "Vi har många cancerpatienter.",
    "I have cancer patients on my list.",
    "I had a stroke case yesterday.",
    "When the patient has cancer I want to see the priors.",
    "När patienten har cancer vill jag se gamla bilder.",
    "Patienten måste vänta.",
    "The patient should not wait.",
    "If I am sick my colleague takes the list.",
    "Om jag är sjuk tar kollegan listan.",
    "När jag är sjuk kan ingen logga in.",
    "The European Union has new rules for us and I like it.",
    "I need the union of two lists.",
    "It is almost a religion to <PERSON_1>.",
    "Jag är partisk men nöjd.",
    "<PERSON_1> was very patient with us.",
    "Thanks for being so patient, <PERSON_1>!",
    "The patient view is something <PERSON_1> showed us.",
    "När patienten är klar ringer jag <PERSON_1>.",
    "Jag tror på produkten.",
    "I have faith in the product.",
    "I am a firm believer in AI.",
    "my faith in you is gone",
    "Undersökning <PATIENT_ID> försvann ur arbetslistan.",
    "For accession <PATIENT_ID> the key images are gone.",
    "The server is sick.",
    "Systemet är dött.",
    "Jag har 20 ms fördröjning.",
    "I have MS Teams open all day.",
    "Hälsan i systemet är bra tycker jag.",
    "Sjukvården i regionen behöver er, säger <PERSON_1>.",
    "Sjukvårdsregionen är nöjd och jag med.",
    "<PERSON_1> i supporten är guld värd.",
    "Supporten är i världsklass, tack <PERSON_1>.",
    "Jag är nöjd.",
    "The cancer module is slow, I think.",
    "Tumör-modulen hjälper mig.",
    "I read mammograms and CT of the lung for cancer.",
    "Vi skriver sjukskrivningar i systemet.",
    "Jag skriver sjukskrivning i journalen.",
    "Health care needs this and I like it.",
    "<PERSON_1> said the screen is black.",
    "My screen is black.",
    "I have a black screen.",
    "I am agnostic about vendors.",
    "Jag sitter nära kyrkan.",
    "The hospital is next to the church, says <PERSON_1>.",
    "Jag är blind utan hängningsprotokoll.",
    "Jag flyger i blindo.",
    "I feel blind without the priors.",
    "I am on call and need speed.",
    "I had my exam list open.",
    "Jag har en patient med fraktur.",
    "Infektionskliniken vill ha bilder, säger kollegan.",
    "Our patients with cancer deserve better, I think.",
    "Depression screening is not our product, I guess.",
    "Jag blir deprimerad av gränssnittet.",
    "This makes me depressed.",
    "I get a headache from this.",
    "Jag är allergisk mot popup-fönster.",
    "I'm expecting a fix.",
    "I am dying to see the new version.",
    "The patient was happy.",
    "Faglig dyktig support, jeg er fornøyd.",
    "Jag lade den i fack två.",
    "I raised a ticket with <PERSON_1>.",
    "Pandemin var jobbig för <PERSON_1>.",
    "Jag granskar covid-bilder.",
    "I have covid images to read.",
    "Jag har tumörrond på tisdagar.",
    "I have tumour board on Tuesdays.",
    "I have a fever chart",
    "Jag är i chockfas över priset.",
    "Jag fick svar snabbt.",
    "Jag fick diagnosen på skärmen direkt.",
    "AI:n hittade en tumör åt mig.",
    "I found a tumour with it.",
    "Han visade mig hur man hittar tumörer.",
    "<PERSON_1> visade cancerprotokollet.",
    "<PERSON_1> showed me the diabetes module.",
    "Jag vänder mig till vänster skärm.",
    "I am moderately happy.",
    "I am conservative about upgrades.",
    "<PERSON_1> är bäst.",
    "I voted for this feature.",
    "A 5 year old server.",
    "Our 10 year old PACS and a man from support.",
    "I have a patient with diabetes.",
    "I must know whether a patient is diabetic.",
    "Systemet frågar mig om patienten är gravid.",
    "Jag har en tumör att mäta.",
    "<PERSON_1> diagnosed the problem in minutes.",
    "Problemet diagnostiserades av <PERSON_1>.",
    "<PERSON_1> is on the cancer team.",
    "I have prostate cancer MR every day.",
    "My union with this product is happy.",
    "Our user id: <USERNAME> has been disabled for two weeks.",
    "I get pneumonia flagged by AI.",
    "Jag jobbar som onkolog och granskar cancer hela dagarna.",
    "Supporten är sjuk snabb, jag är imponerad.",
    "Jag önskar att patienten kunde se sina egna bilder.",
    "I wish the patient could be sorted by date.",
    "Breast cancer screening in our region is done by me and two others.",
    "Jag vill kunna filtrera på diagnos i min arbetslista.",
    "My worklist shows the diagnosis too late.",
    "I love how cancer follow-up is organised, thanks <PERSON_1>.",
    "Facklitteraturen om er AI är tunn, tycker jag.",
    "Jag lär mig facktermerna efter hand.",
    "Our hospital is a union of three sites, and I like that.",
    "I am religious about backups.",
    "Jag är inget fan av uppdateringar, <PERSON_1> vet det.",
    "<PERSON_1> lärde mig allt om mammografi.",
    "<PERSON_1> hjälpte oss med strokelarmet.",
    "Jag har haft problem med tumörmätningen.",
    "I had trouble with the tumour measurement tool.",
    "I have had no stroke protocol since the update.",
    "My MS Teams integration is broken.",
    "Hälsningar från <PERSON_1> på sjukhuset i Växjö.",
    "Jag är sjukhusfysiker.",
    "I am a hospital physicist and like the dose module.",
    "Jag är gravt besviken på <PERSON_1>.",
    "I'm blinded by the white background.",
    "Den nya versionen gav mig huvudvärk.",
    "Jag blev överkörd av supporten.",
    "When I read a pregnant patient's MRI I need the priors.",
    "Jag doserar om patienten är gravid.",
    "I get alerts if the patient is diabetic.",
    "Jag har kontakt med patientföreningen.",
    "Patientsäkerheten är viktig för mig.",
    "Mina patienter med diabetes får vänta.",
    "I scan diabetic patients, they wait too long.",
    "<PERSON_1> och jag granskar lungcancer tillsammans.",
    "<PERSON_1> runs the cancer registry.",
    "<PERSON_1> ansvarar för covid-labbet.",
    "I died a little when the server crashed.",
    "Jag dog nästan av skratt åt manualen.",
    "Systemet drabbades av feber i juli, säger <PERSON_1>.",
    "Listan är infekterad av dubbletter, menar kollegan.",
    "My account was infected by a virus.",
    "Jag är positiv till uppdateringen.",
    "I tested positive and negative cases.",
    "The church of PACS: I am a convert!",
    "Jag tror, hoppas och ber att det blir bättre.",
    "<PERSON_1> är en ängel.",
    "Jag är svart på händerna av tonern.",
    "I am in the black list of your mail server.",
    "We are a conservative department and I like it.",
    "Jag röstade på funktionen i portalen.",
    "Jag vill se tumören i tre plan.",
    "I compare the tumour with the prior.",
    "Jag använder er modul för demensutredningar.",
    "I have three radiologists on sick list duty.",
    "Hos oss är sjukskrivningarna många, tyvärr.",
    "Jag hittar inte knappen för diagnoskod.",
    "I am happy that cancer pathways are supported.",
    "Jag är trött på omstarterna.",
    "My department reads HIV and hepatitis research scans.",
    "<PERSON_1> in your oncology team was great.",
    "Jag har fått utbildning i bröstcancer av <PERSON_1>.",
    "Jag har två skärmar och en patientlista.",
    "Vi har fått hjälp av <PERSON_1> med hjärtinfarktflödet.",
    "I like that the patient can be found by name.",
    "Patienten får vänta när systemet startar om.",
    "<PERSON_1> var patient och förklarade allt två gånger.",
    "Tack <PERSON_1> för ditt tålamod med mig och patienterna.",
    "I got covid scans sorted by the rule.",
    "Jag granskar stroke dygnet runt.",
]


@pytest.mark.parametrize(("text", "category"), TELLS)
def test_what_is_told_of_one_person_is_flagged(text, category):
    assert category in special_categories(text)


@pytest.mark.parametrize("text", EVERYDAY)
def test_everyday_talk_is_not_flagged(text):
    assert special_categories(text) == frozenset()


@pytest.mark.parametrize(
    "text", ["", " ", "...", "<", "<PERSON_1>", "<WITHHELD:language>", "🙂", "I", "i", "'s", ",,,"]
)
def test_a_text_that_tells_nothing_is_not_flagged(text):
    assert special_categories(text) == frozenset()


def test_somebody_in_another_sentence_is_not_meant():
    assert not special_categories("<PERSON_1> hjälpte mig. Cancerscreeningen går bra. Jag är nöjd.")
    assert special_categories("Cancerscreeningen går bra. Jag är sjukskriven.") == {"health"}


def test_several_categories_are_all_named():
    text = "Jag är sjukskriven och har tagit upp det med facket. Patienten <PERSON_1> fick fel bilder."
    assert special_categories(text) == {"health", "union", "patient"}


def test_what_became_of_a_patient_is_health_and_a_patient():
    assert special_categories("Patienten hade en hjärntumör som ingen såg.") == {"health", "patient"}


def test_capitals_line_breaks_and_typographic_apostrophes_hide_nothing():
    assert special_categories("BRA SUPPORT\nJAG ÄR SJUKSKRIVEN\nTACK") == {"health"}
    assert special_categories("Good.\nI’m pregnant, so I will be away.") == {"health"}


def test_a_long_text_takes_a_moment():
    special_categories("jag är inte " * 5_000 + "sjuk " * 5_000)


def test_the_policy_decides_on_every_category():
    assert {name for name in SpecialRule.model_fields if name != "clause"} == set(CATEGORIES)


@pytest.mark.parametrize("name", ["common", *CATEGORIES])
def test_the_lists_hold_words_in_small_letters(name):
    for key, words in listed(name).items():
        assert words, key
        assert all(word == word.lower() and re.fullmatch(r"[\w' *-]+", word) for word in words), key


def comment(text: str) -> RedactedText:
    return RedactedText(text, "sv", "test 1", {"PERSON": 1})


def test_a_comment_that_the_policy_withholds_leaves_nothing_but_why():
    kept, categories = screened(comment("<PERSON_1> är sjukskriven."), load_policy("sectra"))
    assert (kept.text, kept.removed, kept.language, kept.redactor) == (
        SPECIAL,
        {"WITHHELD": 1},
        "sv",
        "test 1",
    )
    assert categories == {"health"}


def test_a_comment_that_the_policy_keeps_is_flagged_and_kept():
    policy = parse_policy(POLICY.replace("{health: withhold", "{health: keep"), "norrvik.yaml")
    sick = comment("<PERSON_1> är sjukskriven.")
    assert screened(sick, policy) == (sick, frozenset({"health"}))
    assert screened(comment("Jag är muslim."), policy)[0].text == SPECIAL


def test_a_comment_without_anything_special_stays_as_it_is():
    plain = comment("Cancerscreeningen är snabb, tack <PERSON_1>.")
    assert screened(plain, load_policy("sectra")) == (plain, frozenset())
