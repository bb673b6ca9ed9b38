"""Every component renders with nothing undefined, in words of the person's language, within the policy."""

import re

import pytest

from tools.styleguide import PAGES, Catalogue, render


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_wholly_in_french(page: str) -> None:
    catalogue = Catalogue("fr")
    render(page, "fr", catalogue)
    assert catalogue.missing == set()


@pytest.mark.parametrize("page", PAGES)
def test_pages_obey_the_content_policy(page: str) -> None:
    html = render(page, "en")
    assert (
        re.findall(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son\w+=|https?://(?!example\.org)[^\"\s]*", html)
        == []
    )


@pytest.mark.parametrize("page", PAGES)
def test_ids_are_unique_and_references_lead_somewhere(page: str) -> None:
    html = render(page, "fr")
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert sorted(ids) == sorted(set(ids))
    wanted = re.findall(r'\sfor="([^"]+)"|href="#([^"]+)"', html)
    described = [name for names in re.findall(r'aria-describedby="([^"]+)"', html) for name in names.split()]
    assert {name for pair in wanted for name in pair if name} | set(described) <= set(ids)


def test_an_invalid_field_is_announced_and_keeps_what_was_typed() -> None:
    html = render("register", "fr")
    tag = re.search(r'<input[^>]*name="email"[^>]*>', html)
    assert tag is not None
    assert 'value="camille.dupont"' in tag.group()
    assert 'aria-invalid="true" aria-describedby="h-email e-email"' in tag.group()
    assert 'inputmode="email"' in tag.group()
    assert "Il y a 1 point à corriger" in html
