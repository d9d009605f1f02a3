/* For authors of SMTP servers: your session, or your parsers, under libFuzzer with the inputs of smtpspec: typed steps
 * from the grammar of RFC 5321 and its extensions, our scenarios as seeds, and the oracles of `smtpspec fuzz` over what
 * you reply. C99 and C++. CMake: smtpspec_add_fuzz_target() of find_package(smtpspec); by hand:
 *
 *     clang++ -fsanitize=fuzzer,address,undefined fuzz_me.c my_parser.c -lsmtpspec_fuzz
 *     ./a.out -dict=share/smtpspec/fuzz/smtp.dict MY_CORPUS share/smtpspec/fuzz/seeds
 *
 * You define smtpspec_fuzzed_server, and have no main(). For every input that libFuzzer thinks of:
 *
 *   - its command lines go to command(), its messages to data();
 *   - if there is open(), a client connects and says it to feed(), a step at a time, and your replies are judged;
 *   - it is said once more, cut into pieces: the codes of the replies must be the same.
 *
 * A broken rule is written to stderr with the conversation, and abort() is called: libFuzzer keeps the input. */
#ifndef SMTPSPEC_FUZZ_H
#define SMTPSPEC_FUZZ_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The client of one session: what your functions speak to. Valid until your close() returns. */
typedef struct smtpspec_client smtpspec_client;

/* Octets for the client, any number of replies or a part of one. Replies to what feed() was given are due before it
 * returns: if you work with an event loop, let it run until nothing is left to do. */
void smtpspec_reply(smtpspec_client* client, const char* octets, size_t count);
/* Behind the 220 to STARTTLS: what was fed in clear is over when feed() returns, and tls() is called. */
void smtpspec_start_tls(smtpspec_client* client);
/* You hang up. close() is called for this session as for every other, and feed() no more. */
void smtpspec_hang_up(smtpspec_client* client);

/* Your server. A member that is left NULL (0) is not called, or has the value that is said here. */
typedef struct smtpspec_server {
  /* A client has connected: greet it. What you return is `session` to the others. */
  void* (*open)(smtpspec_client* client);
  /* The client has said this: any number of octets, at least one. */
  void (*feed)(void* session, const char* octets, size_t count);
  /* The handshake is done; without this function, do not call smtpspec_start_tls(). */
  void (*tls)(void* session);
  /* The session is over, whoever ended it: free it. */
  void (*close)(void* session);

  /* One command line without its CRLF; it may hold any octet, NUL, CR and LF included. */
  void (*command)(const char* line, size_t count);
  /* What comes behind 354, dots doubled and with the end of data, unless the input says that it is missing. */
  void (*data)(const char* octets, size_t count);

  /* Before each time that an input is said: nothing is left of earlier sessions, such as greylisting or rates. */
  void (*reset)(void);

  int is_lmtp;           /* LHLO, and a reply for each recipient (RFC 2033) */
  const char* sender;    /* a mailbox whose mail you take: "sender@example.org" */
  const char* recipient; /* a mailbox that you have: "alice@example.org" */
  const char* unknown;   /* one that you do not have: "nobody-here@example.org" */
  const char* domain;    /* yours: "example.org" */
  const char* user;      /* who may log in: "alice" */
  const char* password;  /* "correct horse" */
} smtpspec_server;

/* You write it:  const smtpspec_server smtpspec_fuzzed_server = { my_open, my_feed, ... }; */
extern const smtpspec_server smtpspec_fuzzed_server;

#ifdef __cplusplus
}
#endif

#endif
