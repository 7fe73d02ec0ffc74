// The % operator of str, bytes and bytearray: one engine, which reads the format unit by unit and writes into a StrBuilder (whose
// units are bytes for the bytes types).
#include <climits>

#include "base/float_text.h"
#include "base/text_kinds.h"
#include "objects/bytes.h"
#include "objects/made_at_run_time.h"
#include "objects/number_text.h"
#include "objects/object.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace baton {

namespace {

enum PercentFlag : u32 { kLeft = 1, kPlus = 2, kBlank = 4, kAlternate = 8, kZero = 16 };

struct Conversion {
  u32 flags = 0;
  Index width = -1;
  i64 precision = -1;
  u32 type = 0;
};

class PercentFormatter {
 public:
  PercentFormatter(Thread& thread, const void* format, Index length, u32 width, Value args, bool is_bytes)
      : thread_(thread), format_(format), length_(length), width_(width), is_bytes_(is_bytes), args_(args) {
    if (Tuple* tuple = cast<Tuple>(args)) {
      tuple_ = tuple;
      count_ = tuple->length();
    } else {
      count_ = 1;
      bool text = is<Str>(args) || (is_bytes && (is<Bytes>(args) || is<ByteArray>(args)));
      if (!text && has_mapping_items(args)) mapping_ = args;
    }
  }

  Result<void> run() {
    while (at_ < length_) {
      Index start = at_;
      with_kind(static_cast<int>(width_), format_, [this](auto* units) {
        Index i = at_;
        while (i < length_ && units[i] != '%') ++i;
        at_ = i;
      });
      if (at_ > start)
        out_.append_units(static_cast<const u8*>(format_) + static_cast<usize>(start) * width_, at_ - start, width_);
      if (at_ == length_) break;
      ++at_;
      if (TRY(convert_plainly())) continue;
      TRY(convert_one());
    }
    if (next_ < count_ && mapping_.is_absent()) {
      return raise_type_error(thread_, "not all arguments converted during {} formatting", is_bytes_ ? "bytes" : "string");
    }
    return ok;
  }
  StrBuilder& out() { return out_; }

 private:
  u32 unit(Index i) const { return char_at(static_cast<int>(width_), format_, static_cast<usize>(i)); }
  u32 take() { return unit(at_++); }

  Result<Value> next_argument() {
    if (next_ >= count_) return raise_type_error(thread_, "not enough arguments for format string");
    Index i = next_++;
    return tuple_ ? tuple_->at(i) : args_;
  }

  // "%(key)": the mapping's item becomes the only argument.
  Result<void> take_key() {
    if (mapping_.is_absent()) return raise_type_error(thread_, "format requires a mapping");
    Index start = at_;
    int depth = 1;
    while (depth > 0 && at_ < length_) {
      u32 ch = take();
      if (ch == ')')
        --depth;
      else if (ch == '(')
        ++depth;
    }
    if (depth > 0) return raise_value_error(thread_, "incomplete format key");
    const u8* key_data = static_cast<const u8*>(format_) + static_cast<usize>(start) * width_;
    Index n = at_ - 1 - start;
    Value key;
    if (is_bytes_)
      key = TRY(bytes_from(thread_, key_data, static_cast<usize>(n)));
    else
      key = TRY(str_from_units(thread_, key_data, n, width_));
    args_ = TRY(get_item(thread_, mapping_, key));
    tuple_ = nullptr;
    next_ = 0;
    count_ = 1;
    return ok;
  }

  Result<u32> need_unit() {
    if (at_ >= length_) return raise_value_error(thread_, "incomplete format");
    return take();
  }

  Result<i64> take_star(i64 limit) {
    Value v = TRY(next_argument());
    if (!is_int(v)) return raise_type_error(thread_, "* wants int");
    i64 n;
    if (!int_to_i64(int_exact(v), &n))
      return raise_overflow_error(thread_, "Python int too large to convert to C {}", limit == INT_MAX ? "int" : "ssize_t");
    if (n > limit || (limit == INT_MAX && n < INT_MIN))
      return raise_overflow_error(thread_, "Python int too large to convert to C int");
    return n;
  }

  Result<i64> take_digits(u32* ch, i64 limit, const char* too_big) {
    i64 n = 0;
    while (*ch >= '0' && *ch <= '9') {
      i64 digit = *ch - '0';
      if (n > (limit - digit) / 10) return raise_value_error(thread_, too_big);
      n = n * 10 + digit;
      if (at_ >= length_) return raise_value_error(thread_, "incomplete format");
      *ch = take();
    }
    return n;
  }

  Result<void> parse(Conversion* c) {
    u32 ch = TRY(need_unit());
    if (ch == '(') {
      TRY(take_key());
      ch = TRY(need_unit());
    }
    for (;;) {
      u32 flag = ch == '-' ? kLeft : ch == '+' ? kPlus : ch == ' ' ? kBlank : ch == '#' ? kAlternate : ch == '0' ? kZero : 0;
      if (!flag) break;
      c->flags |= flag;
      ch = TRY(need_unit());
    }
    if (ch == '*') {
      c->width = TRY(take_star(kMaxIndex));
      if (c->width < 0) {
        c->flags |= kLeft;
        c->width = -c->width;
      }
      ch = TRY(need_unit());
    } else if (ch >= '0' && ch <= '9') {
      c->width = TRY(take_digits(&ch, kMaxIndex, "width too big"));
    }
    if (ch == '.') {
      c->precision = 0;
      ch = TRY(need_unit());
      if (ch == '*') {
        c->precision = TRY(take_star(INT_MAX));
        if (c->precision < 0) c->precision = 0;
        ch = TRY(need_unit());
      } else if (ch >= '0' && ch <= '9') {
        c->precision = TRY(take_digits(&ch, INT_MAX, "precision too big"));
      }
    }
    if (ch == 'h' || ch == 'l' || ch == 'L') ch = TRY(need_unit());
    c->type = ch;
    return ok;
  }

  // %s and %d of exact strs and small ints, and %s of what str() tells. False: nothing was done.
  Result<bool> convert_plainly() {
    if (is_bytes_ || at_ >= length_ || next_ >= count_) return false;
    u32 type = unit(at_);
    if (type != 's' && type != 'd') return false;
    Value v = tuple_ ? tuple_->at(next_) : args_;
    if (v.is_small_int()) {
      append_small_int(v.small_int());
    } else {
      if (type == 'd') return false;
      Str* text = is_exact<Str>(v) ? v.as<Str>() : TRY(str_of(thread_, v));
      out_.append(text);
    }
    ++at_;
    ++next_;
    return true;
  }

  void append_small_int(i64 n) {
    char digits[24];
    char* at = digits + sizeof digits;
    u64 rest = n < 0 ? 0 - static_cast<u64>(n) : static_cast<u64>(n);
    do *--at = static_cast<char>('0' + rest % 10);
    while (rest /= 10);
    if (n < 0) *--at = '-';
    out_.append_ascii({at, static_cast<usize>(digits + sizeof digits - at)});
  }

  Result<void> convert_one() {
    if (at_ < length_ && unit(at_) == '%') {
      ++at_;
      out_.append('%');
      return ok;
    }
    Conversion c;
    TRY(parse(&c));
    switch (c.type) {
      case 's':
      case 'r':
      case 'a':
      case 'b':
      case 'c':
      case 'd':
      case 'i':
      case 'u':
      case 'o':
      case 'x':
      case 'X':
      case 'e':
      case 'E':
      case 'f':
      case 'F':
      case 'g':
      case 'G': break;
      default: {
        (void)TRY(next_argument());
        return raise_unknown(c.type);
      }
    }
    if (c.type == 'b' && !is_bytes_) {
      (void)TRY(next_argument());
      return raise_unknown(c.type);
    }
    Value v = TRY(next_argument());
    switch (c.type) {
      case 's':
      case 'r':
      case 'a':
      case 'b': return convert_text(c, v);
      case 'c': return convert_char(c, v);
      case 'd':
      case 'i':
      case 'u':
      case 'o':
      case 'x':
      case 'X': return convert_int(c, v);
      default: return convert_float(c, v);
    }
  }

  Failed raise_unknown(u32 ch) {
    char shown[2] = {ch >= 32 && ch < 127 ? static_cast<char>(ch) : '?', 0};
    char hex[12];
    usize n = 0;
    for (int shift = 28; shift >= 0; shift -= 4) {
      u32 digit = (ch >> shift) & 15;
      if (digit || n || shift == 0) hex[n++] = "0123456789abcdef"[digit];
    }
    hex[n] = 0;
    return raise_value_error(thread_, "unsupported format character '{}' (0x{}) at index {}", static_cast<const char*>(shown),
                             static_cast<const char*>(hex), static_cast<i64>(at_ - 1));
  }

  void pad_units(const Conversion& c, const void* units, Index n, u32 width) {
    Index fill = c.width > n ? c.width - n : 0;
    if (!(c.flags & kLeft)) out_.append_repeated(' ', fill);
    out_.append_units(units, n, width);
    if (c.flags & kLeft) out_.append_repeated(' ', fill);
  }

  Result<void> convert_text(const Conversion& c, Value v) {
    if (is_bytes_ && c.type != 'r' && c.type != 'a') return convert_bytes(c, v);
    Str* text;
    if (is_bytes_ || c.type == 'a')
      text = TRY(ascii_of(thread_, v));
    else if (c.type == 'r')
      text = TRY(repr(thread_, v));
    else
      text = is<Str>(v) && is_exact<Str>(v) ? v.as<Str>() : TRY(str_of(thread_, v));
    Index n = text->length();
    if (c.precision >= 0 && n > c.precision) n = c.precision;
    pad_units(c, text->data(), n, text->width());
    return ok;
  }

  Result<void> convert_bytes(const Conversion& c, Value v) {
    BufferView view;
    Value made = v;
    if (is<Bytes>(v)) {
    } else if (is<ByteArray>(v)) {
    } else {
      Value method = TRY(find_special(thread_, v, names.dunder_bytes));
      if (!(method == kNotFound)) {
        made = TRY(call(thread_, method));
        if (!is<Bytes>(made)) return raise_type_error(thread_, "__bytes__ returned non-bytes (type {!t})", made);
      } else if (!has_buffer(v)) {
        return raise_type_error(thread_, "%b requires a bytes-like object, or an object that implements __bytes__, not '{!t}'",
                                v);
      }
    }
    if (!convert_buffer(thread_, made, &view)) return failed;
    Index n = static_cast<Index>(view.size);
    if (c.precision >= 0 && n > c.precision) n = c.precision;
    pad_units(c, view.data, n, 1);
    release_buffer(view);
    return ok;
  }

  Result<void> convert_char(const Conversion& c, Value v) {
    u32 ch = 0;
    if (is_bytes_) {
      if (is<Bytes>(v) && v.as<Bytes>()->length() == 1)
        ch = v.as<Bytes>()->data()[0];
      else if (is<ByteArray>(v) && v.as<ByteArray>()->length() == 1)
        ch = v.as<ByteArray>()->data()[0];
      else {
        if (!has_index(v)) return raise_type_error(thread_, "%c requires an integer in range(256) or a single byte");
        i64 n;
        if (!int_to_i64(TRY(to_index(thread_, v)), &n) || n < 0 || n > 255)
          return raise_overflow_error(thread_, "%c arg not in range(256)");
        ch = static_cast<u32>(n);
      }
    } else if (Str* s = cast<Str>(v)) {
      if (s->length() != 1) return raise_type_error(thread_, "%c requires int or char");
      ch = s->at(0);
    } else {
      if (!has_index(v)) return raise_type_error(thread_, "%c requires int or char");
      i64 n;
      if (!int_to_i64(TRY(to_index(thread_, v)), &n) || n < 0 || n > static_cast<i64>(kMaxCodePoint)) {
        return raise_overflow_error(thread_, "%c arg not in range(0x110000)");
      }
      ch = static_cast<u32>(n);
    }
    pad_units(c, &ch, 1, 4);
    return ok;
  }

  static bool has_index(Value v) { return is_int(v) || type_of(v)->slot(Slot::index).is_present(); }

  Failed raise_wrong_number(u32 type, Value v) {
    char shown[2] = {type == 'i' && is_bytes_ ? 'd' : static_cast<char>(type), 0};
    bool integer = type == 'x' || type == 'X' || type == 'o';
    return raise_type_error(thread_, "%{} format: {} is required, not {!t}", static_cast<const char*>(shown),
                            integer ? "an integer" : "a real number", v);
  }

  // The exact int that d, i, u (truncating) or o, x, X (__index__) make of v.
  Result<Value> integer_of(u32 type, Value v) {
    if (is_int(v)) return int_exact(v);
    Type* t = type_of(v);
    Result<Value> result = failed;
    if (type == 'x' || type == 'X' || type == 'o') {
      if (t->slot(Slot::index).is_absent()) return raise_wrong_number(type, v);
      result = to_index(thread_, v);
    } else if (is_float(v) && is_exact_float(v)) {
      return int_from_double(thread_, float_value(v));
    } else if (t->slot(Slot::int_).is_present()) {
      result = call_slot(thread_, t->slot(Slot::int_), v);
      if (!result.is_failed()) {
        if (!is_int(result.value()))
          result = raise_type_error(thread_, "__int__ returned non-int (type {!t})", result.value());
        else
          return int_exact(result.value());
      }
    } else if (t->slot(Slot::index).is_present()) {
      result = to_index(thread_, v);
    } else {
      return raise_wrong_number(type, v);
    }
    if (result.is_failed() && clear_pending_if(thread_, exceptions.TypeError)) return raise_wrong_number(type, v);
    return result;
  }

  Result<void> convert_int(const Conversion& c, Value v) {
    Value exact = TRY(integer_of(c.type, v));
    NumberText digits;
    int base = c.type == 'o' ? 8 : c.type == 'x' || c.type == 'X' ? 16 : 10;
    TRY(digits.set_int(thread_, exact, base));
    if (c.type == 'X') digits.make_upper();
    std::string_view prefix;
    if ((c.flags & kAlternate) && base != 10) prefix = c.type == 'o' ? "0o" : c.type == 'x' ? "0x" : "0X";
    emit_number(c, digits.view(), prefix, c.precision);
    return ok;
  }

  Result<void> convert_float(const Conversion& c, Value v) {
    double d;
    if (is_float(v)) {
      d = float_value(v);
    } else {
      Result<double> r = to_double(thread_, v);
      if (r.is_failed()) {
        if (is_bytes_) {  // whatever went wrong
          thread_.clear_pending();
          return raise_type_error(thread_, "float argument required, not {!t}", v);
        }
        return failed;
      }
      d = r.value();
    }
    NumberText digits;
    TRY(digits.set_float(thread_, d, static_cast<char>(c.type), c.precision < 0 ? 6 : static_cast<int>(c.precision),
                         c.flags & kAlternate ? kFloatAlternate : 0));
    emit_number(c, digits.view(), {}, -1);
    return ok;
  }

  // [spaces][sign][prefix][zeros]digits[spaces]
  void emit_number(const Conversion& c, std::string_view digits, std::string_view prefix, i64 min_digits) {
    char sign = 0;
    if (!digits.empty() && (digits[0] == '-' || digits[0] == '+')) {
      sign = digits[0];
      digits.remove_prefix(1);
    } else if (c.flags & kPlus) {
      sign = '+';
    } else if (c.flags & kBlank) {
      sign = ' ';
    }
    Index zeros = min_digits > static_cast<i64>(digits.size()) ? min_digits - static_cast<Index>(digits.size()) : 0;
    Index total = static_cast<Index>(digits.size() + prefix.size()) + zeros + (sign != 0);
    Index fill = c.width > total ? c.width - total : 0;
    bool zero_fill = (c.flags & kZero) && !(c.flags & kLeft);
    if (!(c.flags & kLeft) && !zero_fill) out_.append_repeated(' ', fill);
    if (sign) out_.append(static_cast<u8>(sign));
    out_.append_ascii(prefix);
    out_.append_repeated('0', zeros + (zero_fill ? fill : 0));
    out_.append_ascii(digits);
    if (c.flags & kLeft) out_.append_repeated(' ', fill);
  }

  Thread& thread_;
  const void* format_;
  Index length_;
  u32 width_;
  bool is_bytes_;
  Value args_;
  Value mapping_;
  Tuple* tuple_ = nullptr;
  Index at_ = 0, next_ = 0, count_ = 0;
  StrBuilder out_;
};

}  // namespace

Result<Value> str_percent(Thread& thread, Str* format, Value args) {
  PercentFormatter formatter(thread, format->data(), format->length(), format->width(), args, false);
  KeepAlive keep(format);
  TRY(formatter.run());
  return TRY(formatter.out().build(thread));
}

Result<Value> bytes_percent(Thread& thread, std::string_view format, Value args, bool to_bytearray) {
  PercentFormatter formatter(thread, format.data(), static_cast<Index>(format.size()), 1, args, true);
  TRY(formatter.run());
  StrBuilder& out = formatter.out();
  if (out.is_out_of_memory()) return raise_memory_error(thread);
  if (to_bytearray) return TRY(bytearray_from(thread, out.data(), static_cast<usize>(out.length())));
  return TRY(bytes_from(thread, out.data(), static_cast<usize>(out.length())));
}

}  // namespace baton
