// What OpenSMTPD's pull request 1208 ("libtls: unbreak with OpenSSL 3.x") does, for the release before it: preloaded into
// smtpd, it mends every handshake. smtpd hangs a mark on the key that its certificate gives, so that its process with the
// private key is asked to sign; OpenSSL 3 hands out a copy of that key, and the mark never reaches the one that signs. Here
// the copy is made the key itself. For certificates of elliptic curves, which ours is.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>

int EVP_PKEY_set1_EC_KEY(void *key, void *curve_key);

void *EVP_PKEY_get1_EC_KEY(void *key) {
  void *(*get)(void *) = (void *(*)(void *))dlsym(RTLD_NEXT, "EVP_PKEY_get1_EC_KEY");
  void *curve_key = get(key);
  if (curve_key != NULL) EVP_PKEY_set1_EC_KEY(key, curve_key);
  return curve_key;
}
