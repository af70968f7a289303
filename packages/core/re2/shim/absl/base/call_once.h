// Stands before Abseil's header of the same name: in one thread, once is a flag.
#pragma once

#include <functional>
#include <utility>

#include "absl/base/config.h"

namespace absl {
ABSL_NAMESPACE_BEGIN

class once_flag {
 public:
  constexpr once_flag() = default;
  bool called = false;
};

template <typename Function, typename... Arguments>
void call_once(once_flag& flag, Function&& function, Arguments&&... arguments) {
  if (flag.called) return;
  flag.called = true;
  std::invoke(std::forward<Function>(function), std::forward<Arguments>(arguments)...);
}

namespace base_internal {
template <typename Function, typename... Arguments>
void LowLevelCallOnce(once_flag* flag, Function&& function, Arguments&&... arguments) {
  call_once(*flag, std::forward<Function>(function), std::forward<Arguments>(arguments)...);
}
}  // namespace base_internal

ABSL_NAMESPACE_END
}  // namespace absl
