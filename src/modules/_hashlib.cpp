// _hashlib: digests, HMAC and key derivation, on OpenSSL.
//
// An object owns a context of the library's in malloc memory, used under the object's mutex: inputs of kDigestReleaseSize bytes
// and more are digested with the GIL released. Digests are fetched once and kept for the life of the process. Names are Python's
// where hashlib has one ("sha3_256", "blake2b"), else the library's.
//
// The library is loaded when a digest is made, not with the module, if a note says what it offers (digest_list.h): hashlib's body
// makes one object of each constructor, without data, which gets its context when somebody looks at it.
#define OPENSSL_SUPPRESS_DEPRECATED  // HMAC_CTX: its successor finds the digest by name again at every start
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <climits>
#include <cstdlib>
#include <cstring>

#include "base/digest.h"
#include "modules/digest_list.h"
#include "modules/digest_object.h"
#include "modules/openssl_support.h"
#include "objects/int_view.h"
#include "objects/mappingproxy.h"
#include "objects/new_exception.h"
#include "objects/numbers.h"
#include "objects/set.h"
#include "objects/str.h"
#include "threads/atomic.h"

namespace baton {

static Root<Type>* unsupported_digestmod_error = nullptr;
static Root<Dict>* constructor_names = nullptr;  // function -> its digest's name

// ---------------------------------------------------------------------------------------------------------------- errors

// ValueError from what the library reported last, or from `otherwise`.
static Failed raise_openssl(Thread& t, const char* otherwise = "no reason supplied") {
  unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  if (!code) return raise_value_error(t, "{}", otherwise);
  const char *library = ERR_lib_error_string(code), *reason = ERR_reason_error_string(code);
  if (!reason) reason = "unknown reason";
  if (library) return raise_value_error(t, "[{}] {}", library, reason);
  return raise_value_error(t, "{}", reason);
}

// ---------------------------------------------------------------------------------------------------------------- digests by
// name

// The digest of a few bytes into a buffer; answers its size. SHA-256 is left to the library, which uses the processor's
// instructions for it: with them a block takes less time than what is saved.
using QuickDigest = usize (*)(const u8* data, usize n, u8* out);
template <class State>
static usize finish_quickly(State state, usize size, const u8* data, usize n, u8* out) {
  state.update(data, n);
  state.finish(out);
  return size;
}
static usize quick_md5(const u8* p, usize n, u8* out) { return finish_quickly(Md5(), Md5::kDigestSize, p, n, out); }
static usize quick_sha1(const u8* p, usize n, u8* out) { return finish_quickly(Sha1(), Sha1::kDigestSize, p, n, out); }
static usize quick_sha384(const u8* p, usize n, u8* out) { return finish_quickly(Sha512(true), 48, p, n, out); }
static usize quick_sha512(const u8* p, usize n, u8* out) { return finish_quickly(Sha512(), 64, p, n, out); }
static constexpr usize kMostKept = 64;

enum class Length : u8 { Fixed, Any };
struct KnownDigest {
  const char *python_name, *alias, *library_name;
  int nid;
  Length length = Length::Fixed;
  QuickDigest quick = nullptr;               // of at most kMostKept bytes; null: the library's
  EVP_MD *secure = nullptr, *any = nullptr;  // fetched, for usedforsecurity true and false; atomic
};
static KnownDigest known_digests[] = {
    {"md5", "MD5", "MD5", NID_md5, Length::Fixed, quick_md5},
    {"sha1", "SHA1", "SHA1", NID_sha1, Length::Fixed, quick_sha1},
    {"sha224", "SHA224", "SHA2-224", NID_sha224},
    {"sha256", "SHA256", "SHA2-256", NID_sha256},
    {"sha384", "SHA384", "SHA2-384", NID_sha384, Length::Fixed, quick_sha384},
    {"sha512", "SHA512", "SHA2-512", NID_sha512, Length::Fixed, quick_sha512},
    {"sha512_224", "SHA512_224", "SHA2-512/224", NID_sha512_224},
    {"sha512_256", "SHA512_256", "SHA2-512/256", NID_sha512_256},
    {"sha3_224", nullptr, "SHA3-224", NID_sha3_224},
    {"sha3_256", nullptr, "SHA3-256", NID_sha3_256},
    {"sha3_384", nullptr, "SHA3-384", NID_sha3_384},
    {"sha3_512", nullptr, "SHA3-512", NID_sha3_512},
    {"shake_128", nullptr, "SHAKE128", NID_shake128, Length::Any},
    {"shake_256", nullptr, "SHAKE256", NID_shake256, Length::Any},
    {"blake2s", "blake2s256", "BLAKE2S-256", NID_blake2s256},
    {"blake2b", "blake2b512", "BLAKE2B-512", NID_blake2b512},
};

static const char* digest_name(const EVP_MD* md) {
  int nid = EVP_MD_get_type(md);
  for (const KnownDigest& known : known_digests)
    if (known.nid == nid) return known.python_name;
  const char* name = OBJ_nid2ln(nid);
  return name ? name : OBJ_nid2sn(nid);
}

// The digest, which stays; null: the library's error waits. The library is loaded.
static EVP_MD* look_up(KnownDigest& known, bool for_security) {
  EVP_MD** at = for_security ? &known.secure : &known.any;
  EVP_MD* md = __atomic_load_n(at, __ATOMIC_ACQUIRE);
  if (!md) {
    md = EVP_MD_fetch(nullptr, known.library_name, for_security ? nullptr : "-fips");
    if (!md) return nullptr;
    EVP_MD* none = nullptr;
    if (!__atomic_compare_exchange_n(at, &none, md, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
      EVP_MD_free(md);
      md = none;
    }
  }
  return md;
}
// The same with a reference for the caller.
static EVP_MD* fetch(KnownDigest& known, bool for_security) {
  EVP_MD* md = look_up(known, for_security);
  if (md) EVP_MD_up_ref(md);
  return md;
}

// A digest for as long as a call needs it.
class Digest {
 public:
  explicit Digest(EVP_MD* md) : md_(md) {}
  Digest(Digest&& other) : md_(other.md_) { other.md_ = nullptr; }
  Digest(const Digest&) = delete;
  Digest& operator=(const Digest&) = delete;
  ~Digest() { EVP_MD_free(md_); }
  EVP_MD* get() const { return md_; }

 private:
  EVP_MD* md_;
};

static EVP_MD* digest_by_name(std::string_view name, bool for_security) {
  for (KnownDigest& known : known_digests)
    if (name == known.python_name || (known.alias && name == known.alias)) return fetch(known, for_security);
  char text[64];
  if (name.size() >= sizeof text) name = name.substr(0, sizeof text - 1);
  memcpy(text, name.data(), name.size());
  text[name.size()] = 0;
  return EVP_MD_fetch(nullptr, text, for_security ? nullptr : "-fips");
}
static Result<EVP_MD*> find_digest(Thread& t, Str* name, bool for_security) {
  TRY(load_libcrypto(t));
  Value owner;
  std::string_view text = TRY(str_utf8(t, name, &owner));
  if (text.find('\0') != std::string_view::npos) return raise_value_error(t, "embedded null character");
  EVP_MD* md = digest_by_name(text, for_security);
  if (!md) return raise_openssl(t, "unsupported hash type");
  return md;
}
// digestmod arguments: a name, or one of this module's constructors.
static Result<EVP_MD*> find_digestmod(Thread& t, Value digestmod) {
  Value name = digestmod;
  if (!is<Str>(digestmod)) {
    Result<Value> found = dict_find(t, constructor_names->get(), digestmod);
    if (found.is_failed()) t.clear_pending();  // not hashable: no constructor either
    name = found.is_failed() ? kNotFound : found.value();
    if (name == kNotFound) return raise(t, unsupported_digestmod_error->get(), "Unsupported digestmod {!r}", digestmod);
  }
  return find_digest(t, name.as<Str>(), true);
}

// ---------------------------------------------------------------------------------------------------------------- objects

// A context that digests nothing yet.
static Result<EVP_MD_CTX*> begin_digest(Thread& t, const Digest& digest) {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  if (!context) return raise_memory_error(t);
  if (EVP_DigestInit_ex(context, digest.get(), nullptr)) return context;
  EVP_MD_CTX_free(context);
  return raise_openssl(t);
}

// What HASH and HMAC do with their contexts.
struct HashContext {
  using Pointer = EVP_MD_CTX*;
  static Pointer make() { return EVP_MD_CTX_new(); }
  static Result<Pointer> make_promised(Thread& t, KnownDigest& known) {
    TRY(load_libcrypto(t));
    EVP_MD* md = fetch(known, false);
    if (!md) return raise_openssl(t);
    Digest digest(md);
    return begin_digest(t, digest);
  }
  static void free(Pointer p) { EVP_MD_CTX_free(p); }
  static bool copy(Pointer to, Pointer from) { return EVP_MD_CTX_copy(to, from); }
  static bool update(Pointer p, const u8* data, usize n) { return EVP_DigestUpdate(p, data, n); }
  static const EVP_MD* md(Pointer p) { return EVP_MD_CTX_get0_md(p); }
  static bool finish(Pointer p, u8* out) { return EVP_DigestFinal_ex(p, out, nullptr); }
};
struct HmacContext {
  using Pointer = HMAC_CTX*;
  static Pointer make() { return HMAC_CTX_new(); }
  static Result<Pointer> make_promised(Thread&, KnownDigest&) { BATON_UNREACHABLE("an HMAC has its context from the beginning"); }
  static void free(Pointer p) { HMAC_CTX_free(p); }
  static bool copy(Pointer to, Pointer from) { return HMAC_CTX_copy(to, from); }
  static bool update(Pointer p, const u8* data, usize n) { return HMAC_Update(p, data, n); }
  static const EVP_MD* md(Pointer p) { return HMAC_CTX_get_md(p); }
  static bool finish(Pointer p, u8* out) {
    unsigned n = EVP_MAX_MD_SIZE;
    return HMAC_Final(p, out, &n);
  }
};

template <class Context>
class HashObject final : public Cell {
 public:
  void init(typename Context::Pointer context, KnownDigest* promised) {
    lock_.init();
    context_ = context;
    promised_ = promised;
    kept_size_ = 0;
  }
  void finalize_native() {
    if (context_) Context::free(context_);
  }
  void visit_edges(EdgeVisitor&) const {}

  // Comes before all else but keeping: an object that was made without the library gets its context. Raises what making it would
  // have.
  Result<void> start(Thread& t) {
    if (has_context()) return ok;
    typename Context::Pointer context = TRY(Context::make_promised(t, *promised_));
    bool good = true;
    {
      WorkGuard guard(t, lock_);
      if (!context_) {  // else another thread was first
        good = kept_size_ == 0 || Context::update(context, kept_, kept_size_);
        if (good) __atomic_store_n(&context_, context, __ATOMIC_RELEASE);
        if (good) return ok;
      }
    }
    Context::free(context);
    if (!good) return raise_openssl(t);
    return ok;
  }
  // While there is no context, and if the digest is a quick one: more of the first bytes. False: start() and update().
  bool keep(Thread& t, const u8* data, usize n) {
    if (has_context() || !promised_->quick || n > kMostKept) return false;
    WorkGuard guard(t, lock_);
    if (context_ || kept_size_ + n > kMostKept) return false;
    if (n) memcpy(kept_ + kept_size_, data, n);
    kept_size_ += static_cast<u32>(n);
    return true;
  }
  // All bytes so far, and what digest it is; null: there is a context, or has to be one.
  KnownDigest* kept(Thread& t, u8* out /* kMostKept */, usize* size) {
    if (has_context() || !promised_->quick) return nullptr;
    WorkGuard guard(t, lock_);
    if (context_) return nullptr;
    memcpy(out, kept_, kept_size_);
    *size = kept_size_;
    return promised_;
  }
  const EVP_MD* md() const { return Context::md(context_); }

  bool update(Thread& t, const u8* data, usize n) {
    WorkGuard guard(t, lock_);
    return work_on(t, n >= kReleasingSize, [&] { return Context::update(context_, data, n); });
  }
  // An independent context in the same state; null: the library's error waits, or there is no memory.
  typename Context::Pointer snapshot(Thread& t) {
    typename Context::Pointer copy = Context::make();
    if (!copy) return nullptr;
    {
      WorkGuard guard(t, lock_);
      if (Context::copy(copy, context_)) return copy;
    }
    Context::free(copy);
    return nullptr;
  }

 private:
  WorkLock lock_;
  bool has_context() const { return __atomic_load_n(&context_, __ATOMIC_ACQUIRE); }

  typename Context::Pointer context_;  // null until start(); its state is guarded by lock_; which digest it is never changes
  KnownDigest* promised_;              // while context_ is null
  u32 kept_size_;                      // these two likewise, guarded by lock_
  u8 kept_[kMostKept];
};
using Hash = HashObject<HashContext>;
using Hmac = HashObject<HmacContext>;

extern TypeDef hash_def, hash_xof_def, hmac_def;

// Makes the object that owns the context.
template <class Context>
static Result<HashObject<Context>*> adopt(Thread& t, Type* type, typename Context::Pointer context) {
  Result<HashObject<Context>*> made = make_of<HashObject<Context>>(t, type, context, nullptr);
  if (made.is_failed()) Context::free(context);
  return made;
}
template <class Context>
static Result<Value> copy_object(Thread& t, HashObject<Context>* self) {
  u8 bytes[kMostKept];
  usize n;
  if (KnownDigest* known = self->kept(t, bytes, &n)) {
    HashObject<Context>* made = TRY(make_of<HashObject<Context>>(t, type_of(Value(self)), nullptr, known));
    (void)made->keep(t, bytes, n);
    return Value(made);
  }
  TRY(self->start(t));
  typename Context::Pointer context = self->snapshot(t);
  if (!context) return raise_openssl(t);
  return TRY(adopt<Context>(t, type_of(Value(self)), context));
}
template <class Context>
static Result<void> update_object(Thread& t, HashObject<Context>* self, HashInput data) {
  if (self->keep(t, data.data, data.size)) return ok;
  TRY(self->start(t));
  if (!self->update(t, data.data, data.size)) return raise_openssl(t);
  return ok;
}
template <class Context>
static Result<usize> finish_copy(Thread& t, HashObject<Context>* self, u8* out) {
  u8 bytes[kMostKept];
  usize n;
  if (KnownDigest* known = self->kept(t, bytes, &n)) return known->quick(bytes, n, out);
  TRY(self->start(t));
  typename Context::Pointer context = self->snapshot(t);
  if (!context) return raise_openssl(t);
  bool good = Context::finish(context, out);
  Context::free(context);
  if (!good) return raise_openssl(t);
  return static_cast<usize>(EVP_MD_get_size(self->md()));
}
template <class Context>
static Result<Bytes*> digest_object(Thread& t, HashObject<Context>* self) {
  u8 out[EVP_MAX_MD_SIZE];
  usize n = TRY(finish_copy(t, self, out));
  return bytes_from(t, out, n);
}
template <class Context>
static Result<Str*> hexdigest_object(Thread& t, HashObject<Context>* self) {
  u8 out[EVP_MAX_MD_SIZE];
  usize n = TRY(finish_copy(t, self, out));
  return bytes_to_hex(t, out, n);
}
template <class Context>
static Result<Value> get_digest_size(Thread& t, Value self) {
  TRY(self.as<HashObject<Context>>()->start(t));
  return Value::of_small_int(EVP_MD_get_size(self.as<HashObject<Context>>()->md()));
}
template <class Context>
static Result<Value> get_block_size(Thread& t, Value self) {
  TRY(self.as<HashObject<Context>>()->start(t));
  return Value::of_small_int(EVP_MD_get_block_size(self.as<HashObject<Context>>()->md()));
}
static void hex_address(Cell* cell, char* out) {
  u64 n = reinterpret_cast<u64>(cell);
  int digits = 1;
  while (digits < 16 && n >> (4 * digits)) ++digits;
  memcpy(out, "0x", 2);
  for (int i = 0; i < digits; ++i) out[2 + i] = "0123456789abcdef"[n >> (4 * (digits - 1 - i)) & 15];
  out[2 + digits] = 0;
}

// ---------------------------------------------------------------------------------------------------------------- HASH

static Result<Str*> hash_repr(Thread& t, Hash* self) {
  TRY(self->start(t));
  char address[20];
  hex_address(self, address);
  return format_message(t, "<{} {!t} object @ {}>", digest_name(self->md()), Value(self), address);
}
static Result<Value> hash_get_name(Thread& t, Value self) {
  TRY(self.as<Hash>()->start(t));
  return TRY(str_from_utf8(t, digest_name(self.as<Hash>()->md())));
}
static constinit NativeDef hash_methods[] = {
    native<hash_repr>("__repr__($self, /)", "Return repr(self)."),
    native<copy_object<HashContext>>("copy($self, /)", "Return a copy of the hash object."),
    native<digest_object<HashContext>>("digest($self, /)", "Return the digest value as a bytes object."),
    native<hexdigest_object<HashContext>>("hexdigest($self, /)", "Return the digest value as a string of hexadecimal digits."),
    native<update_object<HashContext>>("update($self, obj, /)", "Update this hash object's state with the provided string."),
};
static constinit GetSetDef hash_getsets[] = {
    {"digest_size", get_digest_size<HashContext>, nullptr, nullptr},
    {"block_size", get_block_size<HashContext>, nullptr, nullptr},
    {"name", hash_get_name, nullptr, nullptr},
};
constinit TypeDef hash_def = {
    .name = "_hashlib.HASH",
    .doc =
        "HASH(name, string=b'')\n--\n\nThe state of a message digest: update() feeds it, digest() and hexdigest() tell the value "
        "so far,\ncopy() duplicates it.",
    .dynamic_kind = &DynamicKind<Hash>::value,
    .payload_size = sizeof(Hash),
    .flags = kTypeNoInstances | kTypeSubclassable,
    .methods = hash_methods,
    .method_count = count_of(hash_methods),
    .getsets = hash_getsets,
    .getset_count = 3,
    .kind_info = kind_info_of<Hash>("HASH"),
};

static Result<bool> finish_xof(Thread& t, Hash* self, u8* out, usize n) {
  TRY(self->start(t));
  EVP_MD_CTX* context = self->snapshot(t);
  if (!context) return raise_openssl(t);
  bool good = EVP_DigestFinalXOF(context, out, n);
  EVP_MD_CTX_free(context);
  if (!good) return raise_openssl(t);
  return true;
}
static Result<Bytes*> xof_digest(Thread& t, Hash* self, Index length) {
  if (length < 0) return raise_system_error(t, "Negative size passed to PyBytes_FromStringAndSize");
  Bytes* result = TRY(bytes_allocate(t, static_cast<usize>(length)));
  TRY(finish_xof(t, self, bytes_mutable_data(result), static_cast<usize>(length)));
  return result;
}
static Result<Str*> xof_hexdigest(Thread& t, Hash* self, Index length) {
  if (length < 0) return raise_memory_error(t);
  Bytes* digest = TRY(xof_digest(t, self, length));
  return bytes_to_hex(t, digest->data(), static_cast<usize>(digest->length()));
}
static Result<Value> xof_digest_size(Thread&, Value) { return Value::of_small_int(0); }
static constinit NativeDef xof_methods[] = {
    native<xof_digest>("digest($self, /, length)", "Return the digest value as a bytes object."),
    native<xof_hexdigest>("hexdigest($self, /, length)", "Return the digest value as a string of hexadecimal digits."),
};
static constinit GetSetDef xof_getsets[] = {{"digest_size", xof_digest_size, nullptr, nullptr}};
constinit TypeDef hash_xof_def = {
    .name = "_hashlib.HASHXOF",
    .doc = "HASHXOF(name, string=b'')\n--\n\nA message digest whose value can have any length: digest() and hexdigest() take it.",
    .base = &hash_def,
    .dynamic_kind = &DynamicKind<Hash>::value,
    .payload_size = sizeof(Hash),
    .flags = kTypeNoInstances | kTypeSubclassable,
    .methods = xof_methods,
    .method_count = count_of(xof_methods),
    .getsets = xof_getsets,
    .getset_count = 1,
    .kind_info = kind_info_of<Hash>("HASHXOF"),
};

static Result<Value> make_hash(Thread& t, const Digest& digest, const HashInput& data) {
  EVP_MD_CTX* context = TRY(begin_digest(t, digest));
  if (data.size &&
      !work_on(t, data.size >= kReleasingSize, [&] { return EVP_DigestUpdate(context, data.data, data.size) != 0; })) {
    EVP_MD_CTX_free(context);
    return raise_openssl(t);
  }
  bool xof = EVP_MD_get_flags(digest.get()) & EVP_MD_FLAG_XOF;
  return TRY(adopt<HashContext>(t, xof ? hash_xof_def.type : hash_def.type, context));
}
static Result<Value> hashlib_new(Thread& t, Value name, HashInput string, bool usedforsecurity) {
  if (!is<Str>(name)) return raise_type_error(t, "name must be a string");
  Value owner;
  std::string_view text = TRY(str_utf8(t, name.as<Str>(), &owner));
  if (text.find('\0') != std::string_view::npos) return raise_type_error(t, "name must be a string");
  Digest digest(TRY(find_digest(t, name.as<Str>(), usedforsecurity)));
  return make_hash(t, digest, string);
}

// Digests that, by the note, can be had with usedforsecurity=False, one bit each.
static Atomic<u64> promised_digests{0};

template <usize index>
static Result<Value> openssl_constructor(Thread& t, HashInput string, bool usedforsecurity) {
  KnownDigest& known = known_digests[index];
  if (!usedforsecurity && !string.size && promised_digests.load_relaxed() >> index & 1) {
    Type* type = known.length == Length::Any ? hash_xof_def.type : hash_def.type;
    return TRY(make_of<Hash>(t, type, nullptr, &known));
  }
  TRY(load_libcrypto(t));
  EVP_MD* md = look_up(known, usedforsecurity);
  if (!md) return raise_openssl(t);
  if (known.quick && string.size <= kMostKept) {
    Hash* made = TRY(make_of<Hash>(t, hash_def.type, nullptr, &known));
    (void)made->keep(t, string.data, string.size);
    return Value(made);
  }
  EVP_MD_up_ref(md);
  Digest digest(md);
  return make_hash(t, digest, string);
}

// ---------------------------------------------------------------------------------------------------------------- HMAC

static Result<Str*> hmac_repr(Thread& t, Hmac* self) {
  char address[20];
  hex_address(self, address);
  return format_message(t, "<{} HMAC object @ {}>", digest_name(self->md()), address);
}
static Result<Value> hmac_get_name(Thread& t, Value self) {
  return TRY(format_message(t, "hmac-{}", digest_name(self.as<Hmac>()->md())));
}
static constinit NativeDef hmac_methods[] = {
    native<hmac_repr>("__repr__($self, /)", "Return repr(self)."),
    native<copy_object<HmacContext>>("copy($self, /)", "Return a copy (\"clone\") of the HMAC object."),
    native<digest_object<HmacContext>>("digest($self, /)",
                                       "The authentication code, as bytes, of all data passed in up to now.\n\nMore data can be "
                                       "added with update() afterwards."),
    native<hexdigest_object<HmacContext>>("hexdigest($self, /)",
                                          "Return the digest of the bytes passed so far as hexadecimal text."),
    native<update_object<HmacContext>>("update($self, /, msg)", "Update the HMAC object with msg."),
};
static constinit GetSetDef hmac_getsets[] = {
    {"digest_size", get_digest_size<HmacContext>, nullptr, nullptr},
    {"block_size", get_block_size<HmacContext>, nullptr, nullptr},
    {"name", hmac_get_name, nullptr, nullptr},
};
constinit TypeDef hmac_def = {
    .name = "_hashlib.HMAC",
    .doc = "The object used to calculate HMAC of a message.",
    .dynamic_kind = &DynamicKind<Hmac>::value,
    .payload_size = sizeof(Hmac),
    .flags = kTypeNoInstances,
    .methods = hmac_methods,
    .method_count = count_of(hmac_methods),
    .getsets = hmac_getsets,
    .getset_count = 3,
    .kind_info = kind_info_of<Hmac>("HMAC"),
};

static Result<Value> hashlib_hmac_new(Thread& t, BufferView key, Optional<Value> msg, Optional<Value> digestmod) {
  if (key.size > INT_MAX) return raise_overflow_error(t, "key is too long.");
  if (!digestmod.has_value()) return raise_type_error(t, "Missing required parameter 'digestmod'.");
  Digest digest(TRY(find_digestmod(t, digestmod.value)));
  HMAC_CTX* context = HMAC_CTX_new();
  if (!context) return raise_memory_error(t);
  if (!HMAC_Init_ex(context, key.data, static_cast<int>(key.size), digest.get(), nullptr)) {
    HMAC_CTX_free(context);
    return raise_openssl(t);
  }
  Hmac* self = TRY(adopt<HmacContext>(t, hmac_def.type, context));
  if (msg.has_value() && !msg.value.is_none()) {
    HashInput data;
    static constexpr NativeDef kNone{};
    if (!Converter<HashInput>::convert(t, kNone, 0, msg.value, &data)) return failed;
    bool good = self->update(t, data.data, data.size);
    release_buffer(data);
    if (!good) return raise_openssl(t);
  }
  return self;
}
static Result<Bytes*> hashlib_hmac_digest(Thread& t, BufferView key, BufferView msg, Value digest_argument) {
  Digest digest(TRY(find_digestmod(t, digest_argument)));
  if (key.size > INT_MAX) return raise_overflow_error(t, "key is too long.");
  if (msg.size > INT_MAX) return raise_overflow_error(t, "msg is too long.");
  u8 out[EVP_MAX_MD_SIZE];
  unsigned n = 0;
  bool good = blocking<BlockCause::Native>(
      t, [&] { return HMAC(digest.get(), key.data, static_cast<int>(key.size), msg.data, msg.size, out, &n) != nullptr; });
  if (!good) return raise_openssl(t);
  return bytes_from(t, out, n);
}

// ---------------------------------------------------------------------------------------------------------------- key derivation

static Result<i64> c_long(Thread& t, Value v) {
  i64 n;
  if (!int_to_i64(TRY(to_index(t, v)), &n)) return raise_overflow_error(t, "Python int too large to convert to C long");
  return n;
}

static Result<Bytes*> hashlib_pbkdf2_hmac(Thread& t, Str* hash_name, BufferView password, BufferView salt, Value iterations_value,
                                          Value dklen) {
  i64 iterations = TRY(c_long(t, iterations_value));
  Digest digest(TRY(find_digest(t, hash_name, true)));
  if (password.size > INT_MAX) return raise_overflow_error(t, "password is too long.");
  if (salt.size > INT_MAX) return raise_overflow_error(t, "salt is too long.");
  if (iterations < 1) return raise_value_error(t, "iteration value must be greater than 0.");
  if (iterations > INT_MAX) return raise_overflow_error(t, "iteration value is too great.");
  i64 length = dklen.is_none() ? EVP_MD_get_size(digest.get()) : TRY(c_long(t, dklen));
  if (length < 1) return raise_value_error(t, "key length must be greater than 0.");
  if (length > INT_MAX) return raise_overflow_error(t, "key length is too great.");
  Bytes* key = TRY(bytes_allocate(t, static_cast<usize>(length)));
  u8* out = bytes_mutable_data(key);
  bool good = blocking<BlockCause::Native>(t, [&] {
    return PKCS5_PBKDF2_HMAC(reinterpret_cast<const char*>(password.data), static_cast<int>(password.size), salt.data,
                             static_cast<int>(salt.size), static_cast<int>(iterations), digest.get(), static_cast<int>(length),
                             out) != 0;
  });
  if (!good) return raise_openssl(t);
  return key;
}

// One of scrypt's cost parameters.
static Result<u64> scrypt_number(Thread& t, const char* name, Value v) {
  u64 n = 0;
  if (!v.is_none() && !is_int(v)) return raise_type_error(t, "scrypt() argument '{}' must be int, not {!t}", name, v);
  if (v.is_none() || !int_to_u64(int_exact(v), &n))
    return raise_type_error(t, "{} is required and must be an unsigned int", name);
  return n;
}
static Result<Bytes*> hashlib_scrypt(Thread& t, BufferView password, Optional<BufferView> salt, Value n_value, Value r_value,
                                     Value p_value, Value maxmem_value, Value dklen_value) {
  TRY(load_libcrypto(t));
  i64 maxmem = TRY(c_long(t, maxmem_value)), dklen = TRY(c_long(t, dklen_value));
  if (password.size > INT_MAX) return raise_overflow_error(t, "password is too long.");
  if (!salt.has_value()) return raise_type_error(t, "salt is required");
  if (salt.value.size > INT_MAX) return raise_overflow_error(t, "salt is too long.");
  u64 n = TRY(scrypt_number(t, "n", n_value));
  if (n < 2 || n & (n - 1)) return raise_value_error(t, "n must be a power of 2.");
  u64 r = TRY(scrypt_number(t, "r", r_value)), p = TRY(scrypt_number(t, "p", p_value));
  if (maxmem < 0 || maxmem > INT_MAX) return raise_value_error(t, "maxmem must be positive and smaller than {}", INT_MAX);
  if (dklen < 1 || dklen > INT_MAX) return raise_value_error(t, "dklen must be greater than 0 and smaller than {}", INT_MAX);
  u64 memory = static_cast<u64>(maxmem);
  // Asked without a place for the key, the library only checks the parameters.
  if (!EVP_PBE_scrypt(nullptr, 0, nullptr, 0, n, r, p, memory, nullptr, 0))
    return raise_openssl(t, "Invalid parameter combination for n, r, p, maxmem.");
  Bytes* key = TRY(bytes_allocate(t, static_cast<usize>(dklen)));
  u8* out = bytes_mutable_data(key);
  bool good = blocking<BlockCause::Native>(t, [&] {
    return EVP_PBE_scrypt(reinterpret_cast<const char*>(password.data), password.size, salt.value.data, salt.value.size, n, r, p,
                          memory, out, static_cast<usize>(dklen)) != 0;
  });
  if (!good) return raise_openssl(t);
  return key;
}

// ---------------------------------------------------------------------------------------------------------------- module

static Result<int> hashlib_get_fips_mode(Thread& t) {
  TRY(load_libcrypto(t));
  return EVP_default_properties_is_fips_enabled(nullptr);
}

#define CONSTRUCTOR(index, python_name, text)                                                                     \
  native<openssl_constructor<index>>("openssl_" python_name "($module, /, string=b'', *, usedforsecurity=True)",  \
                                     "Start " text                                                                \
                                     ".\n\nThe bytes in string, if any, are hashed at once; update() adds more. " \
                                     "Pass\nusedforsecurity=False if nothing depends on the digest for safety.")
static constinit NativeDef hashlib_functions[] = {
    native<hashlib_new>("new($module, /, name, string=b'', *, usedforsecurity=True)",
                        "Start a hash with the algorithm called name and return the hash object.\n\nThe bytes in string, if any, "
                        "are hashed at once. usedforsecurity=False\ndeclares that nothing depends on the digest for safety. "
                        "ValueError is raised\nfor an algorithm that is not available."),
    native<hashlib_pbkdf2_hmac>(
        "pbkdf2_hmac($module, /, hash_name, password, salt, iterations,\n            dklen=None)",
        "Derive a key from a password with PBKDF2 (PKCS #5 v2.0).\n\nHMAC with the digest hash_name is applied to password and "
        "salt, iterations\ntimes over. The key, of type bytes, has dklen bytes, or as many as the digest\nif dklen is None."),
    native<hashlib_scrypt>("scrypt($module, /, password, *, salt=None, n=None, r=None, p=None,\n       maxmem=0, dklen=64)",
                           "scrypt password-based key derivation function."),
    native<hashlib_get_fips_mode>("get_fips_mode($module, /)",
                                  "Whether OpenSSL's default context is in FIPS mode: 0 if it is not."),
    native<compare_digest>(
        "compare_digest($module, a, b, /)",
        "Return 'a == b', in a time that doesn't depend on where they differ.\n\nBoth must be ASCII strings, or "
        "both bytes-like objects."),
    native<hashlib_hmac_digest>("hmac_digest($module, /, key, msg, digest)", "Single-shot HMAC."),
    native<hashlib_hmac_new>("hmac_new($module, /, key, msg=b'', digestmod=None)", "Return a new hmac object."),
    CONSTRUCTOR(0, "md5", "an MD5 hash"),
    CONSTRUCTOR(1, "sha1", "a SHA-1 hash"),
    CONSTRUCTOR(2, "sha224", "a SHA-224 hash"),
    CONSTRUCTOR(3, "sha256", "a SHA-256 hash"),
    CONSTRUCTOR(4, "sha384", "a SHA-384 hash"),
    CONSTRUCTOR(5, "sha512", "a SHA-512 hash"),
    CONSTRUCTOR(8, "sha3_224", "a SHA3-224 hash"),
    CONSTRUCTOR(9, "sha3_256", "a SHA3-256 hash"),
    CONSTRUCTOR(10, "sha3_384", "a SHA3-384 hash"),
    CONSTRUCTOR(11, "sha3_512", "a SHA3-512 hash"),
    CONSTRUCTOR(12, "shake_128", "a SHAKE128 hash, whose digest can have any length"),
    CONSTRUCTOR(13, "shake_256", "a SHAKE256 hash, whose digest can have any length"),
};

// What the library, which is loaded, offers.
static DigestList list_digests() {
  DigestList list;
  EVP_MD_do_all_provided(
      nullptr,
      [](EVP_MD* md, void* context) {
        if (EVP_MD_get_type(md) != NID_undef) static_cast<DigestList*>(context)->names += std::string(digest_name(md)) + "\n";
      },
      &list);
  u64 bit = 1;
  for (KnownDigest& known : known_digests) {
    EVP_MD* md = fetch(known, false);
    if (md) list.constructors |= bit;
    EVP_MD_free(md);
    bit <<= 1;
  }
  ERR_clear_error();
  return list;
}
// The list from the note, or from the library, which is loaded then.
static Result<void> find_digests(Thread& t, DigestList* list) {
  if (!is_libcrypto_present() && recall_digest_list(list)) {
    promised_digests.store_relaxed(list->constructors);
    promise_libcrypto();
    return ok;
  }
  TRY(load_libcrypto(t));
  *list = list_digests();
  Value is_forbidden = dict_find_str(runtime.sys->dict(), intern(t, "dont_write_bytecode"));
  if (is_forbidden.is_absent() || !TRY(truth(t, is_forbidden))) note_digest_list(*list);
  return ok;
}
static Result<void> add_method_names(Thread& t, Module* module) {
  DigestList list;
  TRY(find_digests(t, &list));
  RootVector values;
  std::string_view rest = list.names;
  while (!rest.empty()) {
    usize end = rest.find('\n');
    values.push(Value(intern(t, rest.substr(0, end))));
    rest.remove_prefix(end + 1);
  }
  Set* set = TRY(make_frozenset(t, values.data(), static_cast<Index>(values.size())));
  return module_set(t, module, "openssl_md_meth_names", Value(set));
}
static Result<void> add_constructors(Thread& t, Module* module) {
  Dict* names = TRY(make_dict(t));
  for (const KnownDigest& known : known_digests) {
    Str* function_name = TRY(format_message(t, "openssl_{}", known.python_name));
    Value function = dict_find_str(module->dict(), function_name);
    if (function.is_present()) TRY(dict_set(t, names, function, Value(intern(t, known.python_name))));
  }
  if (!constructor_names) constructor_names = new Root<Dict>;
  constructor_names->set(names);
  return module_set(t, module, "_constructors", TRY(make_mapping_proxy(t, Value(names))));
}
static Result<void> hashlib_exec(Thread& t, Module* module) {
  if (!unsupported_digestmod_error)
    unsupported_digestmod_error =
        new Root<Type>(TRY(make_exception_type(t, "_hashlib.UnsupportedDigestmodError", exceptions.ValueError)));
  TRY(module_set(t, module, "UnsupportedDigestmodError", Value(unsupported_digestmod_error->get())));
  TRY(add_method_names(t, module));
  return add_constructors(t, module);
}

static TypeDef* const hashlib_types[] = {&hash_def, &hash_xof_def, &hmac_def};
constinit ModuleDef hashlib_module = {
    .name = "_hashlib",
    .doc = "OpenSSL interface for hashlib module",
    .functions = hashlib_functions,
    .function_count = count_of(hashlib_functions),
    .types = hashlib_types,
    .type_count = 3,
    .exec = hashlib_exec,
};

}  // namespace baton
