// The defects of enhanced status codes (RFC 2034, RFC 3463). Each is confined to some replies.
#pragma once

#include "harness/server/reply.h"

namespace smtpspec::server {

// Changes the enhanced code of `reply`, or what stands around it, as the defects want it.
void spoil_status_code(Reply& reply, Verb verb, const DefectSet& defects);

}  // namespace smtpspec::server
