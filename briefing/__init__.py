"""The KORUS Briefing Book: figures on US trade talks, each with its origin."""

import sys

# jsonschema builds a grammar for one format, "iri", at import: longer than all else that a program of the book imports.
# Nothing here has an iri; without the grammar that format alone goes unchecked.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
