from __future__ import annotations

from matting_core.models.catalogue import CATALOGUE
from matting_core.models.terms import TERMS


def test_what_is_not_apache_says_what_it_asks_for() -> None:
    special = {entry.licence for entry in CATALOGUE.values()} - {"Apache-2.0"}
    assert special == set(TERMS)
    for terms in TERMS.values():
        assert len(terms.points) == 2
        assert all(point.endswith(".") for point in terms.points)
        assert terms.address.startswith("https://")
