"""What can go wrong, and the words a reader sees.

BriefingError
├── EditionError            a partner, day or month that no edition can be made for
├── SourceError
│   ├── UnregisteredSource  a dataset or file that data/sources.toml does not list
│   ├── ChecksumMismatch    a file whose bytes are not the registered ones
│   ├── NoVintage           no vintage can answer for that day
│   ├── MalformedSource     a file that is not what its importer expects
│   │   └── OtherLevel      one whose values are not of the size of what is held of the same
│   └── StoreError          an engine that does not hold the record, or cannot be reached
├── FetchError              a live source that did not give what was asked
│   ├── KeyRefused          no key, or one that the source does not accept
│   ├── NoData              a valid question to which the source has no data
│   ├── BadQuery            a question that the source refuses
│   ├── Overloaded          a source too busy or out of reach: worth another try, later
│   └── MalformedReply      a reply that is cut, is not what was asked, or contradicts itself
├── ObservationError
│   ├── MissingPeriods      a gap in a series that a figure would have spanned
│   ├── MixedBasis          two bases, valuations or adjustments in one sum
│   └── DuplicateObservations
├── CannotWrite             a folder that is full or may not be written
├── TalksError              a record of the talks that contradicts itself or lacks a source
├── ClaimError              a sentence with a typed number, or without its figures
└── BuildError              an edition that could not be written, or a folder that holds none

A message names the thing, says what it would have spoiled, and offers a way on.
"""


class BriefingError(Exception):
    """The root: catch this to catch everything the book refuses to do."""


class EditionError(BriefingError):
    """A partner, an as-of day or a month that no edition can be made for."""


class SourceError(BriefingError):
    """Something is wrong with a file in data/ or with its registration."""


class UnregisteredSource(SourceError):
    """A dataset or file that data/sources.toml does not list."""


class ChecksumMismatch(SourceError):
    """A file whose bytes are not the registered ones."""


class NoVintage(SourceError):
    """No vintage held can answer for the day asked."""


class MalformedSource(SourceError):
    """A file that is not what its importer expects."""


class OtherLevel(MalformedSource):
    """A file whose values are not of the size of what is held of the same: its unit, flow or goods may be others."""


class StoreError(SourceError):
    """An engine that does not hold the record, or cannot be reached."""


class FetchError(BriefingError):
    """A live source that did not give what was asked; the record is as it was."""


class KeyRefused(FetchError):
    """No key, or one that the source does not accept."""


class NoData(FetchError):
    """A valid question to which the source has no data."""


class BadQuery(FetchError):
    """A question that the source refuses."""


class Overloaded(FetchError):
    """A source too busy or out of reach: worth another try, after `retry_after` seconds if it said so."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class MalformedReply(FetchError):
    """A reply that is cut, is not what was asked, or contradicts itself."""


class ObservationError(BriefingError):
    """Observations that arithmetic must not be done on."""


class MissingPeriods(ObservationError):
    """A gap in a series that a figure would have spanned."""


class MixedBasis(ObservationError):
    """Two bases, valuations or adjustments in one sum."""


class DuplicateObservations(ObservationError):
    """More than one value for the same month, partner, commodity and flow."""


class CannotWrite(BriefingError):
    """A folder that is full, is not there, or may not be written; what was there is as before."""


class TalksError(BriefingError):
    """A record of the talks that contradicts itself or lacks a source."""


class ClaimError(BriefingError):
    """A sentence with a typed number, or one that lacks its figures."""


class BuildError(BriefingError):
    """An edition that could not be written; nothing of it is left behind."""
