"""Common first and last names by country. Any full name is a random combination of two of them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Names:
    """The names people draw from in one country."""

    first: tuple[str, ...]
    last: tuple[str, ...]


def _names(first: str, last: str) -> Names:
    return Names(tuple(first.split()), tuple(" ".join(name.split()) for name in last.split(",")))


_SWEDISH = _names(
    """
    Anna Eva Maria Karin Kristina Lena Kerstin Ingrid Birgitta Marie Åsa Märta Linnéa Elin Emma Sara
    Johanna Malin Jenny Ulrika Annika Susanne Helena Monica Gunilla Sofia Hanna Frida Ida Maja
    Anna-Karin Ann-Sofie Britt-Marie Eva-Lena Désirée Göran Björn Åke Lars Karl Anders Johan Per Nils
    Lennart Erik Jan Mikael Peter Hans Fredrik Bengt Bo Daniel Gustav Mats Sven Stefan Andreas Mattias
    Jonas Magnus Henrik Håkan Jörgen Lars-Erik Karl-Johan Per-Olof Jan-Åke Sören André Östen
    """,
    """
    Andersson, Johansson, Karlsson, Nilsson, Eriksson, Larsson, Olsson, Persson, Svensson, Gustafsson,
    Pettersson, Jonsson, Jansson, Hansson, Bengtsson, Jönsson, Lindberg, Jakobsson, Magnusson,
    Lindström, Olofsson, Lindqvist, Lindgren, Berg, Axelsson, Bergström, Lundberg, Lind, Lundgren,
    Mattsson, Lundqvist, Berglund, Fredriksson, Sandberg, Henriksson, Forsberg, Sjöberg, Wallin,
    Engström, Eklund, Danielsson, Lundin, Håkansson, Björk, Bergman, Gunnarsson, Holm, Wikström,
    Samuelsson, Isaksson, Fransson, Bergqvist, Nyström, Holmberg, Arvidsson, Löfgren, Söderberg, Nyberg,
    Blomqvist, Claesson, Nordström, Mårtensson, Öberg, Ågren, Åkesson, Östlund, Åström, Ödman, von
    Platen, af Ekström, Berg Lindgren, Norén, Hallén
    """,
)
_BRITISH = _names(
    """
    James John Robert Michael William David Richard Thomas Charles Christopher Matthew Mark Paul Steven
    Andrew George Edward Brian Kevin Simon Mary Patricia Jennifer Linda Elizabeth Barbara Susan Jessica
    Sarah Karen Margaret Emily Charlotte Olivia Amelia Grace Hannah Rachel Victoria Zoë Chloé Mary-Anne
    Siobhan Priya Aisha
    """,
    """
    Smith, Jones, Taylor, Brown, Williams, Wilson, Johnson, Davies, Robinson, Wright, Thompson, Evans,
    Walker, White, Roberts, Green, Hall, Wood, Jackson, Clarke, Patel, Khan, Lewis, James, Phillips,
    Mason, Mitchell, Rose, Davis, Cooper, Baker, Bell, Cook, King, Shaw, O'Brien, O'Connor, McDonald,
    Smith-Jones, Hughes, Carter, D'Souza, Lee, Young, Park
    """,
)
_AMERICAN = _names(
    """
    Mary Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Nancy Lisa Ashley Michelle Amanda
    Melissa Renée José Carlos Luis Anthony Joshua Brandon Tyler Jason Eric Scott Ryan Justin Kimberly
    Donna Carol Megan Heather Mary-Ellen Beth Hope Angel James Robert Michael William
    """,
    """
    Smith, Johnson, Williams, Brown, Jones, García, Miller, Davis, Rodríguez, Martínez, Hernández,
    López, Wilson, Anderson, Thomas, Taylor, Moore, Jackson, Martin, Lee, Thompson, White, Harris,
    Clark, Lewis, Robinson, Walker, Young, Allen, King, Wright, Scott, Torres, Nguyen, Hill, Flores,
    O'Neill, McCarthy, Kim, Peña
    """,
)
_NORWEGIAN = _names(
    """
    Anne Inger Kari Marit Ingrid Liv Eva Berit Astrid Bjørg Solveig Anne-Lise Jan Per Bjørn Ole Lars
    Kjell Knut Svein Øystein Håkon Jørgen Pål Tor-Erik
    """,
    """
    Hansen, Johansen, Olsen, Larsen, Andersen, Pedersen, Nilsen, Kristiansen, Jensen, Karlsen, Johnsen,
    Pettersen, Eriksen, Berg, Haugen, Hagen, Bakken, Solberg, Moen, Strøm, Bjørnstad, Ødegård, Sørensen,
    Sæther
    """,
)
_DANISH = _names(
    """
    Anne Kirsten Mette Hanne Helle Susanne Lene Maria Marianne Inge Bodil Søren Jens Peter Lars Michael
    Henrik Thomas Jørgen Niels Ole Åse Bjørn Hans-Christian Anne-Grethe
    """,
    """
    Nielsen, Jensen, Hansen, Pedersen, Andersen, Christensen, Larsen, Sørensen, Rasmussen, Jørgensen,
    Petersen, Madsen, Kristensen, Olsen, Thomsen, Møller, Østergaard, Kjær, Nørgaard, Højgaard, Bæk,
    Lund
    """,
)
_GERMAN = _names(
    """
    Ursula Monika Petra Elisabeth Sabine Renate Helga Karin Brigitte Ingrid Jürgen Günther Peter Michael
    Thomas Andreas Wolfgang Klaus Stefan Björn Jörg Käthe Karl-Heinz Hans-Peter Anna-Lena
    """,
    """
    Müller, Schmidt, Schneider, Fischer, Weber, Meyer, Wagner, Becker, Schulz, Hoffmann, Schäfer, Koch,
    Bauer, Richter, Klein, Wolf, Schröder, Neumann, Schwarz, Groß, Weiß, Krüger, von Bergen, Voß
    """,
)
_DUTCH = _names(
    """
    Johanna Maria Anna Cornelia Wilhelmina Hendrika Petra Saskia Daniëlle Renée Jan Pieter Hendrik
    Willem Dirk Gerrit Kees Bram Daan Joost Jan-Willem Noë
    """,
    """
    de Jong, Jansen, de Vries, van den Berg, van Dijk, Bakker, Janssen, Visser, Smit, Meijer, de Boer,
    Mulder, de Groot, Bos, Vos, Peters, Hendriks, van Leeuwen, Dekker, Brouwer
    """,
)
_FINNISH = _names(
    """
    Maria Helena Johanna Anneli Kaarina Marjatta Liisa Päivi Sirpa Hannele Juhani Olavi Antero Tapani
    Kalevi Tapio Matti Jyrki Pekka Mikko Väinö Anna-Liisa
    """,
    """
    Korhonen, Virtanen, Mäkinen, Nieminen, Mäkelä, Hämäläinen, Laine, Heikkinen, Koskinen, Järvinen,
    Lehtonen, Lehtinen, Saarinen, Salminen, Heinonen, Niemi, Heikkilä, Kinnunen, Salonen, Turunen, Öhman
    """,
)

NAMES = {
    "Sweden": _SWEDISH,
    "United Kingdom": _BRITISH,
    "United States": _AMERICAN,
    "Netherlands": _DUTCH,
    "Finland": _FINNISH,
    "Norway": _NORWEGIAN,
    "Denmark": _DANISH,
    "Germany": _GERMAN,
}
