#include "harness/runner/side_plays.h"

#include <iterator>
#include <utility>

namespace smtpspec::runner {

void SidePlays::play(const Surroundings& surroundings, const engine::Program& program, engine::Variables variables,
                     engine::Settings settings, std::function<void(engine::Conversation&)> ended) {
  under_way_.push_back(std::make_unique<Play>(surroundings, program, std::move(variables), settings));
  const auto self = std::prev(under_way_.end());
  (*self)->start([this, self, ended = std::move(ended)] {
    ended((*self)->conversation());
    (*self)->say_farewell([this, self] { under_way_.erase(self); });
  });
}

}  // namespace smtpspec::runner
