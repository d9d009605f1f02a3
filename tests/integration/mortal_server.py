"""mortal_server.py PORT [--dies-on VERB] [--stops-on VERB] [--ignores VERB] [--one-at-a-time]

A small server of SMTP that comes to an end: at VERB the whole process aborts, or stops as if a lock were never released;
or one connection alone gets no answer to VERB. --one-at-a-time: a second client is greeted when the first has gone.
"""
import argparse
import os
import signal
import socketserver
import sys


class Session(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"220 mortal.example.org ESMTP\r\n")
        for line in self.rfile:
            verb = line.split()[0].upper().decode("latin-1") if line.split() else ""
            if verb == OPTIONS.dies_on:
                os.abort()
            if verb == OPTIONS.stops_on:
                os.kill(os.getpid(), signal.SIGSTOP)  # the reply may still get out
            if verb == OPTIONS.ignores:
                continue
            self.wfile.write({"EHLO": b"250 mortal.example.org\r\n", "QUIT": b"221 bye\r\n",
                              "HELP": b"214 none\r\n"}.get(verb, b"250 ok\r\n"))
            if verb == "QUIT":
                return


class Threaded(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class OneAtATime(socketserver.TCPServer):
    allow_reuse_address = True


PARSER = argparse.ArgumentParser()
PARSER.add_argument("port", type=int)
for option in ("--dies-on", "--stops-on", "--ignores"):
    PARSER.add_argument(option)
PARSER.add_argument("--one-at-a-time", action="store_true")
OPTIONS = PARSER.parse_args(sys.argv[1:])
(OneAtATime if OPTIONS.one_at_a_time else Threaded)(("127.0.0.1", OPTIONS.port), Session).serve_forever()
