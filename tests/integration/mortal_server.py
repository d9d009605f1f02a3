"""mortal_server.py PORT [--dies-on VERB] [--stops-on VERB] [--closes-on VERB] [--ignores VERB]
                    [--one-at-a-time] [--greets-after SECONDS] [--backlog N]

A small server of SMTP that comes to an end: at VERB the whole process aborts, or stops as if a lock were never released,
or listens no more; or one connection alone gets no answer to VERB. --one-at-a-time: a second client is greeted when the
first has gone.
"""
import argparse
import os
import signal
import socketserver
import sys
import time


class Session(socketserver.StreamRequestHandler):
    def handle(self):
        time.sleep(OPTIONS.greets_after)
        self.wfile.write(b"220 mortal.example.org ESMTP\r\n")
        for line in self.rfile:
            verb = line.split()[0].upper().decode("latin-1") if line.split() else ""
            if verb == OPTIONS.dies_on:
                os.abort()
            if verb == OPTIONS.stops_on:
                os.kill(os.getpid(), signal.SIGSTOP)  # the reply may still get out
            if verb == OPTIONS.closes_on:
                SERVER.socket.close()
                time.sleep(1000)
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
for option in ("--dies-on", "--stops-on", "--closes-on", "--ignores"):
    PARSER.add_argument(option)
PARSER.add_argument("--one-at-a-time", action="store_true")
PARSER.add_argument("--greets-after", type=float, default=0)
PARSER.add_argument("--backlog", type=int, default=64)
OPTIONS = PARSER.parse_args(sys.argv[1:])
Threaded.request_queue_size = OneAtATime.request_queue_size = OPTIONS.backlog
SERVER = (OneAtATime if OPTIONS.one_at_a_time else Threaded)(("127.0.0.1", OPTIONS.port), Session)
SERVER.serve_forever()
