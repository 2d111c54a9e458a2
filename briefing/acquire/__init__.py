"""Brings official files into the record: reads them, checks them, writes the book's own tables.

Run by a person, with `briefing acquire`; no other module imports this package.

country_workbook   country.xlsx of the US Census Bureau, all partners by month
country_table      all goods by partner and month, in a table that somebody made of the office's pages or files
hs_products        HS products, as copies of the Census API's replies hold them
end_use_editions   enduse_imports.xlsx and enduse_exports.xlsx of the US Census Bureau, all partners by year
duties_calculated  duties calculated on imports for consumption, and those imports, by partner and month
modelled_tariffs   a model's rates of duty by partner and day, which are no observations
fred_files         FRED's downloads of EXPKR and IMPKR
korea_ledger       Korea's own trade by country, as typed from its customs service
sheets             the rows of a workbook or CSV file, and what any other file is
contract           what every table of observations must be, once; the bases on which trade is counted
integrity          identities that hold within an official file
between_series     what products, mirrors and country.xlsx have in common
continuity         what a vintage has in common with the ones before and after it
between_partners   whether partners, months or codes were exchanged, and partners scaled together
provenance         what a person says of a file, held against the calendar and the record
fetching           asks a live source, and keeps each reply as it came; what an office's client has to say of itself
replies            a reply: its contents, its refusal, the months that it lacks
census_workbook, census_api, fred, comtrade, korea_customs
                   the live sources, each by its contract
live               what is asked of each of them, and which are due
imports            one function a kind of file; every table is held against what is held
registration       the register data/sources.toml and the folder of a vintage
"""
