"""What hides a value from a search is undone, and what was hidden is taken out of the original text."""

import re
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from pseudonymize.redaction.plain import plain
from tests.support.redacting import readable, redact

KARIN = "Prata med {} på röntgen om det."
KARIN_EN = "The viewer is fast, says {} of the clinic."
CALL = "Ring mig på {} om visaren är nere."
WRITE = "Mejla {} så svarar hon om visaren."
MY_ID = "Patienten hade numret {} i systemet."

# The template, what hides, and what it hides; of the latter nothing may be read afterwards.
EVASIONS = {
    "zero-width space in a name": (KARIN, "Kar\u200bin Lund\u200bgren"),
    "zero-width joiner in a name": (KARIN, "Kar\u200din Lund\u200dgren"),
    "zero-width non-joiner in a name": (KARIN, "Kar\u200cin Lund\u200cgren"),
    "word joiner in a name": (KARIN, "Kar\u2060in Lund\u2060gren"),
    "byte order mark in a name": (KARIN, "Kar\ufeffin Lund\ufeffgren"),
    "direction marks in a name": (KARIN, "Kar\u200ein Lund\u200fgren"),
    "blank letters in a name": (KARIN, "Kar\u3164in Lund\u115fgren"),
    "grapheme joiner in a name": (KARIN, "Kar\u034fin"),
    "language tags in a name": (KARIN, "Ka\U000e0061rin"),
    "soft hyphens in a name": (KARIN, "Ka\u00adrin Lund\u00adgren"),
    "zero-width space in a number": (CALL, "070-174\u200b06\u206005"),
    "soft hyphen in a number": (CALL, "070-17\u00ad40605"),
    "zero-width space in an address": (WRITE, "an\u200bna@norr\u2060vik.s\u200be"),
    "soft hyphen in an address": (WRITE, "an\u00adna@norr\u00advik.se"),
    "zero-width space in a national number": (MY_ID, "640823\u200b-32\u200b34"),
    "Cyrillic letters in a name": (KARIN_EN, "K\u0430rin Lundgr\u0435n"),
    "a Cyrillic capital in a name": (KARIN_EN, "\u041aarin Lundgren"),
    "Greek letters in a name": (KARIN_EN, "K\u03b1rin Lundgren"),
    "a Greek capital in a name": (KARIN_EN, "\u039aarin Lundgren"),
    "a Cyrillic letter in an address": (WRITE, "\u0430nna@norrvik.se"),
    "full-width digits": (CALL, "０７０－１７４０６０５"),
    "full-width digits in a national number": (MY_ID, "６４０８２３-３２３４"),
    "full-width letters": (KARIN, "Ｋａｒｉｎ Ｌｕｎｄｇｒｅｎ"),
    "a full-width address": (WRITE, "ａｎｎａ＠ｎｏｒｒｖｉｋ．ｓｅ"),
    "mathematical letters": (KARIN, "𝐊𝐚𝐫𝐢𝐧 𝐋𝐮𝐧𝐝𝐠𝐫𝐞𝐧"),
    "letters in circles": (KARIN, "Ⓚⓐⓡⓘⓝ"),
    "named entities in a name": (KARIN, "Bj&ouml;rn &Aring;kesson"),
    "a decimal entity in a name": (KARIN, "Bj&#246;rn Åkesson"),
    "a hexadecimal entity in a name": (KARIN, "Bj&#xF6;rn &#x00C5;kesson"),
    "a decimal entity in an address": (WRITE, "anna&#64;norrvik.se"),
    "a hexadecimal entity in an address": (WRITE, "anna&#X40;norrvik&#x2e;se"),
    "named entities in an address": (WRITE, "anna&commat;norrvik&period;se"),
    "every letter an entity": (KARIN, "&#75;&#97;&#114;&#105;&#110;"),
    "an invisible entity in a name": (KARIN, "Ka&shy;rin Lund&#8203;gren"),
    "a hard space entity in a number": (CALL, "070&nbsp;174&nbsp;06&nbsp;05"),
    "inline tags in a name": (KARIN, "K<b>ar</b>in <i>Lundgren</i>"),
    "inline tags with attributes": (KARIN, '<span class="x">Kar</span><span>in</span> Lundgren'),
    "block tags in a name": (KARIN, "Karin<br/>Lundgren"),
    "block tags in a number": (CALL, "070-174<br>06 05"),
    "inline tags in a number": (CALL, "070-<b>174</b>0605"),
    "inline tags in an address": (WRITE, "anna@<b>norrvik</b>.se"),
    "combining accents in a name": (KARIN, "A\u030asa O\u0308berg"),
    "a line break in a telephone number": (CALL, "070-174\n06 05"),
    "a return and a line break in a telephone number": (CALL, "070-174\r\n06 05"),
    "letters apart": (KARIN, "k a r i n"),
    "capitals apart": (KARIN, "K A R I N"),
    "letters with dots": (KARIN, "k.a.r.i.n"),
    "letters with hyphens": (KARIN, "k-a-r-i-n"),
    "letters with stars": (KARIN, "k*a*r*i*n"),
    "digits apart": (CALL, "0 7 0 1 7 4 0 6 0 5"),
    "hard spaces in a name": (KARIN, "Karin\u00a0Lundgren"),
    "thin spaces in a number": (CALL, "070\u2009174\u200906\u200905"),
    "typographic hyphens in a number": (CALL, "070\u2013174\u201106\u201205"),
    "(a) in an address": (WRITE, "anna (a) x.se"),
    "[at] in an address": (WRITE, "anna [at] norrvik [dot] se"),
    "all at once": (KARIN, "K\u0430<b>r</b>\u200bi&#110; ＬＵＮＤ\u00adGREN"),
    "a line break in a national number": (MY_ID, "640823-\n3234"),
    "a line break in an account number": (
        "You can pay it to {} if you like.",
        "SE45 5000 0000\n0583 9825 7466",
    ),
    "an acute accent for an apostrophe": ("We like {} help a lot.", "Karin´s"),
    "a stroke through each letter": (KARIN, "K\u0336a\u0336r\u0336i\u0336n\u0336"),
    "accents without meaning": (KARIN, "K\u0332a\u0332r\u0332i\u0332n\u0332"),
    "a variation selector in a name": (KARIN, "Ka\ufe0frin"),
    "a Mongolian variation selector": (KARIN, "Ka\u180brin"),
    "NUL in a name": (KARIN, "Ka\x00rin"),
    "a control character in a name": (KARIN, "Ka\x08rin"),
    "an entity escaped twice": (WRITE, "anna&amp;#64;norrvik.se"),
    "an entity without its end": (KARIN, "Bj&#246rn Åkesson"),
    "an entity without its end in an address": (WRITE, "anna&#64norrvik.se"),
    "an entity of many zeros": (WRITE, "anna&#0000000064;norrvik.se"),
    "a comment in a name": (KARIN, "Kar<!-- x -->in"),
    "another inline tag in a name": (KARIN, "Kar<sup>in</sup>"),
    "a line separator in a number": (CALL, "070-174\u202806 05"),
    "Arabic digits": (CALL, "٠٧٠١٧٤٠٦٠٥"),
    "small capitals": (KARIN, "ᴋᴀʀɪɴ ʟᴜɴᴅɢʀᴇɴ"),
    "letters with underscores": (KARIN, "k_a_r_i_n"),
    "a name with a dot": (KARIN, "karin.lundgren"),
}  # fmt: skip


@pytest.mark.parametrize(("template", "hidden"), EVASIONS.values(), ids=EVASIONS.keys())
def test_what_hides_a_value_does_not_keep_it_in_the_text(template, hidden):
    found = redact(template.format(hidden), "en" if template == KARIN_EN else "sv")
    before, after = template.split("{}")
    assert found.text.startswith(before)
    assert found.text.endswith(after)
    assert readable(found.text) == readable(before) + readable(after)
    assert found.removed


VISIBLE = {
    "invisible characters": ("Kar\u200bin\u00ad", "Karin"),
    "compatibility forms": ("ＫａｒｉＮ ① ﬁ", "KariN 1 fi"),
    "accents": ("A\u030asa O\u0308", "Åsa Ö"),
    "lookalikes": ("K\u0430rin \u0391nn\u0430", "Karin Anna"),
    "words in another alphabet": ("Мария Μαρία", "Мария Μαρία"),
    "entities": ("a&amp;b &lt;c&gt; &#65;&#x42;", "a&b <c> AB"),
    "what is no entity": ("R&D & co &nonsense; &;", "R&D & co &nonsense; &;"),
    "inline tags": ("<b>Ka</b>rin", "Karin"),
    "block tags": ("Karin<br>Lund<p>gren</p>", "Karin Lund gren "),
    "what is no tag": ("a < b and c > d <3", "a < b and c > d <3"),
    "placeholders": (
        "<PERSON_1> <EMAIL> <WITHHELD:language>\u200b",
        "<PERSON_1> <EMAIL> <WITHHELD:language>",
    ),
    "hyphens and quotes": ("a–b — ‘c’ `d`", "a-b - 'c' 'd'"),
    "spaces": ("aa\u00a0bb\u2003cc\u202fdd", "aa bb cc dd"),
    "letters apart": ("k a r i n och K.A.R.I.N", "karin och KARIN"),
    "digits apart": ("0 7 0 1 7 4", "070174"),
    "kept": ("5 µm ªº …", "5 µm ªº …"),
}


@pytest.mark.parametrize(("text", "expected"), VISIBLE.values(), ids=VISIBLE.keys())
def test_the_plain_form_is_what_a_reader_sees(text, expected):
    assert plain(text).text == expected


def test_a_range_of_the_plain_form_covers_all_that_it_was_read_from():
    text = "<p>Prata med K\u0430<b>r</b>\u200bi&#110;, tack.</p>"
    read = plain(text)
    at = read.text.index("Karin")
    start, end = read.back(at, at + len("Karin"))
    assert text[start:end] == "K\u0430<b>r</b>\u200bi&#110;"


SEASONED = st.text(
    st.sampled_from("Karin 07.-@\n<b>/>&#6;4amp\u200b\u00ad\u0430\u03b1\u0301\u0308ＡＺ１ﬁ①😀İŉ\ud800\x00…µ")
    | st.characters(),
    max_size=80,
)


@given(SEASONED)
@example("a\u0301" * 5)
@example("ﷺ")
@example("&#1114112;&#0;&#x110000;")
@settings(max_examples=300, deadline=None)
def test_ranges_map_back_into_the_original_in_order(text):
    read = plain(text)
    assert read.original == text
    ranges = [read.back(at, at + 1) for at in range(len(read.text))]
    assert all(0 <= start < end <= len(text) for start, end in ranges)
    assert ranges == sorted(ranges)
    assert all(one == next_ or one[1] <= next_[0] for one, next_ in pairwise(ranges))
    for start in range(0, len(read.text), 7):
        for end in range(start + 1, len(read.text), 11):
            assert read.back(start, end) == (ranges[start][0], ranges[end - 1][1])


WORD = st.text(
    st.sampled_from("abcdefghijklmnopqrstuvwxyzåäöABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖéü"), min_size=2, max_size=9
)
NUMBER = st.integers(10, 10**10).map(str)
ORDINARY = st.lists(
    st.tuples(WORD | NUMBER, st.sampled_from([" ", ", ", ". ", "! ", "\n", " (", ") ", ": ", "-", "/", "@"])),
    max_size=12,
).map(lambda pairs: "".join(word + between for word, between in pairs))


@given(ORDINARY)
@settings(max_examples=200, deadline=None)
def test_a_text_of_ordinary_characters_is_its_own_plain_form(text):
    assume(not re.search(r"\d-?\n\d", text))  # a number that a line break hides
    read = plain(text)
    assert read.text == text
    assert read.back(0, len(text)) == (0, len(text))


@given(SEASONED)
@settings(max_examples=200, deadline=None)
def test_nothing_invisible_is_left_in_the_plain_form(text):
    assert not [c for c in plain(text).text if unicodedata.category(c) == "Cf"]
