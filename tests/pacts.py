"""The pacts on record, for tests."""

from briefing import talks
from briefing.record import sources
from briefing.talks import Pact


def pact_of(partner: str = "5800") -> Pact:
    """The pact with a partner, which is on record."""
    found = talks.pact_with(sources.talks_record(), partner)
    assert found is not None
    return found
