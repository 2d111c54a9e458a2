"""What each chapter shows for an edition: sources opened, figures made, claims, charts and tables returned.

Every function takes an `Edition` and returns the outputs of one cell, so that the app can show the
same cell for another partner or day, and papermill the same cell in print.

deficit_trends    all goods with the partner
auto_trade_gap    HS chapter 87 with the partner and beside other car makers
state_of_talks    events and issues up to the as-of day
"""
