"""Codes and their labels: partners and aggregates, systems of trade, products.

Codes are strings: "0301" is not 301. Partner codes are Schedule C of the US Census Bureau, as its
workbook country.xlsx prints them; labels are its own, in one spelling each. Every code below 1000
is an aggregate and never counted among the partners; 8220 and 8500 are residuals that do count, so
that the partners add up to the world.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

WORLD = "0015"
KOREA = "5800"

_AGGREGATES = """
0001 OPEC
0003 European Union
0004 World, Seasonally Adjusted
0005 NAFTA with Mexico (Consump)
0006 NAFTA with Canada (Consump)
0007 Advanced Technology Products
0008 NICS
0009 South and Central America
0010 North America
0012 Europe
0013 Africa
0014 Pacific Rim
0015 World, Not Seasonally Adjusted
0016 Asia
0017 CAFTA-DR
0018 Australia and Oceania
0019 Sub Saharan Africa
0021 USMCA with Mexico (Consump)
0022 USMCA with Canada (Consump)
"""

_PARTNERS = """
1010 Greenland
1220 Canada
1610 St Pierre and Miquelon
2010 Mexico
2050 Guatemala
2080 Belize
2110 El Salvador
2150 Honduras
2190 Nicaragua
2230 Costa Rica
2250 Panama
2320 Bermuda
2360 Bahamas
2390 Cuba
2410 Jamaica
2430 Turks and Caicos Islands
2440 Cayman Islands
2450 Haiti
2470 Dominican Republic
2481 Anguilla
2482 British Virgin Islands
2483 St Kitts and Nevis
2484 Antigua and Barbuda
2485 Montserrat
2486 Dominica
2487 St Lucia
2488 St Vincent and the Grenadines
2489 Grenada
2720 Barbados
2740 Trinidad and Tobago
2771 Netherlands Antilles
2774 Sint Maarten
2777 Curacao
2779 Aruba
2831 Guadeloupe
2839 Martinique
3010 Colombia
3070 Venezuela
3120 Guyana
3150 Suriname
3170 French Guiana
3310 Ecuador
3330 Peru
3350 Bolivia
3370 Chile
3510 Brazil
3530 Paraguay
3550 Uruguay
3570 Argentina
3720 Falkland Islands (Islas Malvinas)
4000 Iceland
4010 Sweden
4031 Svalbard, Jan Mayen Island
4039 Norway
4050 Finland
4091 Faroe Islands
4099 Denmark
4120 United Kingdom
4190 Ireland
4210 Netherlands
4231 Belgium
4239 Luxembourg
4271 Andorra
4272 Monaco
4279 France
4280 Germany
4330 Austria
4350 Czechoslovakia
4351 Czech Republic
4359 Slovakia
4370 Hungary
4411 Liechtenstein
4419 Switzerland
4470 Estonia
4490 Latvia
4510 Lithuania
4550 Poland
4610 USSR
4621 Russia
4622 Belarus
4623 Ukraine
4631 Armenia
4632 Azerbaijan
4633 Georgia
4634 Kazakhstan
4635 Kyrgyzstan
4641 Moldova
4642 Tajikistan
4643 Turkmenistan
4644 Uzbekistan
4700 Spain
4710 Portugal
4720 Gibraltar
4730 Malta
4751 San Marino
4752 Vatican City
4759 Italy
4790 Yugoslavia (former)
4791 Croatia
4792 Slovenia
4793 Bosnia and Herzegovina
4794 Macedonia
4799 Serbia and Montenegro
4801 Serbia
4802 Serbia (to 2008)
4803 Kosovo
4804 Montenegro
4810 Albania
4840 Greece
4850 Romania
4870 Bulgaria
4890 Turkey
4910 Cyprus
5020 Syria
5040 Lebanon
5050 Iraq
5070 Iran
5080 Israel (former code)
5081 Israel
5082 Gaza Strip
5083 West Bank
5110 Jordan
5130 Kuwait
5160 Iraq-Saudi Arabia Neutral Zone
5170 Saudi Arabia
5180 Qatar
5200 United Arab Emirates
5210 Republic of Yemen
5230 Oman
5250 Bahrain
5310 Afghanistan
5330 India
5350 Pakistan
5360 Nepal
5380 Bangladesh
5420 Sri Lanka
5460 Burma
5490 Thailand
5520 Vietnam
5530 Laos
5550 Cambodia
5570 Malaysia
5590 Singapore
5600 Indonesia
5601 East Timor
5610 Brunei
5650 Philippines
5660 Macau
5682 Bhutan
5683 Maldives
5700 China
5740 Mongolia
5790 Korea, North
5800 Korea, South
5820 Hong Kong
5830 Taiwan
5880 Japan
6021 Australia
6022 Norfolk Island
6023 Cocos (Keeling) Islands
6024 Christmas Island
6029 Heard and McDonald Islands
6040 Papua New Guinea
6141 New Zealand
6142 Cook Islands
6143 Tokelau
6144 Niue
6150 Samoa
6223 Solomon Islands
6224 Vanuatu
6225 Pitcairn Islands
6226 Kiribati
6227 Tuvalu
6412 New Caledonia
6413 Wallis and Futuna
6414 French Polynesia
6810 Marshall Islands
6820 Micronesia
6830 Palau
6862 Nauru
6863 Fiji
6864 Tonga
7140 Morocco
7210 Algeria
7230 Tunisia
7250 Libya
7290 Egypt
7320 Sudan (to 2011)
7321 Sudan
7323 South Sudan
7370 Western Sahara
7380 Equatorial Guinea
7410 Mauritania
7420 Cameroon
7440 Senegal
7450 Mali
7460 Guinea
7470 Sierra Leone
7480 Cote d'Ivoire
7490 Ghana
7500 Gambia
7510 Niger
7520 Togo
7530 Nigeria
7540 Central African Republic
7550 Gabon
7560 Chad
7580 St Helena
7600 Burkina Faso
7610 Benin
7620 Angola
7630 Congo (Brazzaville)
7642 Guinea-Bissau
7643 Cabo Verde
7644 Sao Tome and Principe
7650 Liberia
7660 Congo (Kinshasa)
7670 Burundi
7690 Rwanda
7700 Somalia
7740 Ethiopia (to 1992)
7741 Eritrea
7749 Ethiopia
7770 Djibouti
7780 Uganda
7790 Kenya
7800 Seychelles
7810 British Indian Ocean Territory
7830 Tanzania
7850 Mauritius
7870 Mozambique
7880 Madagascar
7881 Mayotte
7890 Comoros
7904 Reunion
7905 French Southern and Antarctic Lands
7910 South Africa
7920 Namibia
7930 Botswana
7940 Zambia
7950 Eswatini
7960 Zimbabwe
7970 Malawi
7990 Lesotho
8220 Unidentified Countries
8500 International Organizations
"""


def _codelist(text: str) -> dict[str, str]:
    return dict(line.split(" ", 1) for line in text.strip().splitlines())


AGGREGATES: dict[str, str] = _codelist(_AGGREGATES)
PARTNERS: dict[str, str] = _codelist(_PARTNERS)
AREAS: dict[str, str] = AGGREGATES | PARTNERS
RESIDUALS = frozenset({"8220", "8500"})
"""Counted in the world total, but no country: never ranked."""

TRADE_SYSTEMS = {
    "total": "total exports (domestic and foreign)",
    "general": "general imports",
    "consumption": "imports for consumption",
}

_HS_CHAPTERS = """
01 Live animals
02 Meat
03 Fish
04 Dairy, eggs, honey
05 Other animal products
06 Live plants, flowers
07 Vegetables
08 Fruit and nuts
09 Coffee, tea, spices
10 Cereals
11 Milling products
12 Oil seeds
13 Gums and resins
14 Plaiting materials
15 Fats and oils
16 Preparations of meat and fish
17 Sugars
18 Cocoa
19 Preparations of cereals
20 Preparations of vegetables, fruit
21 Other food
22 Beverages
23 Animal feed
24 Tobacco
25 Salt, stone, cement
26 Ores
27 Mineral fuels
28 Inorganic chemicals
29 Organic chemicals
30 Pharmaceuticals
31 Fertilisers
32 Dyes and paints
33 Cosmetics
34 Soap, waxes
35 Starches, glues
36 Explosives
37 Photographic goods
38 Other chemicals
39 Plastics
40 Rubber
41 Hides
42 Leather goods
43 Furs
44 Wood
45 Cork
46 Basketware
47 Pulp
48 Paper
49 Printed matter
50 Silk
51 Wool
52 Cotton
53 Other plant fibres
54 Man-made filaments
55 Man-made staple fibres
56 Wadding, felt, rope
57 Carpets
58 Special fabrics
59 Coated fabrics
60 Knitted fabrics
61 Knitted clothing
62 Other clothing
63 Other textiles
64 Footwear
65 Headgear
66 Umbrellas
67 Feathers, artificial flowers
68 Articles of stone
69 Ceramics
70 Glass
71 Precious stones and metals
72 Iron and steel
73 Articles of iron or steel
74 Copper
75 Nickel
76 Aluminium
78 Lead
79 Zinc
80 Tin
81 Other base metals
82 Tools, cutlery
83 Other articles of metal
84 Machinery
85 Electrical machinery
86 Railway stock
87 Vehicles and parts
88 Aircraft
89 Ships
90 Instruments
91 Clocks and watches
92 Musical instruments
93 Arms
94 Furniture
95 Toys and games
96 Other manufactures
97 Works of art
98 Special provisions
99 Low-value estimates and special provisions
"""
HS_CHAPTERS = dict(line.split(" ", 1) for line in _HS_CHAPTERS.strip().splitlines())
"""HS chapters by short names of this book; the official titles are longer."""


def chapter_name(code: str) -> str:
    """The short name of an HS chapter, or the code where none is known."""
    return HS_CHAPTERS.get(code, f"HS {code}")


AUTOMOTIVE = "3"
END_USE_AUTOMOTIVE = {
    "30000": "Passenger cars, new and used",
    "30100": "Trucks, buses and special purpose vehicles",
    "30110": "Bodies and chassis for trucks and buses",
    "30200": "Engines and engine parts",
    "30210": "Bodies and chassis for passenger cars",
    "30220": "Automotive tires and tubes",
    "30230": "Other parts and accessories",
}
"""End-use 3, automotive vehicles, parts and engines: its 5-digit codes. HS chapter 87 has neither engines nor tires,
but tractors, motorcycles and trailers."""

EVERY_PARTNER_SINCE = 1992
"""The year from which the partners of country.xlsx add up to the world; before, up to 12 percent are missing, and a place
would be one among those held."""
CHINA = "5700"
COMPARED = ("2010", "5880", "4280", "5520", "1220", "5800")
"""Partners with large deficits beside which a partner is set on one scale; China's would flatten the others."""


CAR_MAKERS = ("5800", "2010", "5880", "4280", "1220", "5700")
"""Korea and the partners it is measured against in the auto chapter, in the order of the page."""

# Prose wants "South Korea" and "the Netherlands" where the list prints "Korea, South" and "Netherlands".
_IN_PROSE = {
    WORLD: "the world",
    "5800": "South Korea",
    "5790": "North Korea",
    "3720": "the Falkland Islands",
    "4031": "Svalbard and Jan Mayen",
    "5210": "Yemen",
    "6023": "the Cocos (Keeling) Islands",
    "8220": "unidentified countries",
    "8500": "international organisations",
}
_WITH_ARTICLE = re.compile(
    r"^(Bahamas|Cayman|British (Virgin|Indian)|Turks|Dominican Republic|Netherlands|United|Czech Republic"
    r"|Faroe|Philippines|Maldives|Gambia|Central African|Marshall|Solomon|Cook|Pitcairn|Comoros|USSR"
    r"|French Southern|Gaza|West Bank|Heard|Iraq-Saudi)"
)


def with_code(code: str) -> str:
    """A partner or aggregate by name and code, or by the code alone where it has no name here.

    >>> with_code("5800"), with_code("9999")
    ('Korea, South (5800)', '9999')
    """
    return f"{AREAS[code]} ({code})" if code in AREAS else code


def in_prose(code: str) -> str:
    """The partner's name as a sentence says it: "South Korea", "the Netherlands"."""
    if code in _IN_PROSE:
        return _IN_PROSE[code]
    label = AREAS[code]
    return f"the {label}" if _WITH_ARTICLE.match(label) else label


def listed(names: Sequence[str]) -> str:
    """Names in a row, the last after "and".

    >>> listed(["Sudan"]), listed(["Canada", "Mexico", "Japan"])
    ('Sudan', 'Canada, Mexico and Japan')
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def short_label(code: str) -> str:
    """The partner's name for a chart's axis or a table's first column: no article, no inversion."""
    return "World" if code == WORLD else in_prose(code).removeprefix("the ")


def _folded(name: str) -> str:
    """A name without case, accents and punctuation: "Côte d'Ivoire" is "cote d ivoire"."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return re.sub(r"[^a-z0-9]+", " ", letters).strip()


def aggregate_code(name_or_code: str) -> str | None:
    """The code of an aggregate that is no partner, given its code or name; None if it is none.

    >>> aggregate_code("European Union"), aggregate_code("0003"), aggregate_code("Korea, South")
    ('0003', '0003', None)
    """
    found = {_folded(label): code for code, label in AGGREGATES.items() if code != WORLD} | {"eu": "0003"}
    code = name_or_code.strip() if name_or_code.strip() in AGGREGATES else found.get(_folded(name_or_code))
    return None if code == WORLD else code


@lru_cache
def _names() -> dict[str, str]:
    """Every folded name by which a partner is found, with its code."""
    names = {}
    for code in [*reversed(PARTNERS), WORLD]:
        for name in (AREAS[code], in_prose(code), short_label(code)):
            names[_folded(name)] = code
    return names | {_folded(k): v for k, v in _OTHER_NAMES.items()}


_OTHER_NAMES = {
    "Korea": "5800",
    "Republic of Korea": "5800",
    "ROK": "5800",
    "DPRK": "5790",
    "PRC": "5700",
    "Mainland China": "5700",
    "Britain": "4120",
    "Russian Federation": "4621",
    "Soviet Union": "4610",
    "Viet Nam": "5520",
    "UK": "4120",
    "Great Britain": "4120",
    "Holland": "4210",
    "Czechia": "4351",
    "Turkiye": "4890",
    "Ivory Coast": "7480",
    "Cape Verde": "7643",
    "Swaziland": "7950",
    "Myanmar": "5460",
    "North Macedonia": "4794",
    "Timor-Leste": "5601",
    "UAE": "5200",
    "World": "0015",
    "Democratic Republic of Congo": "7660",
    "Congo": "7630",
}


def found_by(text: str, codes: Iterable[str]) -> list[str]:
    """The codes among those given whose code or name holds the text; one that has it as a whole name stands first.

    >>> found_by("uk", ["4120", "4623"]), found_by("Vietn", ["5520"])
    (['4120', '4623'], ['5520'])
    """
    sought, whole = text.casefold(), partner_code(text)
    found = [code for code in codes if sought in f"{code} {AREAS[code]} {in_prose(code)}".casefold() or code == whole]
    return sorted(found, key=lambda code: code != whole)


OWN_COUNTRY = frozenset({"us", "usa", "u s", "u s a", "united states", "united states of america", "america"})


def is_own_country(name: str) -> bool:
    """Whether the name is that of the United States, whose trade this is and which is no partner of itself."""
    return _folded(name).removeprefix("the ") in OWN_COUNTRY


def partner_code(name_or_code: str) -> str | None:
    """The code of a partner, or of the world, given its code or any of its names; None if unknown.

    >>> partner_code("Korea, South"), partner_code("south korea"), partner_code("5800")
    ('5800', '5800', '5800')
    """
    text = name_or_code.strip()
    if text in PARTNERS or text == WORLD:
        return text
    return _names().get(_folded(text))


def nearest_partners(name: str, codes: Iterable[str] | None = None) -> list[str]:
    """Up to three partners whose names or codes come closest to one that is none, as "Korea, South (5800)".

    Where the name begins a word of some of their names, or several, no others are near.

    >>> nearest_partners("pitcairn"), nearest_partners("Virgin Isl")
    (['Pitcairn Islands (6225)'], ['British Virgin Islands (2482)'])
    """
    allowed = set(codes) if codes is not None else {*PARTNERS, WORLD}
    if name.strip().isdigit():
        return [with_code(c) for c in difflib.get_close_matches(name.strip(), sorted(allowed), n=3)]
    names = {n: c for n, c in _names().items() if c in allowed}
    folded = _folded(name)
    close = [n for n in names if folded and f" {folded}" in f" {n}"]
    if not close:
        close = difflib.get_close_matches(folded, names, n=6, cutoff=0.6)
        close += [n for n in names if folded and (folded in n or n.startswith(folded[:4]))]
    return [with_code(c) for c in dict.fromkeys(names[n] for n in close)][:3]
