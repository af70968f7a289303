// What unleak needs of RE2, as functions that WebAssembly can export: numbers in, numbers out. Texts lie in this module's
// own memory. One instance per thread, so nothing here is locked (see shim/).
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/container/internal/hashtablez_sampler.h"
#include "absl/strings/string_view.h"
#include "re2/re2.h"

#define EXPORT(name) __attribute__((export_name(#name)))

namespace {

// Of the last `compile` that failed, or the last `groupNames`.
std::string said;

// Of the last match: pairs of places in the text, -1 where a group took no part.
std::vector<int32_t> spans;
std::vector<absl::string_view> groups;

bool At(const re2::RE2& re, absl::string_view text, size_t from, re2::RE2::Anchor anchor, int count) {
  if (groups.size() < static_cast<size_t>(count)) groups.resize(count);
  return re.Match(text, from, text.size(), anchor, groups.data(), count);
}

int32_t Tell(absl::string_view text, int count) {
  spans.resize(2 * static_cast<size_t>(count));
  for (int i = 0; i < count; i++) {
    const bool took_part = groups[i].data() != nullptr;
    const auto start = static_cast<int32_t>(groups[i].data() - text.data());
    spans[2 * i] = took_part ? start : -1;
    spans[2 * i + 1] = took_part ? start + static_cast<int32_t>(groups[i].size()) : -1;
  }
  return 1;
}

}  // namespace

extern "C" {

EXPORT(allocate) void* Allocate(size_t size) { return std::malloc(size); }
EXPORT(release) void Release(void* block) { std::free(block); }

// Null for a pattern that RE2 refuses. `budget`: bytes for the program and its automata.
EXPORT(compile) re2::RE2* Compile(const char* pattern, size_t length, int32_t budget) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(budget);
  auto* re = new re2::RE2(absl::string_view(pattern, length), options);
  if (re->ok()) return re;
  said = re->error();
  delete re;
  return nullptr;
}

EXPORT(drop) void Drop(re2::RE2* re) { delete re; }

EXPORT(said) const char* Said() { return said.data(); }
EXPORT(saidLength) size_t SaidLength() { return said.size(); }

EXPORT(groupCount) int32_t GroupCount(const re2::RE2* re) { return re->NumberOfCapturingGroups(); }

// Lines of "number name".
EXPORT(groupNames) void GroupNames(const re2::RE2* re) {
  said.clear();
  for (const auto& [name, number] : re->NamedCapturingGroups()) {
    said += std::to_string(number);
    said += ' ';
    said += name;
    said += '\n';
  }
}

EXPORT(spans) const int32_t* Spans() { return spans.data(); }

// The leftmost match that begins in [from, last]; `count` spans of it are told, the first of which is the whole. Groups
// are looked for only once a match is known to begin there: finding them costs a multiple of finding the match.
EXPORT(search) int32_t Search(const re2::RE2* re, const char* bytes, size_t size, size_t from, size_t last, int32_t count) {
  const absl::string_view text(bytes, size);
  if (!At(*re, text, from, re2::RE2::UNANCHORED, 1)) return 0;
  const size_t start = groups[0].data() - bytes;
  if (start > last) return 0;
  if (count > 1) At(*re, text, start, re2::RE2::ANCHOR_START, count);
  return Tell(text, count);
}

// The same, by trying each place: cheaper where there are few, since a try ends at the first byte that does not fit.
EXPORT(tryEach) int32_t TryEach(const re2::RE2* re, const char* bytes, size_t size, size_t from, size_t last, int32_t count) {
  const absl::string_view text(bytes, size);
  for (size_t at = from; at <= last && at <= size; at++)
    if (At(*re, text, at, re2::RE2::ANCHOR_START, count)) return Tell(text, count);
  return 0;
}

EXPORT(test) int32_t Test(const re2::RE2* re, const char* bytes, size_t size) {
  return re->Match(absl::string_view(bytes, size), 0, size, re2::RE2::UNANCHORED, nullptr, 0) ? 1 : 0;
}

}  // extern "C"

// Abseil samples its hash tables for servers that watch themselves; the sampler needs threads and clocks.
namespace absl {
ABSL_NAMESPACE_BEGIN
namespace container_internal {
HashtablezInfoHandle ForcedTrySample(size_t, size_t, size_t, uint16_t) { return HashtablezInfoHandle(); }
}  // namespace container_internal
ABSL_NAMESPACE_END
}  // namespace absl
