"""Our own typeface on papers: npm carries it as WOFF, and typst reads TrueType."""

import struct
import zlib
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from events_app.kernel.vendor_files import ON_PAPER, vendor_folder

_HEADER = struct.Struct(">4sIIHHIHHIIIII")
_ENTRY = struct.Struct(">4sIIII")
_MOST_BYTES = 4_000_000
_FAMILY = "Hyperlegible Next"
_FURTHER = "latin-ext"
_FURTHER_FAMILY = "Hyperlegible More"


def unpacked(woff: bytes) -> bytes:
    """WOFF 1.0 (W3C, 2012) to the TrueType or OpenType file that it holds. Raises `ValueError`."""
    try:
        signature, flavor, _, count, *_ = _HEADER.unpack_from(woff)
        entries = sorted(_ENTRY.unpack_from(woff, _HEADER.size + _ENTRY.size * at) for at in range(count))
        if signature != b"wOFF" or not count:
            raise ValueError("not a WOFF file")
        tables = [_table(woff, offset, packed, length) for _, offset, packed, length, _ in entries]
    except (struct.error, zlib.error) as broken:
        raise ValueError(str(broken)) from None
    power = 1 << (count.bit_length() - 1)
    head = struct.pack(">IHHHH", flavor, count, power * 16, power.bit_length() - 1, (count - power) * 16)
    offset = len(head) + 16 * count
    directory, body = [], []
    for (tag, _, _, length, checksum), table in zip(entries, tables, strict=True):
        directory.append(struct.pack(">4sIII", tag, checksum, offset, length))
        padded = table + b"\0" * (-length % 4)
        body.append(padded)
        offset += len(padded)
    return head + b"".join(directory) + b"".join(body)


def _table(woff: bytes, offset: int, packed: int, length: int) -> bytes:
    content = woff[offset : offset + packed]
    if length > _MOST_BYTES or len(content) != packed:
        raise ValueError("a table is cut off or too long")
    table = content if packed == length else zlib.decompressobj().decompress(content, length)
    if len(table) != length:
        raise ValueError("a table is shorter than it says")
    return table


def _renamed(face: bytes) -> bytes:
    """Typst takes one file of a family and weight: the letters of the second file need a name of their own,
    of the same length so that nothing else moves."""
    for encoding in ("utf-16-be", "ascii"):
        face = face.replace(_FAMILY.encode(encoding), _FURTHER_FAMILY.encode(encoding))
    return face


@cache
def faces_folder() -> Path | None:
    """A folder of this process with the unpacked faces; None where npm has not installed them."""
    vendor = vendor_folder()
    found = (
        [vendor / package / name for package, names in ON_PAPER.items() for name in names] if vendor else []
    )
    if not found or not all(path.is_file() for path in found):
        return None
    folder = Path(_kept().name)
    for path in found:
        face = unpacked(path.read_bytes())
        (folder / f"{path.stem}.ttf").write_bytes(_renamed(face) if _FURTHER in path.stem else face)
    return folder


@cache
def _kept() -> "TemporaryDirectory[str]":
    """Removed when the process ends."""
    return TemporaryDirectory(prefix="convive-faces-")
