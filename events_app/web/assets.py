"""The files that a browser may fetch: an allow-list with addresses that never change their content.

Ours live under ``/static/<digest>/``, one digest for the whole tree, so that relative imports between our ES
modules stay right. Those of npm live under ``/vendor/<package>@<version>/``. Addresses are looked up in a
dictionary and never joined to a folder, so no address can leave the list. Everything works, plainer, when the
npm files are absent.
"""

import asyncio
import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path

from litestar import Router, asgi
from litestar.types import Receive, Scope, Send

from events_app.kernel.vendor_files import FONT, FONT_FILE, SERVED, vendor_folder
from events_app.web.kept_files import KeptFile, RawAnswer

_PACKAGE = Path(__file__).resolve().parent.parent
_STATIC = _PACKAGE / "static"

_MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
}
_ALREADY_COMPRESSED = {".png", ".woff2"}

# Subsets as cut by the font's packagers (unicode.json of the package).
# Without the two small letters of 1ᵉʳ, which the system draws: they would cost every form 22 kB.
# Both ranges hold œ, and the last face that holds a letter is taken: most pages need the second file only.
_FONT_RANGES = {
    "latin-ext": "U+0100-02B2,U+02B4-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+0304,U+0308,"
    "U+0329,U+1D00-1D48,U+1D4A-1DBF,U+1E00-1E9F,U+1EF2-1EFF,U+2020,U+20A0-20AB,U+20AD-20C0,U+2113,"
    "U+2C60-2C7F,U+A720-A7FF",
    "latin": "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,"
    "U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD",
}

# One request for the styles of every page. The order of the layers decides, not the order of the files.
_SHEET = "css/convive.css"
_SHEET_PARTS = ("tokens", "base", "layouts", "components", "forms", "charts", "print")
_LAYERS = "@layer tokens,base,layouts,components,page,print;"

# A worker obeys the policy of its own answer: this one compiles the decoder's WebAssembly.
_OWN_POLICIES = {
    "js/door/decoder.js": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'",
}

_FOREVER = b"public, max-age=31536000, immutable"


class Asset:
    """One file; read and compressed at its first use, then kept."""

    def __init__(self, source: Path | bytes, suffix: str, etag: str) -> None:
        self._source = source
        self._suffix = suffix
        self._etag = etag

    @cached_property
    def file(self) -> KeptFile:
        body = self._source if isinstance(self._source, bytes) else self._source.read_bytes()
        level = 0 if self._suffix in _ALREADY_COMPRESSED else 9
        return KeptFile(body, _MEDIA_TYPES[self._suffix], f'"{self._etag}"', level=level)


class AssetTree:
    """All files by address (``files``) and all addresses by name (``urls``)."""

    def __init__(self, static: Path, vendor: Path | None) -> None:
        self.files: dict[str, Asset] = {}
        self.urls: dict[str, str] = {}
        faces = self._add_vendor(vendor) if vendor else ""
        self._add_own(static, faces)

    def _add_vendor(self, vendor: Path) -> str:
        """Return the ``@font-face`` rules of the font, empty when it is not installed."""
        for package, names in SERVED.items():
            try:
                version = json.loads((vendor / package / "package.json").read_text("utf-8"))["version"]
            except (OSError, ValueError, KeyError):
                continue
            for name in names:
                path = vendor / package / name
                if path.is_file():
                    url = f"/vendor/{package}@{version}/{name}"
                    self.files[url] = Asset(path, path.suffix, f"{version}-{path.stat().st_size:x}")
                    self.urls[f"{package}/{name}"] = url
        if font := self.urls.get(f"{FONT}/{FONT_FILE.format('latin')}"):
            self.urls["font"] = font
        return "".join(
            '@font-face{font-family:"Atkinson Hyperlegible Next Variable";font-weight:200 800;'
            f'font-display:swap;src:url("{face}") format("woff2");unicode-range:{codes}}}'
            for subset, codes in _FONT_RANGES.items()
            if (face := self.urls.get(f"{FONT}/{FONT_FILE.format(subset)}"))
        )

    def _add_own(self, static: Path, faces: str) -> None:
        found = {
            path.relative_to(static).as_posix(): path.read_bytes()
            for path in sorted(static.rglob("*"))
            if path.is_file() and path.suffix in _MEDIA_TYPES
        }
        contents = {name: body for name, body in found.items() if not name.startswith("vendor/")}
        contents[_SHEET] = _sheet(contents, faces)
        tree = hashlib.blake2b(digest_size=8)
        for name, body in sorted(contents.items()):
            tree.update(f"{name}\0{len(body)}\0".encode())
            tree.update(body)
        digest = tree.hexdigest()
        for name, body in contents.items():
            url = f"/static/{digest}/{name}"
            self.files[url] = Asset(body, Path(name).suffix, f"{digest}-{len(body):x}")
            self.urls[name] = url

    def find(self, path: str) -> tuple[Asset | None, bool]:
        """The file at an address, and whether that address is its present one.

        A page that was open while the server was renewed asks for the former digest: it gets the present
        file, not to be kept.
        """
        if (present := self.files.get(path)) is not None:
            return present, True
        parts = path.split("/", 3)  # "", "static", digest, name
        if len(parts) == 4 and parts[1] == "static" and (url := self.urls.get(parts[3])):
            return self.files.get(url), False
        return None, False


def _sheet(contents: Mapping[str, bytes], faces: str) -> bytes:
    text = "".join(contents[f"css/{part}.css"].decode() for part in _SHEET_PARTS)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return (_LAYERS + faces + re.sub(r"\n\s*", "\n", text)).encode()


@cache
def assets() -> AssetTree:
    """Read our own files once per process (about 5 ms); those of npm are read when first asked for."""
    return AssetTree(_STATIC, vendor_folder())


def asset_url(name: str) -> str:
    """Address of ``css/convive.css``, ``js/door.js``, ``zxing-wasm/dist/es/reader/index.js`` or ``font``.

    Empty when the file is not installed, so that a template can leave it out.
    """
    return assets().urls.get(name, "")


async def _serve(prefix: str, scope: Scope, receive: Receive, send: Send) -> None:
    asset, current = assets().find(f"{prefix}/{scope['path'].strip('/')}")  # a mount sees the rest
    if scope.get("method", "GET") not in ("GET", "HEAD"):
        await RawAnswer(405, [(b"allow", b"GET, HEAD")], b"")(scope, receive, send)
        return
    if asset is None:
        await RawAnswer(404, [(b"cache-control", b"no-store")], b"")(scope, receive, send)
        return
    headers = [
        (b"cache-control", _FOREVER if current else b"no-cache"),
        (b"x-content-type-options", b"nosniff"),
    ]
    if (policy := _OWN_POLICIES.get(scope["path"].strip("/").partition("/")[2])) is not None:
        headers.append((b"content-security-policy", policy.encode()))
    # The first use of a large file compresses it (the decoder: 0.1 s), so not on the event loop.
    answer = await asyncio.to_thread(lambda: asset.file.answer(scope, *headers))
    await answer(scope, receive, send)


@asgi("/static", is_mount=True, copy_scope=False)
async def own_files(scope: Scope, receive: Receive, send: Send) -> None:
    await _serve("/static", scope, receive, send)


@asgi("/vendor", is_mount=True, copy_scope=False)
async def vendor_files(scope: Scope, receive: Receive, send: Send) -> None:
    await _serve("/vendor", scope, receive, send)


router = Router("/", route_handlers=[own_files, vendor_files], include_in_schema=False)
