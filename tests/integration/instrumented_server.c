// A small SMTP server, a process for each connection, for the coverage of smtpspec fuzz.
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

static int is(const char* line, const char* verb) { return strncasecmp(line, verb, strlen(verb)) == 0; }

static int takes(const char* line) {
  return is(line, "EHLO") || is(line, "HELO") || is(line, "RSET") || is(line, "NOOP") || is(line, "EXPN") ||
         is(line, "HELP") || is(line, "VRFY");
}

static void serve(FILE* in, FILE* out) {
  static char line[256 * 1024];
  fputs("220 test.example\r\n", out);
  while (fflush(out) == 0 && fgets(line, sizeof line, in) != NULL) {
    if (is(line, "QUIT")) {
      fputs("221 bye\r\n", out);
      break;
    }
    fputs(takes(line) ? "250 ok\r\n" : "502 no\r\n", out);
  }
  fflush(out);
}

int main(int argc, char** argv) {
  signal(SIGCHLD, SIG_IGN);  // nobody waits for them
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  const int on = 1;
  struct sockaddr_in address = {0};
  if (argc != 2) return 3;
  address.sin_family = AF_INET;
  address.sin_port = htons((unsigned short)atoi(argv[1]));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(listener, (struct sockaddr*)&address, sizeof address) != 0 || listen(listener, 16) != 0) return 4;
  while (1) {
    const int connection = accept(listener, NULL, NULL);
    const pid_t child = fork();
    if (child != 0) {
      close(connection);
      continue;
    }
    FILE* in = fdopen(connection, "r");
    FILE* out = fdopen(dup(connection), "w");
    serve(in, out);
    fclose(in);
    fclose(out);
    return 0;
  }
}
