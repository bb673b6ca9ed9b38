"""Files under addresses that never change: what is served, how, and that nothing else is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from events_app.web.assets import AssetTree, asset_url, router
from events_app.web.icons import icon

STATIC = Path(__file__).parents[3] / "events_app/static"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient[Any]]:
    with TestClient(Litestar([router], openapi_config=None)) as running:
        yield running


def test_sheet_is_kept_for_ever_and_travels_compressed(client: TestClient[Any]) -> None:
    answer = client.get(asset_url("css/convive.css"))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < 10_000
    assert "@layer tokens,base" in answer.text


def test_browser_without_gzip_reads_the_same(client: TestClient[Any]) -> None:
    url = asset_url("css/convive.css")
    plain = client.get(url, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == client.get(url).text
    assert plain.headers["etag"] != client.get(url).headers["etag"]


def test_head_and_conditional_requests_have_no_body(client: TestClient[Any]) -> None:
    url = asset_url("images/convive.svg")
    full, head = client.get(url), client.head(url)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers == full.headers
    again = client.get(url, headers={"if-none-match": full.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_former_digest_gives_the_present_file_not_to_be_kept(client: TestClient[Any]) -> None:
    answer = client.get("/static/0000000000000000/images/convive.svg")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "/static/x/../../app.py",
        "/static/x/..%2f..%2fapp.py",
        "/static/x/%2e%2e/%2e%2e/pyproject.toml",
        "/static//etc/passwd",
        "/static/",
        "/vendor/axe-core@4.14.1/axe.min.js",
        "/vendor/zxing-wasm@3.1.4/package.json",
        "/vendor/%00",
    ],
)
def test_nothing_else_is_served(client: TestClient[Any], path: str) -> None:
    assert client.get(path).status_code == 404


def test_other_methods_are_refused(client: TestClient[Any]) -> None:
    answer = client.post(asset_url("css/convive.css"))
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


def test_every_file_of_ours_has_an_address_under_one_digest() -> None:
    tree = AssetTree(STATIC, None)
    assert len({url.split("/")[2] for url in tree.urls.values()}) == 1
    assert set(tree.urls) == {
        path.relative_to(STATIC).as_posix()
        for path in STATIC.rglob("*")
        if path.is_file() and "vendor" not in path.relative_to(STATIC).parts
    } | {"css/convive.css"}


def test_without_npm_pages_keep_their_styles_and_lose_only_the_face() -> None:
    tree = AssetTree(STATIC, None)
    sheet = tree.files[tree.urls["css/convive.css"]].file.body.decode()
    assert "Atkinson Fallback" in sheet
    assert "/vendor/" not in sheet
    assert tree.urls.get("font") is None


def test_digest_changes_with_the_content(tmp_path: Path) -> None:
    for name in ("tokens", "base", "layouts", "components", "forms", "charts", "print"):
        (tmp_path / "css").mkdir(exist_ok=True)
        (tmp_path / f"css/{name}.css").write_text(f".{name} {{}}")
    before = AssetTree(tmp_path, None).urls["css/convive.css"]
    (tmp_path / "css/base.css").write_text(".base { color: red }")
    assert AssetTree(tmp_path, None).urls["css/convive.css"] != before


@pytest.mark.parametrize("name", ["../../package", "no-such-icon", "", "A/b"])
def test_unknown_icons_are_empty(name: str) -> None:
    assert icon(name) == ""
