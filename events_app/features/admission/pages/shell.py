"""What makes the door and tickets open without a network: service workers, and the door as an app."""

import json
from functools import cache
from typing import Any, Final

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from events_app.features.admission.doors import event_at_door
from events_app.features.events.access import may_scan
from events_app.kernel.actor import Actor
from events_app.kernel.errors import NotAllowed
from events_app.web.assets import asset_url, assets
from events_app.web.guards import SCANNING, requires

SERVICE_WORKER: Final = "/door/service-worker.js"
TICKET_WORKER: Final = "/tickets/service-worker.js"
_SCRIPT: Final = "js/offline-worker.js"
_DECODER: Final = "zxing-wasm/dist/es/reader/index.js"
_WASM: Final = "zxing-wasm/dist/reader/zxing_reader.wasm"
_KEPT: Final = ("js/awake.js", "css/convive.css", "css/door.css", "images/convive.svg")
_POLICY: Final = "default-src 'none'; script-src 'self'; connect-src 'self'"


class Shell(Struct, frozen=True):
    """What a service worker keeps; the constants that `js/offline-worker.js` explains, as JavaScript."""

    name: str
    files: tuple[str, ...]
    page: str
    stand_in: str = "/^$/"
    at_most: int = 30
    gone: tuple[int, ...] = ()


_DOOR: Final = Shell("convive-door", ("js/door/", "zxing-wasm/", *_KEPT), r"/^\/door\/[^/.]+$/")
_TICKETS: Final = Shell(
    "convive-tickets",
    ("js/ticket.js", *_KEPT),
    r"/^\/tickets\/[^/.]+$/",
    stand_in=r"/^\/me\/[^/]+$/",
    gone=(404, 410),
)


def decoder_addresses() -> dict[str, str] | None:
    """Of the worker and of what it loads; None when npm has installed nothing: no camera then."""
    module, wasm = asset_url(_DECODER), asset_url(_WASM)
    if not module or not wasm:
        return None
    return {"decoder": asset_url("js/door/decoder.js"), "module": module, "wasm": wasm}


@get(SERVICE_WORKER)
async def service_worker() -> Response[str]:
    """Not under the addresses that never change: a browser asks for it again, and renews what it keeps."""
    headers = {"cache-control": "no-cache", "content-security-policy": _POLICY}
    return Response(_worker(_DOOR), media_type="text/javascript", headers=headers)


@get(TICKET_WORKER)
async def ticket_worker() -> Response[str]:
    """Also for personal pages, which are never kept: without a network they lead to the ticket."""
    headers = {"cache-control": "no-cache", "content-security-policy": _POLICY}
    allowed = {"service-worker-allowed": "/"}
    return Response(_worker(_TICKETS), media_type="text/javascript", headers=headers | allowed)


@cache
def _worker(shell: Shell) -> str:
    tree = assets()
    files = sorted({url for name, url in tree.urls.items() if _is_kept(shell, name, url)})
    said = {
        "NAME": json.dumps(shell.name),
        "VERSION": json.dumps(tree.urls[_SCRIPT].split("/")[2]),
        "FILES": json.dumps(files),
        "PAGE": shell.page,
        "STAND_IN": shell.stand_in,
        "AT_MOST": str(shell.at_most),
        "GONE": json.dumps(shell.gone),
    }
    head = "".join(f"const {name} = {value};\n" for name, value in said.items())
    return head + tree.files[tree.urls[_SCRIPT]].file.body.decode()


def _is_kept(shell: Shell, name: str, url: str) -> bool:
    return name.startswith(shell.files) or name == "font" or url.endswith(".woff2")


@get("/door/{slug:str}/app.webmanifest", guards=[requires(*SCANNING, or_device=True)])
async def app_manifest(slug: FromPath[str], actor: NamedDependency[Actor]) -> Response[dict[str, Any]]:
    event = await event_at_door(actor, slug)
    if not may_scan(actor, event):
        raise NotAllowed
    said = {
        "name": event.title,
        "short_name": event.title[:24],
        "id": f"/door/{slug}",
        "start_url": f"/door/{slug}",
        "scope": "/door/",
        "display": "standalone",
        "background_color": "#161413",
        "theme_color": "#211e1c",
        "icons": [{"src": asset_url("images/convive.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    return Response(said, media_type="application/manifest+json", headers={"cache-control": "no-store"})


ROUTES = [service_worker, ticket_worker, app_manifest]
