"""Targets that are no SMTP servers: each kind is a function that gets a connected socket."""
import os
import socket
import threading
import time


def random_octets(connection):
    for _ in range(20000):
        connection.sendall(os.urandom(4096))


def endless_banner(connection):
    connection.sendall(b"220 ")
    while True:
        connection.sendall(b"x" * 65536)


def endless_multiline_greeting(connection):
    while True:
        connection.sendall(b"220-hello there\r\n" * 1000)


def endless_ehlo_reply(connection):
    connection.sendall(b"220 mail.example.org ESMTP\r\n")
    connection.recv(1000)
    while True:
        connection.sendall(b"250-FOO\r\n" * 1000)


def an_octet_a_second(connection):
    for octet in b"220 mail.example.org ESMTP, slowly\r\n" * 10:
        connection.sendall(bytes([octet]))
        time.sleep(1)


def immediate_close(connection):
    pass


def tls_garbage(connection):
    connection.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + os.urandom(500))
    time.sleep(60)


def http_server(connection):
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


def garbage_behind_starttls(connection):
    """A sound little SMTP server in clear, whose TLS is none."""
    lines = connection.makefile("rb")
    connection.sendall(b"220 mail.example.org ESMTP\r\n")
    is_greeted = False
    for line in lines:
        verb = line.split()[0].upper() if line.split() else b""
        if verb == b"STARTTLS" and len(line.split()) > 1:
            connection.sendall(b"501 5.5.4 no argument\r\n")
            continue
        if verb == b"STARTTLS" and is_greeted:
            connection.sendall(b"220 2.0.0 go ahead\r\n")
            connection.recv(4096)
            connection.sendall(b"this is no TLS record, however long one waits for it\r\n")
            return
        if verb == b"QUIT":
            connection.sendall(b"221 mail.example.org bye\r\n")
            return
        is_greeted = is_greeted or verb in (b"EHLO", b"HELO")
        if verb == b"EHLO":
            connection.sendall(b"250-mail.example.org\r\n250-STARTTLS\r\n250 SIZE 1000000\r\n")
        elif verb == b"HELO":
            connection.sendall(b"250 mail.example.org\r\n")
        elif verb in (b"MAIL", b"RCPT", b"RSET", b"NOOP", b"STARTTLS"):
            connection.sendall(b"250 2.0.0 ok\r\n" if is_greeted else b"503 5.5.1 EHLO first\r\n")
        else:
            connection.sendall(b"502 5.5.1 not here\r\n")


def endless_lines_behind_hello(connection):
    """Every reply but those to EHLO, NOOP and QUIT is a line without an end, which goes on behind our QUIT."""
    lines = connection.makefile("rb")
    connection.sendall(b"220 mail.example.org ESMTP\r\n")
    for line in lines:
        verb = line[:4].upper()
        if verb in (b"EHLO", b"NOOP"):
            connection.sendall(b"250-mail.example.org\r\n250 PIPELINING\r\n" if verb == b"EHLO" else b"250 ok\r\n")
        elif verb == b"QUIT":
            connection.sendall(b"221 bye\r\n")
            return
        else:
            while True:
                connection.sendall(b"2" * 65536)


def silence(connection):
    time.sleep(60)


class SlowsDown:
    """Answers as a mail server would for so many connections, and with an octet a second from then on."""

    def __init__(self, good_connections):
        self.good_connections = good_connections
        self.lock = threading.Lock()

    def __call__(self, connection):
        with self.lock:
            self.good_connections -= 1
            is_good = self.good_connections >= 0
        if is_good:
            answer_every_line(connection)
        else:
            an_octet_a_second(connection)


def answer_every_line(connection):
    """250 to whatever comes, the text of a message included."""
    connection.sendall(b"220 mail.example.org ESMTP\r\n")
    for line in connection.makefile("rb"):
        connection.sendall(b"250 mail.example.org\r\n")


class Server:
    """Listens on a free loopback port and gives every connection to `kind`, in a thread of its own."""

    def __init__(self, kind):
        self.kind = kind
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection:
            try:
                self.kind(connection)
            except OSError:
                pass

    def close(self):
        self.listener.close()
