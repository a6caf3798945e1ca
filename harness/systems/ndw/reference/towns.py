"""Dutch towns to put made-up charging stations in: centre (WGS 84) and the four-digit postal codes in use there."""

from typing import NamedTuple


class Town(NamedTuple):
    """A town; the coordinates are degrees, the postal codes a closed range."""

    province: str
    name: str
    latitude: float
    longitude: float
    first_code: int
    last_code: int


TOWNS = (
    Town("Groningen", "Groningen", 53.2194, 6.5665, 9711, 9747),
    Town("Groningen", "Veendam", 53.1066, 6.8756, 9641, 9646),
    Town("Groningen", "Stadskanaal", 52.9895, 6.9504, 9501, 9503),
    Town("Fryslân", "Leeuwarden", 53.2012, 5.7999, 8911, 8941),
    Town("Fryslân", "Heerenveen", 52.9600, 5.9200, 8441, 8449),
    Town("Fryslân", "Drachten", 53.1125, 6.0989, 9201, 9207),
    Town("Drenthe", "Assen", 52.9925, 6.5649, 9401, 9408),
    Town("Drenthe", "Emmen", 52.7858, 6.8976, 7811, 7828),
    Town("Drenthe", "Hoogeveen", 52.7225, 6.4760, 7901, 7909),
    Town("Overijssel", "Zwolle", 52.5168, 6.0830, 8011, 8043),
    Town("Overijssel", "Enschede", 52.2215, 6.8937, 7511, 7548),
    Town("Overijssel", "Deventer", 52.2661, 6.1552, 7411, 7429),
    Town("Overijssel", "Almelo", 52.3570, 6.6625, 7601, 7611),
    Town("Flevoland", "Almere", 52.3508, 5.2647, 1311, 1363),
    Town("Flevoland", "Lelystad", 52.5185, 5.4714, 8211, 8245),
    Town("Gelderland", "Arnhem", 51.9851, 5.8987, 6811, 6846),
    Town("Gelderland", "Nijmegen", 51.8426, 5.8546, 6511, 6546),
    Town("Gelderland", "Apeldoorn", 52.2112, 5.9699, 7311, 7339),
    Town("Gelderland", "Tiel", 51.8876, 5.4279, 4001, 4007),
    Town("Utrecht", "Utrecht", 52.0907, 5.1214, 3511, 3585),
    Town("Utrecht", "Amersfoort", 52.1561, 5.3878, 3811, 3829),
    Town("Utrecht", "Zeist", 52.0906, 5.2332, 3701, 3708),
    Town("Utrecht", "Veenendaal", 52.0286, 5.5589, 3901, 3907),
    Town("Noord-Holland", "Amsterdam", 52.3676, 4.9041, 1011, 1109),
    Town("Noord-Holland", "Haarlem", 52.3874, 4.6462, 2011, 2037),
    Town("Noord-Holland", "Alkmaar", 52.6324, 4.7534, 1811, 1827),
    Town("Noord-Holland", "Hilversum", 52.2292, 5.1669, 1211, 1223),
    Town("Noord-Holland", "Hoorn", 52.6424, 5.0602, 1621, 1628),
    Town("Zuid-Holland", "Rotterdam", 51.9244, 4.4777, 3011, 3089),
    Town("Zuid-Holland", "Den Haag", 52.0705, 4.3007, 2511, 2597),
    Town("Zuid-Holland", "Leiden", 52.1601, 4.4970, 2311, 2334),
    Town("Zuid-Holland", "Delft", 52.0116, 4.3571, 2611, 2629),
    Town("Zuid-Holland", "Dordrecht", 51.8133, 4.6901, 3311, 3329),
    Town("Zuid-Holland", "Gouda", 52.0115, 4.7105, 2801, 2809),
    Town("Zeeland", "Middelburg", 51.4988, 3.6109, 4331, 4339),
    Town("Zeeland", "Goes", 51.5040, 3.8890, 4461, 4465),
    Town("Zeeland", "Terneuzen", 51.3358, 3.8278, 4531, 4538),
    Town("Noord-Brabant", "Eindhoven", 51.4416, 5.4697, 5611, 5658),
    Town("Noord-Brabant", "Tilburg", 51.5555, 5.0913, 5011, 5049),
    Town("Noord-Brabant", "Breda", 51.5719, 4.7683, 4811, 4839),
    Town("Noord-Brabant", "'s-Hertogenbosch", 51.6978, 5.3037, 5211, 5236),
    Town("Noord-Brabant", "Helmond", 51.4793, 5.6570, 5701, 5709),
    Town("Limburg", "Maastricht", 50.8514, 5.6910, 6211, 6229),
    Town("Limburg", "Venlo", 51.3704, 6.1724, 5911, 5928),
    Town("Limburg", "Roermond", 51.1942, 5.9870, 6041, 6049),
    Town("Limburg", "Heerlen", 50.8882, 5.9795, 6411, 6419),
)

STREETS = (
    "Beatrixstraat", "Beukenlaan", "Dorpsstraat", "Eikenlaan", "Emmastraat", "Handelsweg", "Havenstraat",
    "Hoofdstraat", "Industrieweg", "Julianalaan", "Kanaalstraat", "Kastanjelaan", "Kerkstraat", "Lindelaan",
    "Marktplein", "Molenweg", "Nieuwstraat", "Oranjelaan", "Parallelweg", "Raadhuisplein", "Schoolstraat",
    "Singel", "Sportlaan", "Stationsplein", "Stationsweg", "Wilhelminastraat",
)  # fmt: skip
