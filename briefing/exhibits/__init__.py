"""What a chapter shows: charts, tables, tiles, lists of events and issues, and the list of sources."""
