// Stands before Abseil's header of the same name: RE2 logs what cannot happen, and a WebAssembly module has no log. What
// would end the process there ends the instance here.
#pragma once

namespace unleak {
struct Nowhere {
  template <typename T>
  const Nowhere& operator<<(const T&) const {
    return *this;
  }
};
inline void Log_INFO() {}
inline void Log_WARNING() {}
inline void Log_ERROR() {}
inline void Log_DFATAL() {}
[[noreturn]] inline void Log_FATAL() { __builtin_trap(); }
}  // namespace unleak

#define ABSL_LOG(severity) (unleak::Log_##severity(), unleak::Nowhere())
#define ABSL_LOG_IF(severity, condition) \
  if (!(condition)) {                    \
  } else                                 \
    ABSL_LOG(severity)
#define ABSL_DLOG(severity) ABSL_LOG(INFO)
