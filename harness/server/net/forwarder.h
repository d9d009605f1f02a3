// Mail on its way to the next hop: a queue in memory, tried at once and then again at growing intervals (RFC 5321
// §4.5.4.1, in a hurry).
//
// Promise: a message that was taken is passed on, or `failed` is told of the recipients who do not get it. What waits
// is bounded; with the forwarder it goes.
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "harness/server/defect.h"
#include "harness/server/environment.h"
#include "harness/transport/endpoint.h"
#include "harness/transport/event_loop.h"

namespace smtpspec::server {

class Forwarder {
 public:
  // `message` is what was to be passed on, its recipients those who failed. Called on the loop.
  struct Mail {
    Envelope envelope;
    std::string text;  // trace fields included
  };
  using Failed = std::function<void(const Mail& message, const std::string& diagnostic)>;

  Forwarder(transport::EventLoop& loop, transport::Endpoint next_hop, std::string host_name, DefectSet defects,
            Failed failed);
  ~Forwarder();

  // False if too much waits already.
  bool has_room(std::size_t octets) const;
  void take(Mail message);

 private:
  struct Item;
  class Attempt;
  using Place = std::list<Item>::iterator;

  void begin_next();
  void begin(Place place);
  void ended(Place place, const Attempt& attempt);

  transport::EventLoop& loop_;
  transport::Endpoint next_hop_;
  std::string host_name_;
  DefectSet defects_;
  Failed failed_;
  std::list<Item> items_;
  std::size_t under_way_ = 0;
  std::size_t held_octets_ = 0;
};

}  // namespace smtpspec::server
