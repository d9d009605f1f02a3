"""aiosmtpd as a receiver of mail for example.org: PORT STATE_FOLDER.

alice and postmaster are mailboxes (a "+tag" is ignored), every other name there is unknown. Other domains are refused
unless the client is authenticated; what it then sends there is thrown away. All else is the library's default.
"""

import asyncio
import mailbox
import ssl
import sys
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

LOCAL_DOMAIN = "example.org"
MAILBOXES = {"alice", "postmaster"}


def is_local(address):
    return address.lower().rpartition("@")[2] in (LOCAL_DOMAIN, "postmaster")


class Receiver:
    def __init__(self, folder):
        self.maildir = mailbox.Maildir(folder)

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
        if any(is_local(recipient) for recipient in envelope.rcpt_tos):
            return_path = b"Return-Path: <%s>\r\n" % (envelope.mail_from or "").encode()
            self.maildir.add(return_path + envelope.original_content)
        return "250 OK"


def authenticate(server, session, envelope, mechanism, data):
    known = LoginPassword(b"alice", b"secret")
    return AuthResult(success=data == known, handled=False)


async def serve(port, state):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(state / "cert.pem", state / "key.pem")
    receiver = Receiver(state / "home" / "Maildir")
    loop = asyncio.get_running_loop()

    def session():
        return SMTP(
            receiver,
            hostname="mail.example.org",
            enable_SMTPUTF8=True,
            tls_context=tls,
            authenticator=authenticate,
            loop=loop,
        )

    listener = await loop.create_server(session, "127.0.0.1", port)
    await listener.serve_forever()


asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
