// bytes: allocation, construction, hash, comparison, repr, and its table. Methods shared with bytearray: bytes_methods.h.
//
// The empty bytes object and those of one byte are unique (kept alive by a table).
#include "objects/bytes.h"

#include "base/siphash.h"
#include "heap/large_cells.h"
#include "objects/bytes_methods.h"
#include "objects/iterator_defs.h"
#include "objects/iterators.h"
#include "objects/memoryview.h"
#include "objects/module.h"
#include "objects/raw_arguments.h"
#include "objects/raw_bytes.h"

namespace baton {

static Root<ValueArray>* small_bytes = nullptr;  // [0..255] one byte, [256] empty

static u32 bytes_shape_id() {
  Shape* shape = types.bytes ? types.bytes->instance_shape() : nullptr;
  return shape ? shape->id() : 0;
}

static Bytes* allocate_inline(Thread& thread, usize n) {
  if (n > (usize{1} << 55)) return nullptr;
  Cell* cell = allocate_cell(thread, sizeof(Bytes) + n + 1, Bytes::kKind, bytes_shape_id());
  if (!cell) return nullptr;
  Bytes* b = static_cast<Bytes*>(cell);
  u8* data = reinterpret_cast<u8*>(b + 1);
  b->length_ = static_cast<Index>(n);
  b->hash_ = 0;
  b->data_ = data;
  data[n] = 0;
  return b;
}

// i: the byte, or 256 for the empty object.
static Result<Bytes*> small(Thread& thread, u32 i) {
  if (!small_bytes) {
    ValueArray* array = TRY(make_value_array(thread, 257));
    small_bytes = new Root<ValueArray>(array);
  }
  Value v = small_bytes->get()->at(i);
  if (v.is_present()) return v.as<Bytes>();
  Bytes* b = allocate_inline(thread, i < 256);
  if (!b) return raise_memory_error(thread);
  if (i < 256) bytes_mutable_data(b)[0] = static_cast<u8>(i);
  small_bytes->get()->set_at(i, b);
  return b;
}

Bytes* kept_empty_bytes() { return small_bytes ? cast<Bytes>(small_bytes->get()->at(256)) : nullptr; }

Result<Bytes*> bytes_allocate(Thread& thread, usize n) {
  if (n == 0) return small(thread, 256);
  Bytes* b = allocate_inline(thread, n);
  if (!b) return raise_memory_error(thread);
  return b;
}

Result<Bytes*> bytes_from(Thread& thread, const void* data, usize n) {
  if (n == 0) return small(thread, 256);
  if (n == 1) return small(thread, *static_cast<const u8*>(data));
  Bytes* b = allocate_inline(thread, n);
  if (!b) return raise_memory_error(thread);
  if (n >= kFilledAtOnce) heap_will_be_filled(b, n);
  memcpy(bytes_mutable_data(b), data, n);
  return b;
}

Result<RawBytes*> make_raw_bytes(Thread& thread, usize n) {
  if (n > (usize{1} << 55)) return raise_memory_error(thread);
  Cell* cell = allocate_cell(thread, RawBytes::size_for(n), RawBytes::kKind, 0);
  if (!cell) return raise_memory_error(thread);
  static_cast<RawBytes*>(cell)->init(n);
  return static_cast<RawBytes*>(cell);
}

bool raw_bytes_grow(Thread& thread, RawBytes* bytes, usize n) {
  if (n > (usize{1} << 55) || !heap_grow_large(thread, bytes, RawBytes::size_for(n))) return false;
  bytes->init(n);
  return true;
}

bool raw_bytes_shrink(RawBytes* bytes, usize n) {
  if (!heap_shrink_large(bytes, RawBytes::size_for(n))) return false;
  bytes->init(n);
  return true;
}

Result<void> finish_buffer_owner(Thread&, Type* type) {
  heap_owns_buffers(type->instance_kind());
  return ok;
}

Result<Bytes*> bytes_within(Thread& thread, Cell* owner, const u8* data, Index n) {
  Cell* cell = allocate_cell(thread, sizeof(Bytes) + sizeof(Field<Cell>), Bytes::kKind, bytes_shape_id());
  if (!cell) return raise_memory_error(thread);
  Bytes* b = static_cast<Bytes*>(cell);
  b->length_ = n;
  b->hash_ = 0;
  b->data_ = data;
  reinterpret_cast<Field<Cell>*>(b + 1)->init(owner);
  return b;
}

Result<Bytes*> bytes_over(Thread& thread, RawBytes* storage, usize n) {
  storage->data()[n] = 0;
  return bytes_within(thread, storage, storage->data(), static_cast<Index>(n));
}

Result<Bytes*> bytes_concat(Thread& thread, std::string_view a, std::string_view b) {
  Bytes* result = TRY(bytes_allocate(thread, a.size() + b.size()));
  if (!a.empty()) memcpy(bytes_mutable_data(result), a.data(), a.size());
  if (!b.empty()) memcpy(bytes_mutable_data(result) + a.size(), b.data(), b.size());
  return result;
}

static Bytes* exact_bytes(Bytes* b) {
  return b->is_subclass_instance() ? static_cast<Bytes*>(reinterpret_cast<const Field<Cell>*>(b + 1)->get()) : b;
}

Result<Bytes*> unchanged(Thread&, Bytes* self) { return exact_bytes(self); }

Result<Bytes*> end_of(Thread& thread, Bytes* whole, Index n) {
  const u8* data = whole->data() + (whole->length() - n);
  if (n < kSharedLength) return bytes_from(thread, data, static_cast<usize>(n));
  Bytes* exact = exact_bytes(whole);
  Cell* owner = exact;
  usize held = static_cast<usize>(exact->length());
  if (exact->data() != reinterpret_cast<const u8*>(exact + 1)) {  // it shares already
    owner = reinterpret_cast<const Field<Cell>*>(exact + 1)->get();
    held = owner->kind() == kKindBytes ? static_cast<usize>(static_cast<Bytes*>(owner)->length())
                                       : static_cast<RawBytes*>(owner)->capacity();
  }
  if (static_cast<usize>(n) < held / 2) return bytes_from(thread, data, static_cast<usize>(n));
  return bytes_within(thread, owner, data, n);
}

Result<Bytes*> allocate_like(Thread& thread, const Bytes*, Index n, u8** out) {
  // A fresh cell even for one byte: the caller writes into it.
  Bytes* b = TRY(bytes_allocate(thread, static_cast<usize>(n)));
  *out = bytes_mutable_data(b);
  return b;
}

Result<Bytes*> bytes_new_instance(Thread& thread, Type* type, Bytes* bytes) {
  Bytes* exact = exact_bytes(bytes);
  Cell* cell = allocate_instance(thread, type);
  if (!cell) return failed;
  Bytes* b = static_cast<Bytes*>(cell);
  b->length_ = exact->length_;
  b->hash_ = exact->hash_;
  b->data_ = exact->data_;
  reinterpret_cast<Field<Cell>*>(b + 1)->init(exact);
  return b;
}

i64 raw_bytes_hash(const void* data, usize size) {
  HashSecret secret;
  secret.key0 = runtime.hash_key[0];
  secret.key1 = runtime.hash_key[1];
  return hash_bytes(secret, data, size);
}

u64 bytes_hash(Bytes* b) {
  u64 hash = __atomic_load_n(&b->hash_, __ATOMIC_RELAXED);
  if (hash) return hash;
  hash = static_cast<u64>(raw_bytes_hash(b->data(), static_cast<usize>(b->length())));
  __atomic_store_n(&b->hash_, hash, __ATOMIC_RELAXED);
  return hash;
}

// --- construction

static constexpr i64 kMaxZeros = i64{1} << 40;  // of more the usual way says what is wrong

static Result<Value> bytes_new(Thread& thread, Type* type, Optional<Value> source, Optional<Value> encoding,
                               Optional<Value> errors) {
  if (type == types.bytes && source.present && !encoding.present && !errors.present) {
    if (is_exact<Bytes>(source.value)) return source.value;
    if (is_exact<ByteArray>(source.value)) return bytearray_bytes(thread, source.value.as<ByteArray>());
    if (is<MemoryView>(source.value)) return memoryview_bytes(thread, source.value.as<MemoryView>());
    if (i64 n = source.value.is_small_int() ? source.value.small_int() : -1; n > 1 && n <= kMaxZeros) {
      Bytes* zeros = TRY(bytes_allocate(thread, static_cast<usize>(n)));
      memset(bytes_mutable_data(zeros), 0, static_cast<usize>(n));
      return zeros;
    }
  }
  TRY(check_subtype(thread, type, types.bytes));
  ByteBuilder content;
  Value whole;
  TRY(bytes_construct(thread, "bytes", source, encoding, errors, &content, &whole));
  Bytes* result = whole.is_present() ? whole.as<Bytes>() : TRY(bytes_from(thread, content.data(), content.size()));
  if (type == types.bytes) return result;
  return TRY(bytes_new_instance(thread, type, result));
}

Result<Bytes*> bytes_from_object(Thread& thread, Value v) {
  Value result = TRY(bytes_new(thread, types.bytes, {true, v}, {}, {}));
  return result.as<Bytes>();
}

// --- operators

static int compare_bytes(Bytes* a, Bytes* b) {
  Index n = a->length() < b->length() ? a->length() : b->length();
  int c = memcmp(a->data(), b->data(), static_cast<usize>(n));
  if (c) return c;
  return a->length() < b->length() ? -1 : a->length() > b->length();
}
static bool equal_bytes(Bytes* a, Bytes* b) {
  return a == b || (a->length() == b->length() && memcmp(a->data(), b->data(), static_cast<usize>(a->length())) == 0);
}
int bytes_warning_level = 0;

Result<void> warn_bytes_compared(Thread& thread, Value other) {
  const char* what = is<Str>(other) ? "string" : is_int(other) ? "int" : nullptr;
  if (!what) return ok;
  return warn(thread, exceptions.BytesWarning,
              std::string_view(*what == 's' ? "Comparison between bytes and string" : "Comparison between bytes and int"));
}

static Result<Value> bytes_eq(Thread& thread, Bytes* self, Value v) {
  if (is<Bytes>(v)) return Value::of_bool(equal_bytes(self, v.as<Bytes>()));
  if (bytes_warning_level) TRY(warn_bytes_compared(thread, v));
  return kNotImplemented;
}
static Result<Value> bytes_ne(Thread& thread, Bytes* self, Value v) {
  if (is<Bytes>(v)) return Value::of_bool(!equal_bytes(self, v.as<Bytes>()));
  if (bytes_warning_level) TRY(warn_bytes_compared(thread, v));
  return kNotImplemented;
}
static Result<Value> bytes_lt(Thread&, Bytes* self, Value v) {
  return is<Bytes>(v) ? Value::of_bool(compare_bytes(self, v.as<Bytes>()) < 0) : kNotImplemented;
}
static Result<Value> bytes_le(Thread&, Bytes* self, Value v) {
  return is<Bytes>(v) ? Value::of_bool(compare_bytes(self, v.as<Bytes>()) <= 0) : kNotImplemented;
}
static Result<Value> bytes_gt(Thread&, Bytes* self, Value v) {
  return is<Bytes>(v) ? Value::of_bool(compare_bytes(self, v.as<Bytes>()) > 0) : kNotImplemented;
}
static Result<Value> bytes_ge(Thread&, Bytes* self, Value v) {
  return is<Bytes>(v) ? Value::of_bool(compare_bytes(self, v.as<Bytes>()) >= 0) : kNotImplemented;
}

static Result<i64> bytes_hash_row(Thread&, Bytes* self) { return static_cast<i64>(bytes_hash(self)); }
static Result<Str*> bytes_repr_row(Thread& thread, Bytes* self) { return bytes_repr(thread, self->text()); }
static Result<Str*> bytes_str(Thread& thread, Bytes* self) {
  if (bytes_warning_level) TRY(warn(thread, exceptions.BytesWarning, "str() on a bytes instance"));
  return bytes_repr(thread, self->text());
}
static Result<Value> bytes_bytes(Thread&, Bytes* self) { return exact_bytes(self); }
static Result<Value> bytes_getnewargs(Thread& thread, Bytes* self) { return TRY(tuple_of(thread, exact_bytes(self))); }
static Result<i64> bytes_sizeof(Thread&, Bytes* self) { return 33 + self->length(); }

// --- iterator

static Result<Value> bytes_iterator_next(Thread& thread, Iterator* self) {
  IteratorGuard guard(thread, self);
  Value source = self->source();
  if (source.is_absent()) return kExhausted;
  Bytes* bytes = source.as<Bytes>();
  Index at = self->position_.get();
  if (at >= bytes->length()) {
    self->source_.clear();
    return kExhausted;
  }
  self->position_ = at + 1;
  return Value::of_small_int(bytes->data()[at]);
}
static Result<Value> bytes_iterator_iter(Thread&, Iterator* self) { return self; }
static Result<i64> bytes_iterator_length_hint(Thread&, Iterator* self) {
  Value source = self->source();
  return source.is_absent() ? 0 : source.as<Bytes>()->length() - self->position_;
}
static Result<Value> bytes_iterator_reduce(Thread& thread, Iterator* self) {
  Value iter = TRY(get_attr_ascii(thread, runtime.builtins, "iter"));
  Value source = self->source();
  if (source.is_absent()) return TRY(tuple_of(thread, iter, TRY(tuple_of(thread, TRY(small(thread, 256))))));
  return TRY(tuple_of(thread, iter, TRY(tuple_of(thread, source)), TRY(int_from_i64(thread, self->position_))));
}
static Result<void> bytes_iterator_setstate(Thread&, Iterator* self, Index state) {
  Value source = self->source();
  if (source.is_absent()) return ok;
  Index n = source.as<Bytes>()->length();
  self->position_ = state < 0 ? 0 : state > n ? n : state;
  return ok;
}
static constinit NativeDef bytes_iterator_methods[] = {
    native<bytes_iterator_iter>("__iter__($self, /)", "Implement iter(self)."),
    native<bytes_iterator_next>("__next__($self, /)", "Implement next(self)."),
    native<bytes_iterator_length_hint>("__length_hint__($self, /)", "Private method returning an estimate of len(list(it))."),
    native<bytes_iterator_reduce>("__reduce__($self, /)", "Return state information for pickling."),
    native<bytes_iterator_setstate>("__setstate__($self, state, /)", "Set state information for unpickling."),
};
constinit TypeDef bytes_iterator_def = {.name = "bytes_iterator",
                                        .kind = kKindIterator,
                                        .payload_size = sizeof(Iterator),
                                        .flags = kTypeNoInstances,
                                        .methods = bytes_iterator_methods,
                                        .method_count = count_of(bytes_iterator_methods),
                                        .kind_info = kind_info_of<Iterator>("iterator")};
static Result<Value> bytes_iter(Thread& thread, Bytes* self) {
  auto* it = TRY(make_of<Iterator>(thread, TRY(type_from_def(thread, bytes_iterator_def)), Value(self), Index{0}, Value()));
  it->set_form(IteratorForm::Bytes);
  return it;
}

// --- the table

constinit NativeDef bytes_methods[] = {
    native<bytes_new>("__new__(type, /, source=b'', encoding='utf-8', errors='strict')",
                      "Make an instance; the class's own help describes the arguments."),
    native<bytes_repr_row>("__repr__($self, /)", "Return repr(self)."),
    native<bytes_str>("__str__($self, /)", "Return str(self)."),
    native<bytes_hash_row>("__hash__($self, /)", "Return hash(self)."),
    native<bytes_lt>("__lt__($self, value, /)", "Return self<value."),
    native<bytes_le>("__le__($self, value, /)", "Return self<=value."),
    native<bytes_eq>("__eq__($self, value, /)", "Return self==value."),
    native<bytes_ne>("__ne__($self, value, /)", "Return self!=value."),
    native<bytes_gt>("__gt__($self, value, /)", "Return self>value."),
    native<bytes_ge>("__ge__($self, value, /)", "Return self>=value."),
    native<bytes_iter>("__iter__($self, /)", "Implement iter(self)."),
    native<bytes_bytes>("__bytes__($self, /)", "Convert this value to exact type bytes."),
    native<bytes_getnewargs>("__getnewargs__($self, /)"),
    native<bytes_sizeof>("__sizeof__($self, /)", "Return the size of the object in memory, in bytes."),
    BATON_BYTES_ROWS(Bytes),
};

static constexpr KindInfo bytes_kind() {
  KindInfo info = kind_info_of<Bytes>("bytes");
  info.has_opaque_words = true;  // the content: in bytecode, a word in a few hundred thousand looks like an address
  return info;
}

constinit TypeDef bytes_def = {
    .name = "bytes",
    .doc =
        "bytes(iterable_of_ints) -> bytes\nbytes(string, encoding[, errors]) -> encoded text\nbytes(bytes_or_buffer) -> copy of "
        "the contents\nbytes(int) -> that many zero bytes\nbytes() -> b''\n\nMake a sequence of bytes that never changes. Its "
        "contents come from:\n  - ints that fit into one byte each, 0 to 255\n  - text, for which you have to name an encoding\n "
        " - the memory of another object, such as a bytearray or an array\n  - nowhere, if you give a length or no argument at "
        "all",
    .kind = kKindBytes,
    .payload_size = sizeof(Bytes) + sizeof(Field<Cell>),  // of instances of subclasses
    .flags = kTypeSubclassable | kTypeImmutable | kTypeIsBytes | kTypeMatchSelf,
    .methods = bytes_methods,
    .method_count = count_of(bytes_methods),
    .kind_info = bytes_kind(),
};

}  // namespace baton
