"""What is made and kept: an edition's brief and its files, and a number followed back to where it came from."""
