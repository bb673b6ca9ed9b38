"""Bodies as they are sent: what Litestar's own reading answers with an error of ours, refused as theirs."""

import re
from typing import Any

from litestar import Request
from litestar.datastructures import FormMultiDict
from litestar.exceptions import ClientException, HTTPException, SerializationException

_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([^\s;\"]*)", re.IGNORECASE)


class BodyRequest(Request[Any, Any, Any]):
    """JSON must say that it is JSON (or say nothing), be UTF-8 and not be nested without end; forms too."""

    @property
    def cookies(self) -> dict[str, str]:
        """The first value of each name, as the entrance read them."""
        found: dict[str, tuple[str, ...]] = self.scope["state"].get("cookies", {})
        return {name: values[0] for name, values in found.items()}

    def _charsets(self) -> set[str]:
        """All that the content type says: of two, nobody knows which one was meant."""
        return {name.lower() for name in _CHARSET.findall(self.headers.get("content-type", ""))}

    async def json(self) -> Any:
        kind, _ = self.content_type
        if self._charsets() - {"utf-8", "utf8", "us-ascii"}:
            raise HTTPException(status_code=415)
        if kind and kind != "application/json" and not kind.endswith("+json"):
            raise HTTPException(status_code=415)
        try:
            return await super().json()
        except (UnicodeDecodeError, RecursionError, SerializationException) as error:
            raise ClientException from error

    async def form(self) -> FormMultiDict:
        if len(self._charsets()) > 1:
            raise ClientException
        try:
            return await super().form()
        except (ValueError, LookupError, RecursionError) as error:
            raise ClientException from error
