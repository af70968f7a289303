// Stands before Abseil's header of the same name: an instance belongs to one thread, so there is nothing to lock.
#pragma once

#include "absl/base/config.h"
#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"

namespace absl {
ABSL_NAMESPACE_BEGIN

class ABSL_LOCKABLE Mutex {
 public:
  constexpr Mutex() = default;
  void lock() ABSL_EXCLUSIVE_LOCK_FUNCTION() {}
  void unlock() ABSL_UNLOCK_FUNCTION() {}
  void lock_shared() ABSL_SHARED_LOCK_FUNCTION() {}
  void unlock_shared() ABSL_UNLOCK_FUNCTION() {}
  void Lock() ABSL_EXCLUSIVE_LOCK_FUNCTION() {}
  void Unlock() ABSL_UNLOCK_FUNCTION() {}
  void WriterLock() ABSL_EXCLUSIVE_LOCK_FUNCTION() {}
  void WriterUnlock() ABSL_UNLOCK_FUNCTION() {}
  void ReaderLock() ABSL_SHARED_LOCK_FUNCTION() {}
  void ReaderUnlock() ABSL_UNLOCK_FUNCTION() {}
  void AssertHeld() const {}
};

// With a destructor, so that a lock is not taken for an unused variable.
class Unlocked {
 public:
  explicit Unlocked(Mutex*) {}
  explicit Unlocked(Mutex&) {}
  ~Unlocked() {}
  void Release() {}
};
using MutexLock = Unlocked;
using ReaderMutexLock = Unlocked;
using WriterMutexLock = Unlocked;
using ReleasableMutexLock = Unlocked;

ABSL_NAMESPACE_END
}  // namespace absl
