"""What a chapter shows: charts, tables, tiles, events and issues, claims checked, the list of sources; their frame, and who draws."""
