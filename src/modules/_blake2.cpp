// _blake2: BLAKE2b and BLAKE2s with all their parameters.
#include <cstring>

#include "base/digest.h"
#include "modules/digest_object.h"
#include "objects/int_view.h"

namespace baton {

template <class S>
struct Blake2Traits {
  using State = S;
  static constexpr bool kIsB = State::kBlockSize == 128;
  static constexpr const char *kName = kIsB ? "blake2b" : "blake2s", *kFullName = kIsB ? "_blake2.blake2b" : "_blake2.blake2s";
  static usize digest_size(const State& state) { return state.digest_size(); }
  static usize block_size(const State&) { return State::kBlockSize; }
  static void finish(State& state, u8* out) { state.finish(out); }
};

static Result<u64> unsigned_argument(Thread& thread, Value v) {
  Value exact = int_exact(v);
  if (exact.is_absent()) return raise_type_error(thread, "an integer is required");
  if (int_sign(exact) < 0) return raise_value_error(thread, "value must be positive");
  u64 n;
  if (!int_to_u64(exact, &n)) return raise_overflow_error(thread, "int too big to convert");
  return n;
}

template <class S>
static Result<Value> blake2_new(Thread& thread, Type* type, HashInput data, Optional<int> digest_size, BufferView key,
                                BufferView salt, BufferView person, int fanout, int depth, Value leaf_size, Value node_offset,
                                int node_depth, int inner_size, bool last_node, bool) {
  using Traits = Blake2Traits<S>;
  constexpr u64 kMax = S::kMaxDigestSize;
  int size = digest_size.value_or(static_cast<int>(kMax));
  Blake2Parameters p{};
  if (size <= 0 || size > static_cast<int>(kMax))
    return raise_value_error(thread, "digest_size must be between 1 and {} bytes", kMax);
  p.digest_size = static_cast<u8>(size);
  u8 padded_salt[S::kSaltSize] = {}, padded_person[S::kPersonSize] = {};
  if (salt.size) {
    if (salt.size > S::kSaltSize) return raise_value_error(thread, "maximum salt length is {} bytes", u64{S::kSaltSize});
    memcpy(padded_salt, salt.data, salt.size);
    p.salt = padded_salt;
  }
  if (person.size) {
    if (person.size > S::kPersonSize) return raise_value_error(thread, "maximum person length is {} bytes", u64{S::kPersonSize});
    memcpy(padded_person, person.data, person.size);
    p.person = padded_person;
  }
  if (fanout < 0 || fanout > 255) return raise_value_error(thread, "fanout must be between 0 and 255");
  if (depth <= 0 || depth > 255) return raise_value_error(thread, "depth must be between 1 and 255");
  u64 leaf = TRY(unsigned_argument(thread, leaf_size));
  if (leaf > 0xFFFFFFFFu) return raise_overflow_error(thread, "leaf_size is too large");
  u64 offset = TRY(unsigned_argument(thread, node_offset));
  if (!Traits::kIsB && offset > 0xFFFFFFFFFFFFu) return raise_overflow_error(thread, "node_offset is too large");
  if (node_depth < 0 || node_depth > 255) return raise_value_error(thread, "node_depth must be between 0 and 255");
  if (inner_size < 0 || inner_size > static_cast<int>(kMax))
    return raise_value_error(thread, "inner_size must be between 0 and is {}", kMax);
  if (key.size > S::kMaxKeySize) return raise_value_error(thread, "maximum key length is {} bytes", u64{S::kMaxKeySize});
  p.fanout = static_cast<u8>(fanout);
  p.depth = static_cast<u8>(depth);
  p.leaf_size = static_cast<u32>(leaf);
  p.node_offset = offset;
  p.node_depth = static_cast<u8>(node_depth);
  p.inner_size = static_cast<u8>(inner_size);
  p.last_node = last_node;
  p.key = key.size ? key.data : nullptr;
  p.key_size = key.size;
  return TRY(make_digest<Traits>(thread, type, S(p), data));
}

template <class S>
static Result<void> blake2_finish(Thread& thread, Type* type) {
  const struct {
    const char* name;
    i64 value;
  } constants[] = {{"SALT_SIZE", S::kSaltSize},
                   {"PERSON_SIZE", S::kPersonSize},
                   {"MAX_KEY_SIZE", S::kMaxKeySize},
                   {"MAX_DIGEST_SIZE", S::kMaxDigestSize}};
  for (auto& c : constants) TRY(type_set_attribute(thread, type, intern(thread, c.name), Value::of_small_int(c.value)));
  return ok;
}

template <class S>
static constinit GetSetDef blake2_getsets[] = {BATON_DIGEST_GETSETS(Blake2Traits<S>)};
template <class S>
static constinit NativeDef blake2_methods[] = {
    native<blake2_new<S>>("__new__(type, data=b'', /, *, digest_size=MAX_DIGEST_SIZE, key=b'', salt=b'', person=b'', fanout=1, "
                          "depth=1, leaf_size=0, "
                          "node_offset=0, node_depth=0, inner_size=0, last_node=False, usedforsecurity=True)",
                          "Make an instance; the class's own help describes the arguments."),
    BATON_DIGEST_METHODS(Blake2Traits<S>, "data"),
};
template <class S>
constexpr TypeDef blake2_type(const char* doc) {
  using Traits = Blake2Traits<S>;
  return {.name = Traits::kFullName,
          .doc = doc,
          .dynamic_kind = &DynamicKind<DigestObject<Traits>>::value,
          .payload_size = sizeof(DigestObject<Traits>),
          .methods = blake2_methods<S>,
          .method_count = count_of(blake2_methods<S>),
          .getsets = blake2_getsets<S>,
          .getset_count = 3,
          .kind_info = {.name = Traits::kFullName},
          .finish = blake2_finish<S>};
}
static constinit TypeDef blake2b_def = blake2_type<Blake2b>(
    "blake2b(data=b'', /, *, digest_size=_blake2.blake2b.MAX_DIGEST_SIZE,\n        key=b'', salt=b'', person=b'', fanout=1, "
    "depth=1, leaf_size=0,\n        "
    "node_offset=0, node_depth=0, inner_size=0, last_node=False,\n        usedforsecurity=True)\n--\n\nReturn a new BLAKE2b hash "
    "object.");
static constinit TypeDef blake2s_def = blake2_type<Blake2s>(
    "blake2s(data=b'', /, *, digest_size=_blake2.blake2s.MAX_DIGEST_SIZE,\n        key=b'', salt=b'', person=b'', fanout=1, "
    "depth=1, leaf_size=0,\n        "
    "node_offset=0, node_depth=0, inner_size=0, last_node=False,\n        usedforsecurity=True)\n--\n\nReturn a new BLAKE2s hash "
    "object.");

static constexpr ModuleConstant blake2_constants[] = {
    {"BLAKE2B_SALT_SIZE", Blake2b::kSaltSize},      {"BLAKE2B_PERSON_SIZE", Blake2b::kPersonSize},
    {"BLAKE2B_MAX_KEY_SIZE", Blake2b::kMaxKeySize}, {"BLAKE2B_MAX_DIGEST_SIZE", Blake2b::kMaxDigestSize},
    {"BLAKE2S_SALT_SIZE", Blake2s::kSaltSize},      {"BLAKE2S_PERSON_SIZE", Blake2s::kPersonSize},
    {"BLAKE2S_MAX_KEY_SIZE", Blake2s::kMaxKeySize}, {"BLAKE2S_MAX_DIGEST_SIZE", Blake2s::kMaxDigestSize},
};
static TypeDef* const blake2_types[] = {&blake2b_def, &blake2s_def};
constinit ModuleDef blake2_module = {
    .name = "_blake2",
    .doc = "_blake2b provides BLAKE2b for hashlib\n",
    .types = blake2_types,
    .type_count = 2,
    .constants = blake2_constants,
    .constant_count = 8,
};

}  // namespace baton
