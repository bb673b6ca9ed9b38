"""Messages that come back, as mail servers and calendar programs write them."""

from datetime import datetime

TOKEN = "0123456789abcdef0123456789abcdef"


def bounce(
    message_id: str = f"<{TOKEN}@convive.example>",
    to: str = "events@pma.example",
    action: str = "failed",
    reason: str = "550 5.1.1 <zoe@mail.example>: Recipient address rejected: User unknown",
) -> bytes:
    """Postfix's, RFC 3464."""
    return f"""\
Return-Path: <>
From: MAILER-DAEMON@mx.mail.example (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B1"

--B1
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--B1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.mail.example

Final-Recipient: rfc822; zoe@mail.example
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; {reason}

--B1
Content-Type: text/rfc822-headers

From: Convive <events@pma.example>
To: zoe@mail.example
Subject: Votre place
Message-ID: {message_id}

--B1--
""".replace("\n", "\r\n").encode()


def reply(
    uid: str,
    attendee: str = "zoe@mail.example",
    sender: str = "",
    answer: str = "ACCEPTED",
    at: datetime = datetime.fromisoformat("2018-03-01T10:00:00Z"),
    more: str = "",
) -> bytes:
    """Google's, Outlook's and Thunderbird's have these parts in common."""
    return f"""\
From: Zoé <{sender or attendee}>
To: events@pma.example
Subject: Accepted: Monkey Time
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="B1"

--B1
Content-Type: text/plain; charset=utf-8

Zoé a répondu.

--B1
Content-Type: text/calendar; charset=utf-8; method=REPLY

BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
METHOD:REPLY
BEGIN:VEVENT
UID:{uid}
SEQUENCE:0
DTSTAMP:{at:%Y%m%dT%H%M%SZ}
DTSTART:20180410T120000Z
ORGANIZER:mailto:events@pma.example
ATTENDEE;CN=Zoé;PARTSTAT={answer}:mailto:{attendee}
{more}SUMMARY:Monkey Time
END:VEVENT
END:VCALENDAR

--B1--
""".replace("\n", "\r\n").encode()
