// Objects in ctypes.pythonapi: buffers, bytes, bytearrays, ints, text, references, frames, types.
//
//     PyObject_CheckBuffer, PyObject_GetBuffer, PyBuffer_Release    where a buffer's bytes are, by a Py_buffer of the caller's
//     PyMemoryView_FromMemory, PyMemoryView_FromObject              memory of C as a view
//     PyBytes_..., PyByteArray_..., PyLong_..., PyUnicode_From...   to and from C
//     Py_IncRef, Py_DecRef                                          C keeps an object, as often as it says
//     PyFrame_LocalsToFast                                          what was stored in f_locals becomes the frame's variables
//     PyType_Modified                                               forget what is cached about a class
#include <cstring>
#include <memory>
#include <unordered_map>

#include "heap/heap.h"
#include "modules/ctypes_python_api.h"
#include "objects/codecs.h"
#include "objects/convert.h"
#include "objects/exception.h"
#include "objects/frame.h"
#include "objects/memoryview.h"
#include "objects/numbers.h"
#include "objects/raise.h"
#include "objects/str.h"
#include "threads/mutator.h"

namespace baton {

static u64 bits_or_null(Result<Value> made) { return made.is_failed() ? 0 : made.value().bits(); }

// ---------------------------------------------------------------------------------------------------------------- buffers

namespace {

// As C declares it.
struct PyBuffer {
  void* buf;
  u64 obj;
  Index len, itemsize;
  int readonly, ndim;
  const char* format;
  Index *shape, *strides, *suboffsets;
  void* internal;  // the HeldBuffer, until PyBuffer_Release
};

enum BufferRequest : int {  // PEP 3118
  kBufferWritable = 0x1,
  kBufferFormat = 0x4,
  kBufferShape = 0x8,
  kBufferStrides = 0x10 | kBufferShape,
};

// What a Py_buffer stands on: it keeps the exporter, and shape and strides are here.
struct HeldBuffer {
  explicit HeldBuffer(Value v) : exporter(v) {}
  Root<Value> exporter;
  std::unique_ptr<Index[]> shape_and_strides;
};

}  // namespace

// Without strides the reader takes the items to be one behind the other.
static bool lie_in_order(const BufferInfo& info) {
  if (!info.shape || !info.strides) return true;
  Index stride = info.itemsize;
  for (int i = info.ndim - 1; i >= 0; --i) {
    if (info.shape[i] > 1 && info.strides[i] != stride) return false;
    stride *= info.shape[i];
  }
  return true;
}

static void fill_buffer(PyBuffer& out, Value exporter, const BufferInfo& info, int request) {
  auto held = std::make_unique<HeldBuffer>(exporter);
  usize n = static_cast<usize>(info.ndim);
  held->shape_and_strides = std::make_unique<Index[]>(2 * n);
  Index *shape = held->shape_and_strides.get(), *strides = shape + n;
  if (info.shape)
    memcpy(shape, info.shape, n * sizeof(Index));
  else if (n == 1)
    shape[0] = info.itemsize ? static_cast<Index>(info.size) / info.itemsize : 0;
  if (info.strides) {
    memcpy(strides, info.strides, n * sizeof(Index));
  } else {
    Index stride = info.itemsize;
    for (usize i = n; i-- > 0; stride *= shape[i]) strides[i] = stride;
  }
  bool wants_shape = request & kBufferShape;
  out.buf = info.data;
  out.obj = exporter.bits();
  out.len = static_cast<Index>(info.size);
  out.itemsize = info.itemsize;
  out.readonly = info.readonly;
  out.ndim = wants_shape ? info.ndim : 1;
  out.format = request & kBufferFormat ? (info.format ? info.format : "B") : nullptr;
  out.shape = wants_shape ? shape : nullptr;
  out.strides = (request & kBufferStrides) == kBufferStrides ? strides : nullptr;
  out.suboffsets = nullptr;
  out.internal = held.release();
}

static Result<void> get_object_buffer(Thread& thread, Value object, PyBuffer* out, int request) {
  if (is<MemoryView>(object) && (request & (kBufferFormat | kBufferShape)) == kBufferFormat)
    return raise_buffer_error(thread, "memoryview: cannot cast to unsigned bytes if the format flag is present");
  BufferInfo info;
  if (!TRY(get_buffer(thread, object, &info, request & kBufferWritable)))
    return raise_type_error(thread, "a bytes-like object is required, not '{!t}'", object);
  if ((request & kBufferStrides) != kBufferStrides && !lie_in_order(info)) {
    release_exported(object.cell());
    return raise_buffer_error(thread, "memoryview: underlying buffer is not C-contiguous");
  }
  fill_buffer(*out, object, info, request);
  return ok;
}

extern "C" {
static int api_check_buffer(u64 object) { return has_buffer(Value(object)); }
static int api_get_buffer(u64 object, PyBuffer* out, int request) {
  out->obj = 0;
  return get_object_buffer(current_thread(), Value(object), out, request).is_failed() ? -1 : 0;
}
static void api_release_buffer(PyBuffer* buffer) {
  if (!buffer->obj) return;
  std::unique_ptr<HeldBuffer> held(static_cast<HeldBuffer*>(buffer->internal));
  buffer->obj = 0;
  buffer->internal = nullptr;
  release_exported(held->exporter.get().cell());
}

static u64 api_view_of_memory(u8* memory, Index size, int access) {
  constexpr int kRead = 0x100;
  return bits_or_null(memoryview_of_memory(current_thread(), memory, static_cast<usize>(size), access == kRead));
}
static u64 api_view_of_object(u64 object) { return bits_or_null(make_memoryview(current_thread(), Value(object))); }
}

// ---------------------------------------------------------------------------------------------------------------- values

template <class T>
static T* expect(u64 bits, const char* what) {
  Value v(bits);
  if (is<T>(v)) return v.as<T>();
  (void)raise_type_error(current_thread(), "expected {}, {!t} found", what, v);
  return nullptr;
}

static Result<Bytes*> bytes_or_zeros(Thread& thread, const char* data, Index n) {
  if (n < 0) return raise(thread, exceptions.SystemError, "Negative size passed to PyBytes_FromStringAndSize");
  if (data) return bytes_from(thread, data, static_cast<usize>(n));
  Bytes* made = TRY(bytes_allocate(thread, static_cast<usize>(n)));
  memset(bytes_mutable_data(made), 0, static_cast<usize>(n));
  return made;
}
static Result<i64> long_from(Thread& thread, Value v) {
  i64 n;
  if (!int_to_i64(TRY(to_index(thread, v)), &n)) return raise_overflow_error(thread, "Python int too large to convert to C long");
  return n;
}
static Result<Value> text_from_utf8(Thread& thread, const char* data, usize n) {
  return Value(TRY(decode_utf8(thread, reinterpret_cast<const u8*>(data), n, nullptr)));
}

extern "C" {
static u64 api_bytes_from_data(const char* data, Index n) {
  Result<Bytes*> made = bytes_or_zeros(current_thread(), data, n);
  return made.is_failed() ? 0 : Value(made.value()).bits();
}
static u64 api_bytes_from_string(const char* text) { return api_bytes_from_data(text, static_cast<Index>(strlen(text))); }
static const u8* api_bytes_data(u64 bits) {
  Bytes* bytes = expect<Bytes>(bits, "bytes");
  return bytes ? bytes->data() : nullptr;
}
static Index api_bytes_size(u64 bits) {
  Bytes* bytes = expect<Bytes>(bits, "bytes");
  return bytes ? bytes->length() : -1;
}
static u64 api_bytearray_from_data(const char* data, Index n) {
  Result<ByteArray*> made = bytearray_from(current_thread(), data, static_cast<usize>(n));
  return made.is_failed() ? 0 : Value(made.value()).bits();
}
static u8* api_bytearray_data(u64 bits) {
  ByteArray* array = expect<ByteArray>(bits, "bytearray");
  BufferInfo info;
  if (!array || get_buffer(current_thread(), Value(array), &info, true).is_failed()) return nullptr;
  release_exported(array);
  return info.data;
}
static Index api_bytearray_size(u64 bits) {
  ByteArray* array = expect<ByteArray>(bits, "bytearray");
  return array ? array->length() : -1;
}
static u64 api_int_from_long(long v) { return bits_or_null(int_from_i64(current_thread(), v)); }
static long api_int_as_long(u64 bits) {
  Result<i64> n = long_from(current_thread(), Value(bits));
  return n.is_failed() ? -1 : n.value();
}
static u64 api_text_from_data(const char* data, Index n) {
  return bits_or_null(text_from_utf8(current_thread(), data, static_cast<usize>(n)));
}
static u64 api_text_from_string(const char* text) { return api_text_from_data(text, static_cast<Index>(strlen(text))); }
}

// ---------------------------------------------------------------------------------------------------------------- references

namespace {
// Objects that C keeps. Leaked: a program may let go of one as late as it likes.
struct KeptObjects {
  struct Kept {
    explicit Kept(Value v) : object(v) {}
    Root<Value> object;
    usize count = 0;
  };
  Mutex mutex;  // nothing under it polls
  std::unordered_map<u64, std::unique_ptr<Kept>> by_bits;
};
}  // namespace

static KeptObjects& kept_objects_of_c() {
  static auto* kept = new KeptObjects;
  return *kept;
}

extern "C" {
static void api_keep(u64 bits) {
  if (!bits) return;
  KeptObjects& all = kept_objects_of_c();
  Guard guard(all.mutex);
  std::unique_ptr<KeptObjects::Kept>& entry = all.by_bits[bits];
  if (!entry) entry = std::make_unique<KeptObjects::Kept>(Value(bits));
  ++entry->count;
}
// Only what Py_IncRef kept can be let go of: no other reference is counted.
static void api_let_go(u64 bits) {
  KeptObjects& all = kept_objects_of_c();
  Guard guard(all.mutex);
  auto entry = all.by_bits.find(bits);
  if (entry != all.by_bits.end() && --entry->second->count == 0) all.by_bits.erase(entry);
}

// ---------------------------------------------------------------------------------------------------------------- frames, types

// A variable that f_locals lacks stays as it is, whatever `clear` says: code relies on what is bound.
static void api_locals_to_fast(u64 bits, int) {
  Thread& thread = current_thread();
  FrameObject* frame = expect<FrameObject>(bits, "frame");
  if (!frame) return;
  StopTheWorld stopped(thread);
  (void)frame_locals_to_registers(thread, frame);
}

static void api_type_modified(u64 bits) {
  if (Type* type = expect<Type>(bits, "type")) type_modified(current_thread(), type);
}
}

static const PythonApiRow rows[] = {
    python_api_row("PyBuffer_Release", api_release_buffer),
    python_api_row("PyByteArray_AsString", api_bytearray_data),
    python_api_row("PyByteArray_FromStringAndSize", api_bytearray_from_data),
    python_api_row("PyByteArray_Size", api_bytearray_size),
    python_api_row("PyBytes_AsString", api_bytes_data),
    python_api_row("PyBytes_FromString", api_bytes_from_string),
    python_api_row("PyBytes_FromStringAndSize", api_bytes_from_data),
    python_api_row("PyBytes_Size", api_bytes_size),
    python_api_row("PyFrame_LocalsToFast", api_locals_to_fast),
    python_api_row("PyLong_AsLong", api_int_as_long),
    python_api_row("PyLong_FromLong", api_int_from_long),
    python_api_row("PyMemoryView_FromMemory", api_view_of_memory),
    python_api_row("PyMemoryView_FromObject", api_view_of_object),
    python_api_row("PyObject_CheckBuffer", api_check_buffer),
    python_api_row("PyObject_GetBuffer", api_get_buffer),
    python_api_row("PyType_Modified", api_type_modified),
    python_api_row("PyUnicode_FromString", api_text_from_string),
    python_api_row("PyUnicode_FromStringAndSize", api_text_from_data),
    python_api_row("Py_DecRef", api_let_go),
    python_api_row("Py_IncRef", api_keep),
};
std::span<const PythonApiRow> object_api() { return rows; }

}  // namespace baton
