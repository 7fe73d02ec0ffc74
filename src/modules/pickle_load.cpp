// _pickle: the opcode loop of load(), and the opcodes of built-in objects.
//
// The input may be hostile: every pop is checked against the fence of the last MARK, sizes against what there is, and memo
// numbers cost no more memory than the stream is long.
#include "modules/pickle_load.h"

#include <cerrno>
#include <cstdlib>

#include "base/float_text.h"
#include "base/load_as.h"
#include "base/utf8.h"
#include "objects/codecs.h"
#include "objects/dict_inline.h"
#include "objects/dict_room.h"
#include "objects/int_view.h"
#include "objects/list_inline.h"
#include "objects/memoryview.h"
#include "objects/set.h"

namespace baton {

Result<Value> pickle_load(Thread& thread, Unpickler* self) {
  PickleLoader loader(thread, self);
  return loader.load();
}
Result<Value> pickle_load_bytes(Thread& thread, Unpickler* self, BufferView data) {
  PickleLoader loader(thread, self, data.text());
  return loader.load();
}

Result<Value> PickleLoader::load() {
  stack_.reserve(64);
  self_->protocol_ = 0;
  Result<Value> result = run();
  if (result.is_failed()) return failed;
  TRY(in_.skip_used());
  return result;
}

Failed PickleLoader::raise_underflow() {
  return raise_unpickling(thread_, marks_.empty() ? "unpickling stack underflow" : "unexpected MARK found");
}

Failed PickleLoader::raise_bad_key(u8 key) {
  char text[5];
  usize n = 1;
  if (key >= 0x20 && key <= 0x7E && key != '\'' && key != '\\') {
    text[0] = static_cast<char>(key);
  } else {
    text[0] = '\\';
    text[1] = 'x';
    text[2] = "0123456789abcdef"[key >> 4];
    text[3] = "0123456789abcdef"[key & 15];
    n = 4;
  }
  return raise_unpickling(thread_, "invalid load key, '{}'.", std::string_view(text, n));
}

void PickleLoader::push_mark() {
  marks_.push(Value::of_small_int(static_cast<i64>(fence_)));
  fence_ = stack_.size();
}
Result<usize> PickleLoader::pop_mark() {
  if (marks_.empty()) return raise_unpickling(thread_, "could not find MARK");
  usize at = fence_;
  fence_ = static_cast<usize>(marks_.pop().small_int());
  return at;
}

// ---------------------------------------------------------------------------------------------------------------- numbers

Result<void> PickleLoader::load_int_line() {
  std::string_view line = TRY(in_.take_line());
  if (line.size() < 2) return raise_unpickling(thread_, "pickle data was truncated");
  char* end;
  errno = 0;
  long v = strtol(line.data(), &end, 0);  // ends at the newline at the latest
  Value result;
  if (errno || (*end != '\n' && *end != '\0')) {
    Result<Value> big = int_from_bytes_text(thread_, line, 0);
    if (big.is_failed()) {
      if (!clear_pending_if(thread_, exceptions.ValueError)) return failed;
      return raise_value_error(thread_, "could not convert string to int");
    }
    result = big.value();
  } else if (line.size() == 3 && (v == 0 || v == 1)) {  // "I00" and "I01" are bools
    result = Value::of_bool(v == 1);
  } else {
    result = TRY(int_from_i64(thread_, v));
  }
  push(result);
  return ok;
}

// The base that the message about a bad literal of base 0 names: the one its prefix says.
static int shown_base(std::string_view line) {
  if (line.empty() || line[0] != '0') return 10;
  switch (line.size() > 1 ? line[1] | 0x20 : 0) {
    case 'x': return 16;
    case 'o': return 8;
    case 'b': return 2;
    default: return 0;
  }
}

static Result<Value> int_literal(Thread& thread, std::string_view line, int base) {
  Result<Value> v = int_from_bytes_text(thread, line, base);
  bool may_be_too_long =
      line.size() >= static_cast<usize>(kMinMaxStrDigits) && line.find_first_not_of("0123456789_+- \n") == line.npos;
  if (!v.is_failed() || may_be_too_long) return v;
  if (!clear_pending_if(thread, exceptions.ValueError)) return failed;
  usize shown = line.size() < 200 ? line.size() : 200;
  Value text = Value(TRY(decode_utf8(thread, reinterpret_cast<const u8*>(line.data()), shown, nullptr)));
  return raise_value_error(thread, "invalid literal for int() with base {}: {!r}", base ? base : shown_base(line), text);
}

Result<void> PickleLoader::load_long_line() {
  std::string_view line = TRY(in_.take_line());
  if (line.size() < 2) return raise_unpickling(thread_, "pickle data was truncated");
  if (line[line.size() - 2] == 'L') line.remove_suffix(2);
  push(TRY(int_literal(thread_, line, 0)));
  return ok;
}

Result<void> PickleLoader::load_counted_long(i64 n) {
  if (n < 0) return raise_unpickling(thread_, "LONG pickle has negative byte count");
  usize size = static_cast<usize>(n);
  const u8* bytes = TRY(in_.take(size));
  if (size <= 8) {
    u64 v = 0;
    memcpy(&v, bytes, size);
    if (size && size < 8 && (bytes[size - 1] & 0x80)) v |= ~u64{0} << (8 * size);
    push(TRY(int_from_i64(thread_, static_cast<i64>(v))));
    return ok;
  }
  LimbBuffer limbs;
  usize count = size / sizeof(Limb) + 1;
  if (!limbs.reserve(count)) return raise_memory_error(thread_);
  bool negative = bytes[size - 1] & 0x80;
  memset(limbs.data(), negative ? 0xFF : 0, count * sizeof(Limb));
  memcpy(limbs.data(), bytes, size);
  bool carry = negative;
  for (usize i = 0; negative && i < count; ++i) {
    Limb limb = ~limbs.data()[i] + carry;
    carry = carry && limb == 0;
    limbs.data()[i] = limb;
  }
  push(TRY(int_from_limbs(thread_, limbs.data(), count, negative)));
  return ok;
}

Result<void> PickleLoader::load_float_line() {
  std::string_view line = TRY(in_.take_line());
  if (line.size() < 2) return raise_unpickling(thread_, "pickle data was truncated");
  double d;
  usize used = float_parse(line.data(), line.size() - 1, &d);
  if (used == 0) {
    Value text =
        Value(TRY(decode_utf8(thread_, reinterpret_cast<const u8*>(line.data()), line.size(), intern(thread_, "replace"))));
    return raise_value_error(thread_, "could not convert string to float: '{}'", text);
  }
  if (line[used] != '\n') return raise_value_error(thread_, "could not convert string to float");
  bool written_infinite = line.find_first_of("nN") != std::string_view::npos;
  if ((d > 1.7976931348623157e308 || d < -1.7976931348623157e308) && !written_infinite)
    return raise_overflow_error(thread_, "value too large to convert to float: '{}'", line);
  push(TRY(make_float(thread_, d)));
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- text, bytes

// An 8-bit string of Python 2.
Result<void> PickleLoader::push_decoded(std::string_view bytes) {
  Str* encoding = self_->encoding_.get();
  if (str_equals_ascii(encoding, "bytes")) {
    push(Value(TRY(bytes_from(thread_, bytes))));
    return ok;
  }
  Value owner = Value(TRY(bytes_from(thread_, bytes)));
  Bytes* data = owner.as<Bytes>();
  push(Value(TRY(decode_text(thread_, data->data(), static_cast<usize>(data->length()), owner, encoding, self_->errors_.get()))));
  return ok;
}

Result<void> PickleLoader::load_string_line() {
  std::string_view line = TRY(in_.take_line());
  line.remove_suffix(1);
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  if (line.size() < 2 || line.front() != line.back() || (line.front() != '\'' && line.front() != '"'))
    return raise_unpickling(thread_, "the STRING opcode argument must be quoted");
  line = line.substr(1, line.size() - 2);
  Bytes* bytes = TRY(decode_bytes_escape(thread_, {reinterpret_cast<const u8*>(line.data()), line.size(), Value()}, nullptr));
  return push_decoded(bytes->text());
}

Result<void> PickleLoader::load_counted_string(usize n) {
  const u8* p = TRY(in_.take(n));
  return push_decoded({reinterpret_cast<const char*>(p), n});
}

Result<void> PickleLoader::load_unicode_line() {
  std::string_view line = TRY(in_.take_line());
  line.remove_suffix(1);
  push(Value(TRY(
      decode_raw_unicode_escape(thread_, {reinterpret_cast<const u8*>(line.data()), line.size(), Value()}, nullptr, nullptr))));
  return ok;
}

static bool is_short_ascii(const u8* p, usize n) {
  u64 all = 0;
  usize i = 0;
  for (; i + 8 <= n; i += 8) all |= load_as<u64>(p + i);
  for (; i < n; ++i) all |= p[i];
  return (all & 0x8080808080808080) == 0;
}

Result<void> PickleLoader::load_counted_unicode(usize n) {
  const u8* p = TRY(in_.take(n));
  if (is_short_ascii(p, n)) [[likely]] {
    Str* s = n == 1 ? TRY(str_from_code_point(thread_, *p)) : TRY(str_from_ascii(thread_, {reinterpret_cast<const char*>(p), n}));
    push(Value(s));
    return ok;
  }
  push(Value(TRY(decode_utf8(thread_, p, n, intern(thread_, "surrogatepass")))));
  return ok;
}

Result<u64> PickleLoader::take_u64(const char* what) {
  u64 n = load_as<u64>(TRY(in_.take(8)));
  if (n > static_cast<u64>(kMaxIndex))
    return raise_overflow_error(thread_, "{} exceeds system's maximum size of {} bytes", what, static_cast<i64>(kMaxIndex));
  return n;
}

Result<void> PickleLoader::load_bytes(usize n) {
  push(Value(TRY(in_.take_bytes(n))));
  return ok;
}

Result<void> PickleLoader::load_bytearray(usize n) {
  TRY(in_.require(n));
  ByteArray* made = TRY(bytearray_from(thread_, nullptr, 0));
  TRY(bytearray_resize(thread_, made, static_cast<Index>(n)));
  TRY(in_.take_into(made));
  push(Value(made));
  return ok;
}

Result<void> PickleLoader::load_next_buffer() {
  if (self_->buffers_.get().is_absent()) {
    return raise_unpickling(thread_, "pickle stream refers to out-of-band data but no *buffers* argument was given");
  }
  Value buffer = TRY(iter_next(thread_, self_->buffers_.get()));
  if (buffer == kExhausted) return raise_unpickling(thread_, "not enough out-of-band buffers");
  push(buffer);
  return ok;
}

Result<void> PickleLoader::load_readonly_buffer() {
  Value buffer = TRY(top());
  Value view = TRY(make_memoryview(thread_, buffer));
  if (!view.as<MemoryView>()->readonly_)
    stack_[stack_.size() - 1] = TRY(call_method(thread_, view, intern(thread_, "toreadonly")));
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- containers

Result<void> PickleLoader::load_counted_tuple(usize n) {
  if (stack_.size() < fence_ + n) return raise_underflow();
  usize from = stack_.size() - n;
  Tuple* t = TRY(make_tuple(thread_, stack_.data() + from, static_cast<Index>(n)));
  stack_.resize(from);
  push(Value(t));
  return ok;
}

Result<void> PickleLoader::load_tuple() {
  usize from = TRY(pop_mark());
  Tuple* t = TRY(make_tuple(thread_, stack_.data() + from, static_cast<Index>(stack_.size() - from)));
  stack_.resize(from);
  push(Value(t));
  return ok;
}

Result<void> PickleLoader::load_list() {
  usize from = TRY(pop_mark());
  List* list = TRY(make_list(thread_, stack_.data() + from, static_cast<Index>(stack_.size() - from)));
  stack_.resize(from);
  push(Value(list));
  return ok;
}

Result<void> PickleLoader::load_dict() {
  usize from = TRY(pop_mark());
  if ((stack_.size() - from) % 2) return raise_unpickling(thread_, "odd number of items for DICT");
  Dict* dict = TRY(make_dict(thread_, static_cast<Index>((stack_.size() - from) / 2)));
  for (usize i = from; i < stack_.size(); i += 2) TRY(dict_set(thread_, dict, stack_[i], stack_[i + 1]));
  stack_.resize(from);
  push(Value(dict));
  return ok;
}

Result<void> PickleLoader::load_frozenset() {
  usize from = TRY(pop_mark());
  Set* set = TRY(make_frozenset(thread_, stack_.data() + from, static_cast<Index>(stack_.size() - from)));
  stack_.resize(from);
  push(Value(set));
  return ok;
}

// Items [from, top) go to the list below them.
Result<void> PickleLoader::load_appends(usize from) {
  if (from > stack_.size() || from <= fence_) return raise_underflow();
  usize n = stack_.size() - from;
  if (n == 0) return ok;
  Value target = stack_[from - 1];
  if (is_exact<List>(target)) {
    List* list = target.as<List>();
    if (n == 1)
      TRY(list_append_inline(thread_, list, stack_[from]));
    else
      TRY(list_replace_range(thread_, list, list->length(), list->length(), stack_.data() + from, static_cast<Index>(n)));
    stack_.resize(from);
    return ok;
  }
  // extend() once, where there is one; n > 1 only, as for one item append() is as good.
  Value extend = TRY(find_attr(thread_, target, names.extend));
  if (extend != kNotFound) {
    Value items = Value(TRY(make_list(thread_, stack_.data() + from, static_cast<Index>(n))));
    stack_.resize(from);
    TRY(call(thread_, extend, items));
    return ok;
  }
  Value append = TRY(get_attr(thread_, target, names.append));
  for (usize i = from; i < from + n; ++i) TRY(call(thread_, append, stack_[i]));
  stack_.resize(from);
  return ok;
}

Result<void> PickleLoader::load_set_items(usize from) {
  if (from > stack_.size() || from <= fence_) return raise_underflow();
  usize n = stack_.size() - from;
  if (n == 0) return ok;
  if (n % 2) return raise_unpickling(thread_, "odd number of items for SETITEMS");
  Value target = stack_[from - 1];
  if (is_exact<Dict>(target)) {
    if (n <= 2 || !TRY(dict_fill_empty(thread_, target.as<Dict>(), stack_.data() + from, n / 2)))
      for (usize i = from; i < from + n; i += 2) TRY(dict_set(thread_, target.as<Dict>(), stack_[i], stack_[i + 1]));
  } else {
    for (usize i = from; i < from + n; i += 2) TRY(set_item(thread_, target, stack_[i], stack_[i + 1]));
  }
  stack_.resize(from);
  return ok;
}

Result<void> PickleLoader::load_add_items() {
  usize from = TRY(pop_mark());
  if (from <= fence_) return raise_underflow();
  if (from == stack_.size()) return ok;
  Value target = stack_[from - 1];
  if (is_exact<Set>(target)) {
    for (usize i = from; i < stack_.size(); ++i) TRY(set_add_key(thread_, target.as<Set>(), stack_[i]));
  } else {
    Value add = TRY(get_attr(thread_, target, names.add));
    for (usize i = from; i < stack_.size(); ++i) TRY(call(thread_, add, stack_[i]));
  }
  stack_.resize(from);
  return ok;
}

// Takes the top object away, or a MARK on top.
Result<void> PickleLoader::load_pop() {
  if (!marks_.empty() && fence_ == stack_.size()) {
    (void)TRY(pop_mark());
    return ok;
  }
  (void)TRY(pop());
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- memo

Result<void> PickleLoader::load_get(u64 number) {
  Value v = self_->memo_->find(number);
  if (v.is_absent()) return raise_unpickling(thread_, "Memo value not found at index {}", static_cast<i64>(number));
  push(v);
  return ok;
}
Result<void> PickleLoader::load_put(u64 number) { return unpickle_memo_set(thread_, self_->memo_.get(), number, TRY(top())); }
Result<void> PickleLoader::load_memoize() {
  UnpickleMemo* memo = self_->memo_.get();
  Index number = memo->count_;
  ValueArray* objects = memo->objects_.get();
  if (!objects || number >= objects->capacity() || objects_are_locked() || objects->at(number).is_present()) [[unlikely]]
    return load_put(static_cast<u64>(number));
  objects->set_at(number, TRY(top()));
  memo->count_ = number + 1;
  return ok;
}

Result<i64> PickleLoader::line_number(LineNumberOf what) {
  std::string_view line = TRY(in_.take_line());
  if (line.size() < 2) return raise_unpickling(thread_, "pickle data was truncated");
  if (what == LineNumberOf::Put) (void)TRY(top());
  Value v = TRY(int_literal(thread_, line, 10));
  i64 number;
  if (!int_to_i64(v, &number)) return raise_overflow_error(thread_, "Python int too large to convert to C ssize_t");
  return number;
}
Result<void> PickleLoader::load_get_line() {
  i64 number = TRY(line_number(LineNumberOf::Get));
  if (number < 0) return raise_unpickling(thread_, "Memo value not found at index {}", number);
  return load_get(static_cast<u64>(number));
}
Result<void> PickleLoader::load_put_line() {
  i64 number = TRY(line_number(LineNumberOf::Put));
  if (number < 0) return raise_value_error(thread_, "negative PUT argument");
  return load_put(static_cast<u64>(number));
}

// ---------------------------------------------------------------------------------------------------------------- framing

Result<void> PickleLoader::load_frame() {
  u64 n = load_as<u64>(TRY(in_.take(8)));
  if (n > static_cast<u64>(kMaxIndex)) {
    return raise_overflow_error(thread_, "FRAME length exceeds system's maximum of {} bytes", static_cast<i64>(kMaxIndex));
  }
  return in_.begin_frame(n);
}

Result<void> PickleLoader::load_protocol() {
  int protocol = *TRY(in_.take(1));
  if (protocol > kHighestPickleProtocol) return raise_value_error(thread_, "unsupported pickle protocol: {}", protocol);
  self_->protocol_ = protocol;
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- the loop

Result<Value> PickleLoader::run() {
  for (u32 steps = 1;; ++steps) {
    if ((steps & 0xFFFF) == 0) poll_stop_only(thread_);
    int op = in_.next_op();
    switch (op) {
      case -1: return failed;
      case kOpNone: push(kNone); break;
      case kOpNewTrue: push(kTrue); break;
      case kOpNewFalse: push(kFalse); break;
      case kOpBinInt1: push(Value::of_small_int(*TRY(in_.take(1)))); break;
      case kOpBinInt2: push(Value::of_small_int(load_as<u16>(TRY(in_.take(2))))); break;
      case kOpBinInt: push(Value::of_small_int(load_as<i32>(TRY(in_.take(4))))); break;
      case kOpInt: TRY(load_int_line()); break;
      case kOpLong: TRY(load_long_line()); break;
      case kOpLong1: TRY(load_counted_long(*TRY(in_.take(1)))); break;
      case kOpLong4: TRY(load_counted_long(load_as<i32>(TRY(in_.take(4))))); break;
      case kOpFloat: TRY(load_float_line()); break;
      case kOpBinFloat: {
        u64 bits = __builtin_bswap64(load_as<u64>(TRY(in_.take(8))));
        push(TRY(make_float(thread_, std::bit_cast<double>(bits))));
        break;
      }
      case kOpString: TRY(load_string_line()); break;
      case kOpBinString: TRY(load_counted_string(load_as<u32>(TRY(in_.take(4))))); break;
      case kOpShortBinString: TRY(load_counted_string(*TRY(in_.take(1)))); break;
      case kOpUnicode: TRY(load_unicode_line()); break;
      case kOpShortBinUnicode: TRY(load_counted_unicode(*TRY(in_.take(1)))); break;
      case kOpBinUnicode: TRY(load_counted_unicode(load_as<u32>(TRY(in_.take(4))))); break;
      case kOpBinUnicode8: TRY(load_counted_unicode(TRY(take_u64("BINUNICODE")))); break;
      case kOpShortBinBytes: TRY(load_bytes(*TRY(in_.take(1)))); break;
      case kOpBinBytes: TRY(load_bytes(load_as<u32>(TRY(in_.take(4))))); break;
      case kOpBinBytes8: TRY(load_bytes(TRY(take_u64("BINBYTES")))); break;
      case kOpByteArray8: TRY(load_bytearray(TRY(take_u64("BYTEARRAY8")))); break;
      case kOpNextBuffer: TRY(load_next_buffer()); break;
      case kOpReadOnlyBuffer: TRY(load_readonly_buffer()); break;
      case kOpEmptyTuple: push(Value(empty_tuple())); break;
      case kOpTuple1: TRY(load_counted_tuple(1)); break;
      case kOpTuple2: TRY(load_counted_tuple(2)); break;
      case kOpTuple3: TRY(load_counted_tuple(3)); break;
      case kOpTuple: TRY(load_tuple()); break;
      case kOpEmptyList: push(Value(TRY(make_list(thread_)))); break;
      case kOpList: TRY(load_list()); break;
      case kOpAppend: TRY(load_appends(stack_.size() - (stack_.size() > 0))); break;
      case kOpAppends: TRY(load_appends(TRY(pop_mark()))); break;
      case kOpEmptyDict: push(Value(TRY(make_dict(thread_)))); break;
      case kOpDict: TRY(load_dict()); break;
      case kOpSetItem: TRY(load_set_items(stack_.size() - (stack_.size() > 1 ? 2 : stack_.size()))); break;
      case kOpSetItems: TRY(load_set_items(TRY(pop_mark()))); break;
      case kOpEmptySet: push(Value(TRY(make_set(thread_)))); break;
      case kOpAddItems: TRY(load_add_items()); break;
      case kOpFrozenSet: TRY(load_frozenset()); break;
      case kOpMark: push_mark(); break;
      case kOpPop: TRY(load_pop()); break;
      case kOpPopMark: stack_.resize(TRY(pop_mark())); break;
      case kOpDup: push(TRY(top())); break;
      case kOpGet: TRY(load_get_line()); break;
      case kOpBinGet: TRY(load_get(*TRY(in_.take(1)))); break;
      case kOpLongBinGet: TRY(load_get(load_as<u32>(TRY(in_.take(4))))); break;
      case kOpPut: TRY(load_put_line()); break;
      case kOpBinPut: TRY(load_put(*TRY(in_.take(1)))); break;
      case kOpLongBinPut: TRY(load_put(load_as<u32>(TRY(in_.take(4))))); break;
      case kOpMemoize: TRY(load_memoize()); break;
      case kOpGlobal: TRY(load_global()); break;
      case kOpStackGlobal: TRY(load_stack_global()); break;
      case kOpExt1: TRY(load_extension(*TRY(in_.take(1)))); break;
      case kOpExt2: TRY(load_extension(load_as<u16>(TRY(in_.take(2))))); break;
      case kOpExt4: TRY(load_extension(load_as<i32>(TRY(in_.take(4))))); break;
      case kOpPersId: TRY(load_persistent_line()); break;
      case kOpBinPersId: TRY(load_persistent()); break;
      case kOpInst: TRY(load_inst()); break;
      case kOpObj: TRY(load_obj()); break;
      case kOpNewObj: TRY(load_newobj()); break;
      case kOpNewObjEx: TRY(load_newobj_ex()); break;
      case kOpReduce: TRY(load_reduce()); break;
      case kOpBuild: TRY(load_build()); break;
      case kOpProto: TRY(load_protocol()); break;
      case kOpFrame: TRY(load_frame()); break;
      case kOpStop: return pop();
      default: return raise_bad_key(static_cast<u8>(op));
    }
  }
}

}  // namespace baton
