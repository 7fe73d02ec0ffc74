// The Python object around a message digest state, shared by _md5, _sha1, _sha256, _sha512, _sha3 and _blake2.
//
// Traits: State (copyable, update(data, n)), kFullName ("_md5.md5"), kName, digest_size(state), block_size(state),
// finish(state, out) for a copy. Updates of 2048 bytes and more let go of the GIL, under the object's WorkLock. Types with a
// constructor of their own add rows to the shared ones.
#pragma once
#include <new>

#include "objects/bytes.h"
#include "objects/module.h"
#include "objects/object.h"
#include "objects/work_lock.h"

namespace baton {

// What update() and the constructors accept.
struct HashInput : BufferView {};
template <>
struct Converter<HashInput> {
  static bool convert(Thread& thread, NativeDef const&, u32, Value v, HashInput* out) {
    if (is<Str>(v)) {
      (void)raise_type_error(thread, "Strings must be encoded before hashing");
      return false;
    }
    if (!has_buffer(v)) {
      (void)raise_type_error(thread, "object supporting the buffer API required");
      return false;
    }
    return convert_buffer(thread, v, out);
  }
};

template <class Traits>
class DigestObject final : public Cell {
 public:
  using State = typename Traits::State;
  void init(State state) {
    lock_.init();
    new (&state_) State(state);
  }
  State& state() { return state_; }
  WorkLock& lock() { return lock_; }
  // A consistent copy to finish or to duplicate.
  State snapshot(Thread& thread) {
    WorkGuard guard(thread, lock_);
    return state_;
  }

 private:
  WorkLock lock_;
  State state_;  // guarded by lock_
};

inline constexpr usize kMaxDigest = 64;
inline constexpr usize kReleasingSize = 2048;  // hashlib's documented bound: below it the GIL is kept

template <class Traits>
Result<DigestObject<Traits>*> make_digest(Thread& thread, Type* type, typename Traits::State state, const HashInput& data) {
  work_on(thread, data.size >= kReleasingSize, [&] { state.update(data.data, data.size); });
  return make_of<DigestObject<Traits>>(thread, type, state);
}
template <class Traits>
Result<Value> digest_copy(Thread& thread, DigestObject<Traits>* self) {
  return TRY(make_of<DigestObject<Traits>>(thread, type_of(Value(self)), self->snapshot(thread)));
}
template <class Traits>
Result<void> digest_update(Thread& thread, DigestObject<Traits>* self, HashInput data) {
  WorkGuard guard(thread, self->lock());
  work_on(thread, data.size >= kReleasingSize, [&] { self->state().update(data.data, data.size); });
  return ok;
}
template <class Traits>
Result<Bytes*> digest_digest(Thread& thread, DigestObject<Traits>* self) {
  typename Traits::State state = self->snapshot(thread);
  u8 out[kMaxDigest];
  usize n = Traits::digest_size(state);
  Traits::finish(state, out);
  return bytes_from(thread, out, n);
}
template <class Traits>
Result<Str*> digest_hexdigest(Thread& thread, DigestObject<Traits>* self) {
  typename Traits::State state = self->snapshot(thread);
  u8 out[kMaxDigest];
  usize n = Traits::digest_size(state);
  Traits::finish(state, out);
  return bytes_to_hex(thread, out, n);
}
template <class Traits>
Result<Value> digest_get_name(Thread& thread, Value self) {
  return TRY(str_from_ascii(thread, Traits::kName));
}
template <class Traits>
Result<Value> digest_get_block_size(Thread& thread, Value self) {
  return Value::of_small_int(static_cast<i64>(Traits::block_size(self.as<DigestObject<Traits>>()->state())));
}
template <class Traits>
Result<Value> digest_get_digest_size(Thread& thread, Value self) {
  return Value::of_small_int(static_cast<i64>(Traits::digest_size(self.as<DigestObject<Traits>>()->state())));
}

#define BATON_DIGEST_METHODS(Traits, argument)                                                                                  \
  native<digest_copy<Traits>>("copy($self, /)", "Return a copy of the hash object."),                                           \
      native<digest_digest<Traits>>("digest($self, /)", "Return the digest value as a bytes object."),                          \
      native<digest_hexdigest<Traits>>("hexdigest($self, /)", "Return the digest value as a string of hexadecimal digits."),    \
      native<digest_update<Traits>>("update($self, " argument ", /)",                                                           \
                                    "Feed more data, any bytes-like object, into the hash.\n\nSeveral calls in a row have the " \
                                    "effect of one call with all data joined.")
#define BATON_DIGEST_GETSETS(Traits)                                                                                      \
  {"block_size", digest_get_block_size<Traits>, nullptr, nullptr}, {"name", digest_get_name<Traits>, nullptr, nullptr}, { \
    "digest_size", digest_get_digest_size<Traits>, nullptr, nullptr                                                       \
  }

// Types that only their module's functions make.
template <class Traits>
struct DigestType {
  static inline constinit NativeDef methods[] = {BATON_DIGEST_METHODS(Traits, "obj")};
  static inline constinit GetSetDef getsets[] = {BATON_DIGEST_GETSETS(Traits)};
  static inline constinit TypeDef def = {
      .name = Traits::kFullName,
      .dynamic_kind = &DynamicKind<DigestObject<Traits>>::value,
      .payload_size = sizeof(DigestObject<Traits>),
      .flags = kTypeNoInstances,
      .methods = methods,
      .method_count = count_of(methods),
      .getsets = getsets,
      .getset_count = 3,
      .kind_info = {.name = Traits::kFullName},
  };
};
template <class Traits>
Result<Value> digest_function(Thread& thread, HashInput string, bool usedforsecurity) {
  return TRY(make_digest<Traits>(thread, DigestType<Traits>::def.type, Traits::make(), string));
}
// Publishes the type under the old names, such as MD5Type.
template <class Traits>
Result<void> digest_exec(Thread& thread, Module* module) {
  return module_set(thread, module, Traits::kTypeName, Value(TRY(type_from_def(thread, DigestType<Traits>::def))));
}

}  // namespace baton
