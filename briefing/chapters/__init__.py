"""What each chapter shows for an edition: sources opened, figures made, claims, charts and tables returned.

Every function takes an `Edition` and returns the outputs of one cell, so that the app can show the
same cell for another partner or day, and papermill the same cell in print.

contents          the one registry of chapters, sections and views
in_brief          the edition on two pages, made of the others' findings
state_of_talks    events and issues up to the as-of day
deficit_trends    all goods with the partner
auto_trade_gap    HS chapter 87 with the partner and beside other car makers
claims_checked    what others said, held against the record
duties            duties in force on either side: a section of State of talks, and of In brief
two_ledgers       the US count beside the other side's: a section of Claims checked
revisions         the same numbers as first published, as of the edition, and now
"""
