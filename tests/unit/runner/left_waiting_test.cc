#include "harness/runner/left_waiting.h"

#include <initializer_list>
#include <utility>

#include <gtest/gtest.h>

namespace smtpspec::runner {
namespace {

using verdict::WireKind;

verdict::WireLog log_of(std::initializer_list<std::pair<int, WireKind>> entries) {
  verdict::WireLog log;
  for (const auto& [connection, kind] : entries) {
    log.emplace_back();
    log.back().connection = connection;
    log.back().kind = kind;
  }
  return log;
}

TEST(LeftWaiting, IsWhoIsNotGreeted) {
  EXPECT_EQ(left_waiting(log_of({{1, WireKind::connected}, {1, WireKind::timed_out}})), LeftWaiting::behind_others);
  EXPECT_EQ(left_waiting(log_of({{1, WireKind::connected}, {1, WireKind::server}, {1, WireKind::timed_out}})),
            LeftWaiting::no);
  EXPECT_EQ(left_waiting(log_of({{1, WireKind::connected}, {1, WireKind::server}})), LeftWaiting::no);
  EXPECT_EQ(left_waiting(log_of({{1, WireKind::connected}, {1, WireKind::tls_up}, {1, WireKind::timed_out}})),
            LeftWaiting::no);
}

TEST(LeftWaiting, IsBehindItselfWhereItsOtherConnectionIsServed) {
  EXPECT_EQ(left_waiting(log_of({{1, WireKind::connected},
                                 {1, WireKind::server},
                                 {1, WireKind::client},
                                 {2, WireKind::connected},
                                 {2, WireKind::timed_out}})),
            LeftWaiting::behind_itself);
}

TEST(LeftWaiting, IsBehindOthersOnceItsOtherConnectionHasGone) {
  for (const WireKind end : {WireKind::close, WireKind::peer_closed, WireKind::reset}) {
    EXPECT_EQ(left_waiting(log_of({{1, WireKind::connected},
                                   {1, WireKind::server},
                                   {1, end},
                                   {2, WireKind::connected},
                                   {2, WireKind::timed_out}})),
              LeftWaiting::behind_others);
    // The same number again.
    EXPECT_EQ(left_waiting(log_of({{1, WireKind::connected},
                                   {1, WireKind::server},
                                   {1, end},
                                   {1, WireKind::connected},
                                   {1, WireKind::timed_out}})),
              LeftWaiting::behind_others);
  }
}

}  // namespace
}  // namespace smtpspec::runner
