"""aiosmtpd as a receiver of mail for example.org: PORT STATE_FOLDER [lmtp].

alice and postmaster are mailboxes (a "+tag" is ignored), every other name there is unknown. Other domains are refused
unless the client is authenticated; what it then sends there is thrown away. The library stores nothing: final delivery,
with its trace fields (RFC 5321 §4.4) and a copy for each recipient, is this file's, and in LMTP the reply for each
recipient (RFC 2033 §4.2): the library sends what the handler returns. All else is the library's default.
"""

import asyncio
import itertools
import mailbox
import re
import ssl
import sys
from email.utils import formatdate
from pathlib import Path

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

LOCAL_DOMAIN = "example.org"
MAILBOXES = {"alice", "postmaster"}


def is_local(address):
    return address.lower().rpartition("@")[2] in (LOCAL_DOMAIN, "postmaster")


def without_return_path(content):
    """The message without Return-Path fields that somebody else has put there."""
    head, blank, body = content.partition(b"\r\n\r\n")
    return re.sub(rb"(?im)^return-path:.*\r\n([ \t].*\r\n)*", b"", head + b"\r\n").removesuffix(b"\r\n") + blank + body


class Receiver:
    def __init__(self, folder, is_lmtp):
        self.is_lmtp = is_lmtp
        self.maildir = mailbox.Maildir(folder)
        self.ids = itertools.count(1)

    def trace_fields(self, session, envelope):
        sender = (envelope.mail_from or "").strip("<>")
        protocol = "LMTP" if self.is_lmtp else "ESMTP" if session.extended_smtp else "SMTP"
        if envelope.smtp_utf8:
            protocol = "UTF8LMTP" if self.is_lmtp else "UTF8SMTP"
        protocol += ("S" if session.ssl else "") + ("A" if session.authenticated else "")
        return (
            f"Return-Path: <{sender}>\r\n"
            f"Received: from {session.host_name} ([{session.peer[0]}])\r\n"
            f"\tby mail.example.org with {protocol} id {next(self.ids)};\r\n\t{formatdate(localtime=True)}\r\n"
        ).encode()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if is_local(address):
            name = address.lower().partition("@")[0].partition("+")[0]
            if name not in MAILBOXES:
                return "550 5.1.1 No such mailbox here"
        elif not session.authenticated:
            return "550 5.7.1 Not relayed without authentication"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = self.trace_fields(session, envelope) + without_return_path(envelope.original_content)
        for _ in {recipient for recipient in envelope.rcpt_tos if is_local(recipient)}:
            self.maildir.add(message)
        return "\r\n".join(["250 OK"] * (len(envelope.rcpt_tos) if self.is_lmtp else 1))


def authenticate(server, session, envelope, mechanism, data):
    known = LoginPassword(b"alice", b"secret")
    return AuthResult(success=data == known, handled=False)


async def serve(port, state, is_lmtp):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(state / "cert.pem", state / "key.pem")
    receiver = Receiver(state / "home" / "Maildir", is_lmtp)
    loop = asyncio.get_running_loop()

    def session():
        return (LMTP if is_lmtp else SMTP)(
            receiver,
            hostname="mail.example.org",
            enable_SMTPUTF8=True,
            tls_context=tls,
            authenticator=authenticate,
            loop=loop,
        )

    listener = await loop.create_server(session, "127.0.0.1", port)
    await listener.serve_forever()


asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:] == ["lmtp"]))
