"""The last cleaning before bytes are made: whatever reached a maker, the file that it writes is well formed.

Input is cleaned where it enters (kernel.text); a maker does not trust that, for one lone surrogate would make
a whole feed or mail impossible to encode.
"""

import re
from typing import Final

# C0 and C1 controls but tab and newline, lone surrogates, and the two non-characters that XML 1.0 forbids.
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LINE_ENDS: Final = re.compile("\r\n?|\x0b|\x0c|\x85|\u2028|\u2029")
_BLANKS: Final = re.compile("[\t\n ]+")


def printable_text(text: str) -> str:
    """The text with newlines alone as line ends and no character that iCalendar, XML or mail cannot carry."""
    return _UNWRITABLE.sub("", _LINE_ENDS.sub("\n", text))


def printable_line(text: str) -> str:
    """The same on a single line: line ends and runs of blanks become one space, the edges are trimmed."""
    return _BLANKS.sub(" ", printable_text(text)).strip()
