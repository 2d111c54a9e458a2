"""`make bench`: how quickly the book and the record answer, beside what else could have been used."""
