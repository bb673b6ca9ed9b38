"""Writes readings.json, for Python and the browser alike: `python -m tests.vectors.make_readings`."""

import json
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("readings.json")
TICKETS = json.loads(FILE.with_name("tickets.json").read_text("utf-8"))


def build() -> list[dict[str, Any]]:
    """`kind` is what the form of the text says, before anything is verified or looked up."""
    signed = TICKETS["signed"][0]["code"]
    opaque = TICKETS["opaque"][1]["code"]
    short = TICKETS["short"][4]["code"]
    address = f"https://convive.example/tickets/{signed}"
    return [
        {"text": text, "bare": bare, "kind": kind}
        for text, bare, kind in (
            (signed, signed, "signed"),
            (signed.lower(), signed.lower(), "signed"),
            (f" {signed[:60]} {signed[60:]}\r\n", f" {signed[:60]} {signed[60:]}\r\n", "signed"),
            (address, signed, "signed"),
            (f"{address}.svg?x=1", signed, "signed"),
            (f"{address}.pdf", signed, "signed"),
            (f"{address}/", signed, "signed"),
            (f"http://[/tickets/{signed}", signed, "signed"),
            (f"{address}?from=/tickets/nobody", "nobody", ""),
            (opaque, opaque, "opaque"),
            (short, short, "short"),
            (
                f"{short[:3]}-{short[3:6]} {short[6:]}".lower(),
                f"{short[:3]}-{short[3:6]} {short[6:]}".lower(),
                "short",
            ),
            (f"]Q1{signed}", signed, "signed"),
            (f"]Q3{opaque}\r\n", f"{opaque}\r\n", "opaque"),
            (f" ]C0{short}\r", f"{short}\r", "short"),
            (f"]Q1{address}", signed, "signed"),
            (f"\ufeff{signed}", signed, "signed"),
            (f"\u200b]Q1{short}\u200e", short, "short"),
            (f"]d2{short}\n", f"{short}\n", "short"),
            ("ooo ooo ooo", "ooo ooo ooo", "short"),
            ("Dupont", "Dupont", ""),
            ("", "", ""),
            ("https://example.org/", "https://example.org/", ""),
            ("🙂" * 9, "🙂" * 9, ""),
            (signed[:-1], signed[:-1], ""),
            ("A" * 1001, "A" * 1001, ""),
        )
    ]


if __name__ == "__main__":
    FILE.write_text(json.dumps(build(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
