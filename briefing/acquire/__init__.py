"""Brings official files into the record: reads them, checks them, writes the book's own tables.

Run by a person, with `briefing acquire`; no other module imports this package.

country_workbook   country.xlsx of the US Census Bureau, all partners by month
hs_chapters        HS chapters by month, as the Census API gave them
registration       the register data/sources.toml and the folder of a vintage
"""
