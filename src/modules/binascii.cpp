// binascii: the kernels of base/binascii_kernels.h with arguments and errors.
#include "base/binascii_kernels.h"
#include "objects/bytes.h"
#include "objects/int_view.h"
#include "objects/new_exception.h"

namespace baton {

static Root<Type>*binascii_error = nullptr, *binascii_incomplete = nullptr;

// Bytes-like, or text of ASCII characters.
namespace {
struct AsciiBuffer : BufferView {};
}  // namespace
template <>
struct Converter<AsciiBuffer> {
  static bool convert(Thread& thread, NativeDef const&, u32, Value v, AsciiBuffer* out) {
    if (is<Str>(v)) {
      Str* s = v.as<Str>();
      if (!s->is_ascii()) {
        (void)raise_value_error(thread, "string argument should contain only ASCII characters");
        return false;
      }
      out->data = s->data1();
      out->size = static_cast<usize>(s->length());
      out->owner = v;
      return true;
    }
    if (!has_buffer(v)) {
      (void)raise_type_error(thread, "argument should be bytes, buffer or ASCII string, not '{!t}'", v);
      return false;
    }
    return convert_buffer(thread, v, out);
  }
};

static Failed raise_error(Thread& thread, const char* text) { return raise(thread, binascii_error->get(), "{}", text); }
static Result<Bytes*> finish(Thread& thread, ByteBuffer& out) {
  if (out.failed()) return raise_memory_error(thread);
  return bytes_from(thread, out.data(), out.size());
}

static Result<Bytes*> a2b_base64(Thread& thread, AsciiBuffer data, bool strict_mode) {
  ByteBuffer out;
  usize chars = 0;
  const char* error = base64_decode(out, data.data, data.size, strict_mode ? Base64Mode::kStrict : Base64Mode::kLenient, &chars);
  if (error == kBase64TooMany) {
    return raise(thread, binascii_error->get(),
                 "Invalid base64-encoded string: number of data characters ({}) cannot be 1 more than a multiple of 4",
                 static_cast<u64>(chars));
  }
  if (error) return raise_error(thread, error);
  return finish(thread, out);
}
static Result<Bytes*> b2a_base64(Thread& thread, BufferView data, bool newline) {
  ByteBuffer out;
  base64_encode(out, data.data, data.size, newline ? Base64Newline::kAppend : Base64Newline::kNone);
  return finish(thread, out);
}

static Result<Bytes*> unhexlify(Thread& thread, AsciiBuffer hexstr) {
  if (hexstr.size % 2) return raise_error(thread, "Odd-length string");
  Bytes* result = TRY(bytes_allocate(thread, hexstr.size / 2));
  if (!hex_decode(bytes_mutable_data(result), hexstr.data, hexstr.size))
    return raise_error(thread, "Non-hexadecimal digit found");
  return result;
}

static Result<u8> separator_of(Thread& thread, Value sep) {
  if (TRY(length_of(thread, sep)) != 1) return raise_value_error(thread, "sep must be length 1.");
  if (is<Str>(sep)) {
    if (sep.as<Str>()->width() != 1) return raise_value_error(thread, "sep must be ASCII.");
    return sep.as<Str>()->data1()[0];
  }
  if (is<Bytes>(sep)) return sep.as<Bytes>()->data()[0];
  return raise_type_error(thread, "sep must be str or bytes.");
}
static Result<Bytes*> hexlify(Thread& thread, BufferView data, Optional<Value> sep, int bytes_per_sep) {
  u8 separator = 0;
  i64 group = 0;
  if (sep.has_value()) {
    separator = TRY(separator_of(thread, sep.value));
    group = bytes_per_sep;
  }
  Bytes* result = TRY(bytes_allocate(thread, hex_encoded_size(data.size, group)));
  hex_encode_grouped(bytes_mutable_data(result), data.data, data.size, separator, group);
  return result;
}

static Result<Bytes*> a2b_uu(Thread& thread, AsciiBuffer data) {
  ByteBuffer out;
  if (const char* error = uu_decode(out, data.data, data.size)) return raise_error(thread, error);
  return finish(thread, out);
}
static Result<Bytes*> b2a_uu(Thread& thread, BufferView data, bool backtick) {
  ByteBuffer out;
  if (!uu_encode(out, data.data, data.size, backtick)) return raise_error(thread, "At most 45 bytes at once");
  return finish(thread, out);
}

static Result<Bytes*> a2b_qp(Thread& thread, AsciiBuffer data, bool header) {
  ByteBuffer out;
  qp_decode(out, data.data, data.size, header);
  return finish(thread, out);
}
static Result<Bytes*> b2a_qp(Thread& thread, BufferView data, bool quotetabs, bool istext, bool header) {
  ByteBuffer out;
  qp_encode(out, data.data, data.size, quotetabs, istext, header);
  return finish(thread, out);
}

static Result<Value> crc32_of(Thread& thread, BufferView data, Value crc) {
  u32 start = static_cast<u32>(big_low_u64(IntView(TRY(to_index(thread, crc)))));
  return Value::of_small_int(crc32(start, data.data, data.size));
}
static Result<Value> crc_hqx_of(Thread& thread, BufferView data, Value crc) {
  u32 start = static_cast<u32>(big_low_u64(IntView(TRY(to_index(thread, crc)))) & 0xFFFF);
  return Value::of_small_int(crc_hqx(start, data.data, data.size));
}

static Result<void> binascii_exec(Thread& thread, Module* module) {
  if (!binascii_error) {
    binascii_error = new Root<Type>(TRY(make_exception_type(thread, "binascii.Error", exceptions.ValueError)));
    binascii_incomplete = new Root<Type>(TRY(make_exception_type(thread, "binascii.Incomplete", exceptions.Exception)));
  }
  TRY(module_set(thread, module, "Error", Value(binascii_error->get())));
  return module_set(thread, module, "Incomplete", Value(binascii_incomplete->get()));
}

static constinit NativeDef binascii_functions[] = {
    native<a2b_base64>("a2b_base64($module, data, /, *, strict_mode=False)", "Decode a line of base64 data."),
    native<unhexlify>("a2b_hex($module, hexstr, /)", "Binary data of hexadecimal representation."),
    native<a2b_qp>("a2b_qp($module, /, data, header=False)", "Decode a string of qp-encoded data."),
    native<a2b_uu>("a2b_uu($module, data, /)", "Decode a line of uuencoded data."),
    native<b2a_base64>("b2a_base64($module, data, /, *, newline=True)", "Base64-code line of data."),
    native<hexlify>("b2a_hex($module, /, data, sep=<unrepresentable>, bytes_per_sep=1)",
                    "Hexadecimal representation of binary data."),
    native<b2a_qp>("b2a_qp($module, /, data, quotetabs=False, istext=True, header=False)",
                   "Encode a string using quoted-printable encoding."),
    native<b2a_uu>("b2a_uu($module, data, /, *, backtick=False)", "Uuencode line of data."),
    native<crc32_of>("crc32($module, data, crc=0, /)", "Compute CRC-32 incrementally."),
    native<crc_hqx_of>("crc_hqx($module, data, crc, /)", "Compute CRC-CCITT incrementally."),
    native<hexlify>("hexlify($module, /, data, sep=<unrepresentable>, bytes_per_sep=1)",
                    "Hexadecimal representation of binary data."),
    native<unhexlify>("unhexlify($module, hexstr, /)", "Binary data of hexadecimal representation."),
};
constinit ModuleDef binascii_module = {
    .name = "binascii",
    .doc = "Conversion between binary data and ASCII",
    .functions = binascii_functions,
    .function_count = count_of(binascii_functions),
    .exec = binascii_exec,
};

}  // namespace baton
