"""The data, read here only: the register and its vintages, editions as of a day, observations and the store."""
