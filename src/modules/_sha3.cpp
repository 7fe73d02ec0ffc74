// _sha3: SHA-3 and the extendable SHAKE digests.
#include "base/digest.h"
#include "modules/digest_object.h"
#include "objects/int_view.h"

namespace baton {

template <usize kBytes>
struct Sha3Traits {
  using State = Sha3;
  static constexpr const char* kName = kBytes == 28   ? "sha3_224"
                                       : kBytes == 32 ? "sha3_256"
                                       : kBytes == 48 ? "sha3_384"
                                                      : "sha3_512";
  static constexpr const char* kFullName = kBytes == 28   ? "_sha3.sha3_224"
                                           : kBytes == 32 ? "_sha3.sha3_256"
                                           : kBytes == 48 ? "_sha3.sha3_384"
                                                          : "_sha3.sha3_512";
  static constexpr u8 kSuffix = 0x06;
  static State make() { return Sha3::sha3(kBytes); }
  static usize digest_size(const State& state) { return state.digest_size(); }
  static usize block_size(const State& state) { return state.block_size(); }
  static void finish(State& state, u8* out) { state.finish(out, state.digest_size()); }
};
template <usize kLevel>
struct ShakeTraits {
  using State = Sha3;
  static constexpr const char* kName = kLevel == 128 ? "shake_128" : "shake_256";
  static constexpr const char* kFullName = kLevel == 128 ? "_sha3.shake_128" : "_sha3.shake_256";
  static constexpr u8 kSuffix = 0x1F;
  static State make() { return Sha3::shake(kLevel); }
  static usize digest_size(const State& state) { return 0; }
  static usize block_size(const State& state) { return state.block_size(); }
};

template <class Traits>
static Result<Value> sha3_new(Thread& thread, Type* type, HashInput data, bool usedforsecurity) {
  return TRY(make_digest<Traits>(thread, type, Traits::make(), data));
}

template <class Traits>
static i64 rate_bits(Value self) {
  return 8 * static_cast<i64>(self.as<DigestObject<Traits>>()->state().block_size());
}
template <class Traits>
static Result<Value> get_capacity_bits(Thread& thread, Value self) {
  return Value::of_small_int(1600 - rate_bits<Traits>(self));
}
template <class Traits>
static Result<Value> get_rate_bits(Thread& thread, Value self) {
  return Value::of_small_int(rate_bits<Traits>(self));
}
template <class Traits>
static Result<Value> get_suffix(Thread& thread, Value self) {
  u8 suffix = Traits::kSuffix;
  return TRY(bytes_from(thread, &suffix, 1));
}

// The wanted length of a SHAKE digest.
static Result<usize> digest_length(Thread& thread, Value length) {
  Value exact = int_exact(length);
  if (exact.is_absent()) return raise_type_error(thread, "an integer is required");
  if (int_sign(exact) < 0) return raise_value_error(thread, "value must be positive");
  u64 n;
  if (!int_to_u64(exact, &n)) return raise_overflow_error(thread, "Python int too large to convert to C unsigned long");
  if (n >= u64{1} << 29) return raise_value_error(thread, "length is too large");
  return n;
}
template <class Traits>
static Result<Bytes*> shake_digest(Thread& thread, DigestObject<Traits>* self, Value length) {
  usize n = TRY(digest_length(thread, length));
  Bytes* result = TRY(bytes_allocate(thread, n));
  Sha3 state = self->snapshot(thread);
  state.finish(bytes_mutable_data(result), n);
  return result;
}
template <class Traits>
static Result<Str*> shake_hexdigest(Thread& thread, DigestObject<Traits>* self, Value length) {
  Bytes* digest = TRY(shake_digest<Traits>(thread, self, length));
  return bytes_to_hex(thread, digest->data(), static_cast<usize>(digest->length()));
}

template <class Traits>
static constinit GetSetDef sha3_getsets[] = {
    BATON_DIGEST_GETSETS(Traits),
    {"_capacity_bits", get_capacity_bits<Traits>, nullptr, nullptr},
    {"_rate_bits", get_rate_bits<Traits>, nullptr, nullptr},
    {"_suffix", get_suffix<Traits>, nullptr, nullptr},
};
template <class Traits>
static constinit NativeDef sha3_methods[] = {
    native<sha3_new<Traits>>("__new__(type, data=b'', /, *, usedforsecurity=True)",
                             "Make an instance; the class's own help describes the arguments."),
    BATON_DIGEST_METHODS(Traits, "data"),
};
template <class Traits>
static constinit NativeDef shake_methods[] = {
    native<sha3_new<Traits>>("__new__(type, data=b'', /, *, usedforsecurity=True)",
                             "Make an instance; the class's own help describes the arguments."),
    native<digest_copy<Traits>>("copy($self, /)", "Return a copy of the hash object."),
    native<shake_digest<Traits>>("digest($self, length, /)", "Return the digest value as a bytes object."),
    native<shake_hexdigest<Traits>>("hexdigest($self, length, /)", "Return the digest value as a string of hexadecimal digits."),
    native<digest_update<Traits>>("update($self, data, /)",
                                  "Feed more data, any bytes-like object, into the hash.\n\nSeveral calls in a row have the "
                                  "effect of one call with all data joined."),
};
template <class Traits>
constexpr TypeDef sha3_type(NativeDef* methods, u32 count, const char* doc) {
  return {.name = Traits::kFullName,
          .doc = doc,
          .dynamic_kind = &DynamicKind<DigestObject<Traits>>::value,
          .payload_size = sizeof(DigestObject<Traits>),
          .methods = methods,
          .method_count = count,
          .getsets = sha3_getsets<Traits>,
          .getset_count = 6,
          .kind_info = {.name = Traits::kFullName}};
}
#define SHA3_TYPE(id, Traits, methods, doc) \
  static constinit TypeDef id##_def = sha3_type<Traits>(methods<Traits>, count_of(methods<Traits>), doc);
SHA3_TYPE(sha3_224, Sha3Traits<28>, sha3_methods,
          "sha3_224([data], *, usedforsecurity=True) -> SHA3 object\n\nBegin a SHA3-224 hash, with data as its first input if "
          "given.\n\nThe digest has 28 bytes.")
SHA3_TYPE(sha3_256, Sha3Traits<32>, sha3_methods,
          "sha3_256([data], *, usedforsecurity=True) -> SHA3 object\n\nBegin a SHA3-256 hash, with data as its first input if "
          "given.\n\nThe digest has 32 bytes.")
SHA3_TYPE(sha3_384, Sha3Traits<48>, sha3_methods,
          "sha3_384([data], *, usedforsecurity=True) -> SHA3 object\n\nBegin a SHA3-384 hash, with data as its first input if "
          "given.\n\nThe digest has 48 bytes.")
SHA3_TYPE(sha3_512, Sha3Traits<64>, sha3_methods,
          "sha3_512([data], *, usedforsecurity=True) -> SHA3 object\n\nBegin a SHA3-512 hash, with data as its first input if "
          "given.\n\nThe digest has 64 bytes.")
SHA3_TYPE(shake_128, ShakeTraits<128>, shake_methods,
          "shake_128([data], *, usedforsecurity=True) -> SHAKE object\n\nBegin a SHAKE128 hash, with data as its first input if "
          "given.\n\nThe digest can be of any length: digest() and hexdigest() are told which.")
SHA3_TYPE(shake_256, ShakeTraits<256>, shake_methods,
          "shake_256([data], *, usedforsecurity=True) -> SHAKE object\n\nBegin a SHAKE256 hash, with data as its first input if "
          "given.\n\nThe digest can be of any length: digest() and hexdigest() are told which.")

static Result<void> sha3_exec(Thread& thread, Module* module) {
  TRY(module_set(thread, module, "keccakopt", Value::of_small_int(0)));
  return module_set(thread, module, "implementation", Value(TRY(str_from_ascii(thread, "baton"))));
}

static TypeDef* const sha3_types[] = {&sha3_224_def, &sha3_256_def, &sha3_384_def, &sha3_512_def, &shake_128_def, &shake_256_def};
constinit ModuleDef sha3_module = {.name = "_sha3", .types = sha3_types, .type_count = 6, .exec = sha3_exec};

}  // namespace baton
