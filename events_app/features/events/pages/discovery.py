"""For programs that look at the site: search engines, phones that keep it, posters that point to it."""

from typing import Any
from xml.sax.saxutils import escape

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from events_app.features.events.listing import announced_addresses
from events_app.features.events.queries import visible_event
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.outputs.qrcodes import qr_svg
from events_app.web.assets import asset_url

AN_HOUR = {"cache-control": "public, max-age=3600"}
_PRIVATE = ("/me/", "/tickets/", "/address/", "/org", "/door", "/sign-in", "/my-tickets")


@get("/robots.txt", media_type="text/plain")
async def robots(world: NamedDependency[World]) -> Response[str]:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _PRIVATE)]
    lines.append(f"Sitemap: {world.url('/sitemap.xml')}")
    return Response("\n".join(lines) + "\n", media_type="text/plain", headers=AN_HOUR)


@get("/sitemap.xml")
async def sitemap(world: NamedDependency[World]) -> Response[str]:
    """The agenda and what is announced publicly (https://www.sitemaps.org/protocol.html)."""
    found = [("/", ""), *await announced_addresses()]
    entries = "".join(
        f"<url><loc>{escape(world.url(path))}</loc>"
        + (f"<lastmod>{changed}</lastmod>" if changed else "")
        + "</url>"
        for path, changed in found
    )
    document = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'
    )
    return Response(document, media_type="application/xml", headers=AN_HOUR)


@get("/site.webmanifest")
async def web_manifest(world: NamedDependency[World]) -> Response[dict[str, Any]]:
    """What a phone shows that keeps the site on its home screen (W3C Web Application Manifest)."""
    icons = [
        {"src": asset_url(f"images/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in (192, 512)
    ]
    described = {
        "name": world.settings.site_name,
        "short_name": world.settings.site_name[:12],
        "start_url": "/",
        "display": "browser",
        "background_color": "#faf7f2",
        "theme_color": "#9d3a25",
        "icons": icons,
    }
    return Response(described, media_type="application/manifest+json", headers=AN_HOUR)


@get(["/favicon.ico", "/apple-touch-icon.png", "/apple-touch-icon-precomposed.png"])
async def icon_by_habit() -> Response[None]:
    """Asked for without having been named by any page."""
    where = {"location": asset_url("images/icon-180.png")}
    return Response(None, status_code=302, headers=AN_HOUR | where)


@get("/events/{slug:str}/qr.svg")
async def poster_code(
    request: Request[Any, Any, Any],
    slug: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[str]:
    """The page's address as a code of six centimetres, for a poster."""
    event = await visible_event(actor, slug)
    drawn = qr_svg(world.url(f"/events/{event.slug}"), event.title, size_mm=60)
    return Response(drawn, media_type="image/svg+xml", headers={"cache-control": "private, no-cache"})


ROUTES = [robots, sitemap, web_manifest, icon_by_habit, poster_code]
