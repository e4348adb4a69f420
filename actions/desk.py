"""Whose desk takes what belongs to no other agency."""

from __future__ import annotations

from knowledge.catalogue import Catalogue
from knowledge.contract import PublicOrganisation


def front_desk(catalogue: Catalogue) -> PublicOrganisation | None:
    """The authority's own agency: in a ward its one-stop centre."""
    return catalogue.agencies.get(catalogue.authority.identifier)
