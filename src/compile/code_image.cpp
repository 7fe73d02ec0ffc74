// Layout of an image; numbers in heads and entries are 32 bits wide, those of bodies are LEB128 (signed ones zigzag):
//
//     head      magic  size  version hash (64)  checksum of what follows (64)  number of strings  where their entries are
//     code      name qualname filename first_line flags argcount posonly kwonly registers locals frame_locals frees docstring
//               self_stores,
//               then its body:
//               consts (values), names varnames cellvars freevars (numbers of strings)
//               count { op a b c as four 16-bit words }*  { live_top (16) }*  exception entries  positions
//     value     tag byte, payload; a code inside is its place in the image
//     strings   { where, bytes, flags }*, and their UTF-8
//
// The outermost code is the last one written; its place follows the head. Strings are numbered in order of first appearance.
#include "compile/code_image.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/load.h"
#include "base/utf8.h"
#include "compile/op_info.h"
#include "compile/ops.h"
#include "compile/validator.h"
#include "objects/bytes.h"
#include "objects/code_tables.h"
#include "objects/intern_ascii.h"
#include "objects/main_thread.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/set.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace baton {

static constexpr char kMagic[4] = {'B', 'C', 'I', '3'};
static BaseOpHook base_op_hook = nullptr;
void set_base_op_hook(BaseOpHook hook) { base_op_hook = hook; }
u16 base_op(u16 op) { return base_op_hook ? base_op_hook(op) : op; }

namespace {

enum Tag : u8 {
  kTagNone = 'N',
  kTagTrue = 'T',
  kTagFalse = 'F',
  kTagEllipsis = '.',
  kTagInt = 'i',
  kTagBigInt = 'l',
  kTagFloat = 'g',
  kTagComplex = 'y',
  kTagText = 'u',
  kTagBytes = 's',
  kTagTuple = '(',
  kTagFrozenSet = '>',
  kTagCode = 'c',
};

// Codes and strings up to `positions`, then the source positions of all codes, which are hardly ever asked for: whoever opens a
// mapped image doesn't touch their pages.
struct ImageHead {
  char magic[4];
  u32 size;
  u64 version, checksum, positions_checksum;  // of what follows up to the positions, and of these
  u32 string_count, strings, root, positions;
};
static_assert(sizeof(ImageHead) == 48);
constexpr usize kChecked = offsetof(ImageHead, string_count);

struct StringEntry {
  u32 at, size, flags;
};
enum StringFlag : u32 { kStringInterned = 1, kStringAscii = 2 };

struct CodeHead {
  u32 name, qualname, filename;
  i32 first_line;
  u32 flags, argcount, posonly_argcount, kwonly_argcount, register_count, local_count, frame_local_count, free_count;
  u32 docstring;    // number of the string + 1
  u32 self_stores;  // distinct attributes stored into register 0
  u32 positions;    // place among the image's positions
};

// Of any bytes; catches damage, not malice. Four lanes of products of 128 bits, and the next page asked for ahead: an image that
// is mapped comes from memory, where the processor's own prefetching ends at each page.
u64 checksum_of(const char* data, usize n) {
  constexpr u64 kFirst = 0x9E3779B97F4A7C15, kSecond = 0xD1B54A32D192ED03;
  constexpr usize kAhead = 2048;
  auto fold = [](u64 a, u64 b) {
    unsigned __int128 product = static_cast<unsigned __int128>(a) * b;
    return static_cast<u64>(product) ^ static_cast<u64>(product >> 64);
  };
  u64 lanes[4] = {n ^ kFirst, n ^ kSecond, n + kFirst, n + kSecond};
  for (; n >= 64; n -= 64, data += 64) {
    __builtin_prefetch(data + kAhead);
    for (usize i = 0; i < 4; ++i)
      lanes[i] = fold(lanes[i] ^ load64(data + 16 * i), (i % 2 ? kFirst : kSecond) ^ load64(data + 16 * i + 8));
  }
  u64 left = fold(lanes[0] ^ kSecond, lanes[2] ^ kFirst), right = fold(lanes[1] ^ kFirst, lanes[3] ^ kSecond);
  for (; n >= 8; n -= 8, data += 8) left = fold(left ^ load64(data), kFirst);
  right ^= load_tail(reinterpret_cast<const u8*>(data), n);
  return fold(left ^ kSecond, right ^ kFirst) ^ (left + right);
}

bool has_whole_positions(const ImageHead& head, const char* image) {
  return head.positions_checksum == checksum_of(image + head.positions, head.size - head.positions);
}

// Before tables that travel without the rest of their code; what belongs to the rest must fit.
struct TablesHead {
  u64 version, checksum;  // of what follows
  u32 flags, argcount, posonly_argcount, kwonly_argcount, register_count, local_count, frame_local_count, free_count, const_count,
      name_count;
};
static_assert(sizeof(TablesHead) == 56);
constexpr usize kTablesChecked = offsetof(TablesHead, flags);

TablesHead tables_head(const Code* code) {
  return {bytecode_version_hash(),
          0,
          code->flags(),
          code->argcount_,
          code->posonly_argcount_,
          code->kwonly_argcount_,
          code->register_count_,
          code->local_count_,
          code->frame_local_count_,
          code->free_count_,
          static_cast<u32>(code->consts()->length()),
          static_cast<u32>(code->names()->length())};
}

class Writer {
 public:
  Writer(Thread& thread, std::string& out) : thread_(thread), out_(out) {}

  bool write_image(const Code* code) {
    usize start = out_.size();
    out_.append(sizeof(ImageHead), '\0');
    base_ = start;
    ImageHead head{};
    if (!write_code(code, &head.root)) return false;
    head.string_count = static_cast<u32>(strings_.size());
    std::vector<StringEntry> entries;
    for (Str* text : strings_) {
      Value owner;
      std::string_view utf8 = str_utf8_lossy(thread_, text, &owner);
      entries.push_back({place(), static_cast<u32>(utf8.size()),
                         (text->is_interned() ? kStringInterned : 0u) | (text->is_ascii() ? kStringAscii : 0u)});
      write_raw(utf8.data(), utf8.size());
    }
    head.strings = place();
    write_raw(entries.data(), entries.size() * sizeof(StringEntry));
    head.positions = place();
    out_ += positions_;
    usize size = out_.size() - start;
    if (size > INT32_MAX) return false;
    memcpy(head.magic, kMagic, sizeof kMagic);
    head.size = static_cast<u32>(size);
    head.version = bytecode_version_hash();
    memcpy(out_.data() + start, &head, sizeof head);
    head.checksum = checksum_of(out_.data() + start + kChecked, head.positions - kChecked);
    head.positions_checksum = checksum_of(positions_.data(), positions_.size());
    memcpy(out_.data() + start, &head, sizeof head);
    return true;
  }

  void write_tables(const Code* code) {
    usize start = out_.size();
    TablesHead head = tables_head(code);
    write_raw(&head, sizeof head);
    write_instructions(code);
    write_positions(code, out_);
    head.checksum = checksum_of(out_.data() + start + kTablesChecked, out_.size() - start - kTablesChecked);
    memcpy(out_.data() + start, &head, sizeof head);
  }

 private:
  u32 place() const { return static_cast<u32>(out_.size() - base_); }

  // The codes among the constants are written first, so that the body can name their places.
  bool write_code(const Code* code, u32* at) {
    code->ensure();
    Tuple* consts = code->consts();
    std::vector<u32> places;
    for (Index i = 0; i < consts->length(); ++i) {
      u32 place = 0;
      if (is<Code>(consts->at(i)) && !write_code(consts->at(i).as<Code>(), &place)) return false;
      places.push_back(place);
    }
    *at = place();
    Value first = consts->length() > 0 ? consts->at(0) : kNone;
    CodeHead head{number_of(code->name()),
                  number_of(code->qualname()),
                  number_of(code->filename()),
                  code->first_line_,
                  code->flags_,
                  code->argcount_,
                  code->posonly_argcount_,
                  code->kwonly_argcount_,
                  code->register_count_,
                  code->local_count_,
                  code->frame_local_count_,
                  code->free_count_,
                  is_exact<Str>(first) ? number_of(first.as<Str>()) + 1 : 0,
                  count_self_stores(code),
                  static_cast<u32>(positions_.size())};
    write_positions(code, positions_);
    write_raw(&head, sizeof head);
    write_number(static_cast<u64>(consts->length()));
    for (Index i = 0; i < consts->length(); ++i) {
      if (is<Code>(consts->at(i))) {
        out_ += static_cast<char>(kTagCode);
        write_number(places[static_cast<usize>(i)]);
      } else if (!write_value(consts->at(i))) {
        return false;
      }
    }
    for (Tuple* tuple : {code->names(), code->varnames(), code->cellvars(), code->freevars()}) {
      write_number(static_cast<u64>(tuple->length()));
      for (Index i = 0; i < tuple->length(); ++i) write_number(number_of(tuple->at(i).as<Str>()));
    }
    write_instructions(code);
    return true;
  }

  static u32 count_self_stores(const Code* code) {
    std::vector<u16> seen;
    for (u32 i = 0; i < code->instruction_count_; ++i) {
      const Instruction& ins = code->instructions_[i];
      u16 op = base_op(ins.op);
      if (static_cast<Op>(op) != Op::StoreAttr || ins.a != 0) continue;
      bool is_new = true;
      for (u16 name : seen) is_new = is_new && name != ins.c;
      if (is_new) seen.push_back(ins.c);
    }
    return static_cast<u32>(seen.size());
  }

  void write_instructions(const Code* code) {
    u32 count = code->instruction_count_;
    write_number(count);
    write_number(code->exception_count_);
    for (u32 i = 0; i < count; ++i) {
      Instruction ins = code->instructions_[i];
      ins.op = __atomic_load_n(&code->instructions_[i].op, __ATOMIC_RELAXED);
      ins.op = base_op(ins.op);
      write_raw(&ins, sizeof ins);
    }
    write_raw(code->live_top_, count * sizeof(u16));
    write_raw(code->exception_table_, code->exception_count_ * sizeof(ExceptionTableEntry));
  }

  static void write_positions(const Code* code, std::string& out) {
    i32 line = code->first_line_;
    for (u32 i = 0; i < code->instruction_count_; ++i) {
      const Position& p = code->positions()[i];
      append_signed(out, p.line - line);
      append_signed(out, p.end_line - p.line);
      append_signed(out, p.column);
      append_signed(out, p.end_column - p.column);
      line = p.line;
    }
  }

  u32 number_of(Str* text) {
    auto [it, fresh] = numbers_.try_emplace(text, static_cast<u32>(strings_.size()));
    if (fresh) strings_.push_back(text);
    return it->second;
  }
  static void append_number(std::string& out, u64 v) {
    for (; v >= 0x80; v >>= 7) out += static_cast<char>(v | 0x80);
    out += static_cast<char>(v);
  }
  static void append_signed(std::string& out, i64 v) { append_number(out, static_cast<u64>(v) << 1 ^ static_cast<u64>(v >> 63)); }
  void write_number(u64 v) { append_number(out_, v); }
  void write_signed(i64 v) { append_signed(out_, v); }
  void write_raw(const void* data, usize n) { out_.append(static_cast<const char*>(data), n); }
  void write_double(double d) { write_raw(&d, sizeof d); }

  // The order in a set depends on the hash secret; equal code gives equal images all the same.
  void sort_items(RootVector& items) {
    std::vector<std::string> keys;
    for (Value item : items) keys.push_back(order_key(item));
    for (usize i = 1; i < keys.size(); ++i) {
      for (usize k = i; k > 0 && keys[k] < keys[k - 1]; --k) {
        std::swap(keys[k], keys[k - 1]);
        std::swap(items[k], items[k - 1]);
      }
    }
  }

  std::string order_key(Value v) {
    if (is_exact<Str>(v)) {
      Value owner;
      return "u" + std::string(str_utf8_lossy(thread_, v.as<Str>(), &owner));
    }
    if (is_exact<Bytes>(v)) return "b" + std::string(v.as<Bytes>()->text());
    if (is_exact<Tuple>(v)) {
      std::string key = "(";
      for (Index i = 0; i < v.as<Tuple>()->length(); ++i) key += order_key(v.as<Tuple>()->at(i)) + ",";
      return key;
    }
    if (v.is_cell() && !is_exact_float(v)) return "c";  // rare: big and complex numbers, sets
    u64 bits = is_exact_float(v) ? std::bit_cast<u64>(float_value(v)) : v.bits();
    return "n" + std::to_string(bits);
  }

  bool write_items(Tag tag, const Value* items, Index n) {
    out_ += static_cast<char>(tag);
    write_number(static_cast<u64>(n));
    for (Index i = 0; i < n; ++i) {
      if (!write_value(items[i])) return false;
    }
    return true;
  }

  bool write_value(Value v) {
    if (v.is_none()) return out_ += static_cast<char>(kTagNone), true;
    if (v.is_true()) return out_ += static_cast<char>(kTagTrue), true;
    if (v.is_false()) return out_ += static_cast<char>(kTagFalse), true;
    if (v == kEllipsis) return out_ += static_cast<char>(kTagEllipsis), true;
    if (v.is_small_int()) {
      out_ += static_cast<char>(kTagInt);
      write_signed(v.small_int());
      return true;
    }
    if (is_exact_float(v)) {
      out_ += static_cast<char>(kTagFloat);
      write_double(float_value(v));
      return true;
    }
    if (!v.is_cell()) return false;
    if (is_exact<BigInt>(v)) {
      auto* number = v.as<BigInt>();
      out_ += static_cast<char>(kTagBigInt);
      write_signed(number->negative() ? -number->size() : number->size());
      write_raw(number->limbs(), static_cast<usize>(number->size()) * 8);
      return true;
    }
    if (is_exact<Str>(v)) {
      out_ += static_cast<char>(kTagText);
      write_number(number_of(v.as<Str>()));
      return true;
    }
    if (is_exact<Bytes>(v)) {
      out_ += static_cast<char>(kTagBytes);
      std::string_view text = v.as<Bytes>()->text();
      write_number(text.size());
      write_raw(text.data(), text.size());
      return true;
    }
    if (is_exact<Complex>(v)) {
      out_ += static_cast<char>(kTagComplex);
      write_double(v.as<Complex>()->real());
      write_double(v.as<Complex>()->imag());
      return true;
    }
    if (is_exact<Tuple>(v)) return write_items(kTagTuple, v.as<Tuple>()->items(), v.as<Tuple>()->length());
    if (v.cell()->kind_word() == kKindFrozenSet) {
      RootVector items;
      Index at = 0;
      for (Value item; set_next(v.as<Set>(), &at, &item);) items.push(item);
      sort_items(items);
      return write_items(kTagFrozenSet, items.data(), static_cast<Index>(items.size()));
    }
    return false;
  }

  Thread& thread_;
  std::string& out_;
  std::string positions_;
  usize base_ = 0;
  std::unordered_map<Str*, u32> numbers_;  // the code being written keeps the strings alive
  std::vector<Str*> strings_;
};

}  // namespace

// An opened image. Strings are made when they are first wanted.
class CodeImage final : public Cell {
 public:
  static constexpr u16 kKind = kKindCodeImage;
  void init(const char* data, bool is_trusted, Cell* owner, ValueArray* strings) {
    data_ = data;
    positions_ = Positions::Unchecked;
    is_trusted_ = is_trusted;
    owner_.init(owner);
    strings_.init(strings);
  }
  void visit_edges(EdgeVisitor& visit) const { visit(owner_, strings_); }
  const char* data() const { return data_; }
  bool is_trusted() const { return is_trusted_; }
  ImageHead head() const {
    ImageHead head;
    memcpy(&head, data_, sizeof head);
    return head;
  }
  ValueArray* strings() const { return strings_.get(); }
  // Looked at when the first is wanted. Those of marshal's images were when the image was opened.
  bool has_good_positions() {
    if (positions_ == Positions::Unchecked)
      positions_ = !is_trusted_ || has_whole_positions(head(), data_) ? Positions::Whole : Positions::Damaged;
    return positions_ == Positions::Whole;
  }

 private:
  enum class Positions : u8 { Unchecked, Whole, Damaged };
  const char* data_;
  Relaxed<Positions> positions_;
  bool is_trusted_;  // written by this user's or the installation's runtime: what the checksum covers needs no validation
  Field<Cell> owner_;
  Field<ValueArray> strings_;
};

namespace {

Failed bad(Thread& thread, const char* what) {
  if (!thread.has_pending()) (void)raise_value_error(thread, "bad marshal data ({})", what);
  return failed;
}

bool has_valid_bytecode(const Code* code, const CodeParts& tables) {
  ValidatorInput input{tables.instructions,
                       tables.live_top,
                       tables.instruction_count,
                       tables.exception_table,
                       tables.exception_count,
                       code->register_count_,
                       code->frame_local_count_,
                       static_cast<u32>(tables.consts->length()),
                       static_cast<u32>(tables.names->length())};
  return validate_bytecode(input).empty();
}

// Reads from one place of an image on; everything is checked against the end of its part.
class Reader {
 public:
  Reader(Thread& thread, CodeImage* image, u32 at)
      : thread_(thread), image_(image), head_(image->head()), at_(image->data() + at) {
    end_ = image->data() + (at < head_.positions ? head_.positions : head_.size);
    if (at > head_.size) at_ = end_;
  }
  // For tables alone.
  Reader(Thread& thread, std::string_view tables)
      : thread_(thread), image_(nullptr), head_(), at_(tables.data()), end_(tables.data() + tables.size()) {}

  Failed bad(const char* what) { return baton::bad(thread_, what); }

  Result<Str*> string(u64 number) {
    if (number >= head_.string_count) return bad("invalid reference");
    Value known = image_->strings()->at(static_cast<Index>(number));
    if (known.is_present()) return known.as<Str>();
    StringEntry entry;
    memcpy(&entry, image_->data() + head_.strings + number * sizeof entry, sizeof entry);
    if (entry.at > head_.size || entry.size > head_.size - entry.at) return bad("data too short");
    std::string_view text(image_->data() + entry.at, entry.size);
    if (image_->is_trusted() && entry.flags == (kStringInterned | kStringAscii)) {
      Str* name = intern_ascii(thread_, text);
      image_->strings()->set_at(static_cast<Index>(number), Value(name));
      return name;
    }
    if (!(entry.flags & kStringAscii) && !valid_text(text)) return bad("invalid text");
    Str* s = entry.flags & kStringInterned ? intern(thread_, text) : TRY(str_from_utf8(thread_, text));
    image_->strings()->set_at(static_cast<Index>(number), Value(s));
    return s;
  }

  Result<CodeHead> read_head() {
    CodeHead head{};
    if (!read_raw(&head, sizeof head)) return bad("data too short");
    return head;
  }

  Result<Code*> read_code() {
    u32 at = static_cast<u32>(at_ - image_->data());
    CodeHead head;
    if (!read_raw(&head, sizeof head)) return bad("data too short");
    LazyCodeParts parts{};
    parts.name = TRY(string(head.name));
    parts.qualname = TRY(string(head.qualname));
    parts.filename = TRY(string(head.filename));
    parts.first_line = head.first_line;
    parts.flags = head.flags;
    parts.argcount = head.argcount;
    parts.posonly_argcount = head.posonly_argcount;
    parts.kwonly_argcount = head.kwonly_argcount;
    parts.register_count = head.register_count;
    parts.local_count = head.local_count;
    parts.frame_local_count = head.frame_local_count;
    parts.free_count = head.free_count;
    parts.image = image_;
    parts.image_at = at;
    parts.docstring = head.docstring;
    parts.self_stores = head.self_stores;
    if (parts.register_count > 0xFFFF || parts.frame_local_count > parts.register_count) return bad("code image: bad registers");
    return make_lazy_code(thread_, parts);
  }

  // at_ is at the head of `code`.
  Result<void> fill(Code* code) {
    CodeHead head;
    if (!read_raw(&head, sizeof head)) return bad("data too short");
    CodeParts parts{};
    parts.consts = TRY(read_tuple());
    for (Tuple** tuple : {&parts.names, &parts.varnames, &parts.cellvars, &parts.freevars}) *tuple = TRY(read_names());
    if (!read_tables(parts)) return bad("code image truncated");
    usize position_bytes = head_.size - head_.positions;
    if (head.positions > position_bytes || position_bytes - head.positions < parts.instruction_count * usize{4})
      return bad("code image truncated");
    parts.positions_at = head_.positions + head.positions;
    if (!is_consistent(code, parts)) return bad("code image: bad parameters");
    if (!image_->is_trusted()) parts.accept = is_valid;
    return fill_code(thread_, code, parts);
  }

  // Instructions, live registers and exception entries.
  bool read_tables(CodeParts& parts) {
    u64 count = read_number(), exception_count = read_number();
    if (bad_ || count > remaining() || exception_count > remaining()) return false;
    // Not aligned: fill_code copies them before anybody looks.
    parts.instructions = static_cast<const Instruction*>(skip(count * sizeof(Instruction)));
    parts.live_top = static_cast<const u16*>(skip(count * sizeof(u16)));
    parts.exception_table = static_cast<const ExceptionTableEntry*>(skip(exception_count * sizeof(ExceptionTableEntry)));
    parts.instruction_count = static_cast<u32>(count);
    parts.exception_count = static_cast<u32>(exception_count);
    return !bad_;
  }

  usize remaining() const { return static_cast<usize>(end_ - at_); }

  // at_ is at the positions of code that begins on that line. Beyond the end, which was checked, they are zero.
  void positions(i32 first_line, u32 n, Position* out, bool only_last) {
    Position p{first_line, 0, 0, 0};
    for (u32 i = 0; i < n; ++i) {
      p.line = static_cast<i32>(p.line + read_signed());
      p.end_line = static_cast<i32>(p.line + read_signed());
      p.column = static_cast<i32>(read_signed());
      p.end_column = static_cast<i32>(p.column + read_signed());
      out[only_last ? 0 : i] = p;
    }
  }

 private:
  static bool is_valid(Thread& thread, const Code* code, const CodeParts& tables) {
    if (has_valid_bytecode(code, tables)) return true;
    (void)baton::bad(thread, "code image: invalid bytecode");
    return false;
  }

  static bool is_consistent(const Code* code, const CodeParts& parts) {
    if (code->local_count_ != parts.varnames->length() || code->free_count_ != parts.freevars->length()) return false;
    u64 fixed = u64{code->local_count_} + code->free_count_;
    for (Index i = 0; i < parts.cellvars->length(); ++i) {
      bool is_local = false;
      for (Index k = 0; k < parts.varnames->length() && !is_local; ++k)
        is_local = str_equal(parts.varnames->at(k).as<Str>(), parts.cellvars->at(i).as<Str>());
      fixed += !is_local;
    }
    return fixed == code->frame_local_count_ && code->parameter_count() <= code->local_count_ &&
           code->posonly_argcount_ <= code->argcount_;
  }

  u64 read_number() {
    if (at_ != end_ && static_cast<u8>(*at_) < 0x80) [[likely]]
      return static_cast<u8>(*at_++);
    return read_long_number();
  }
  BATON_NOINLINE u64 read_long_number() {
    u64 v = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at_ == end_) break;
      u8 b = static_cast<u8>(*at_++);
      v |= u64{b & 0x7Fu} << shift;
      if (b < 0x80) return v;
    }
    bad_ = true;
    return 0;
  }
  i64 read_signed() {
    u64 v = read_number();
    return static_cast<i64>(v >> 1 ^ -(v & 1));
  }
  bool read_raw(void* out, usize n) {
    if (remaining() < n) return !(bad_ = true);
    if (n) memcpy(out, at_, n);
    at_ += n;
    return true;
  }

  const void* skip(usize n) {
    const char* here = at_;
    if (remaining() < n)
      bad_ = true;
    else
      at_ += n;
    return here;
  }

  Result<Tuple*> read_names() {
    u64 n = read_number();
    if (bad_ || n > remaining()) return bad("data too short");
    if (!n) return empty_tuple();
    Tuple* names = TRY(make_tuple(thread_, nullptr, static_cast<Index>(n)));
    for (u64 i = 0; i < n; ++i) names->set_at(static_cast<Index>(i), Value(TRY(string(read_number()))));
    return names;
  }

  Result<Tuple*> read_tuple() {
    u64 n = read_number();
    if (bad_ || n > remaining()) return bad("data too short");
    if (!n) return empty_tuple();
    Tuple* items = TRY(make_tuple(thread_, nullptr, static_cast<Index>(n)));
    for (u64 i = 0; i < n; ++i) items->set_at(static_cast<Index>(i), TRY(read_value()));
    return items;
  }

  Result<Value> read_value() {
    if (depth_ > 200) return bad("recursion limit exceeded");
    if (bad_ || at_ == end_) return bad("data too short");
    u8 tag = static_cast<u8>(*at_++);
    switch (tag) {
      case kTagNone: return kNone;
      case kTagTrue: return kTrue;
      case kTagFalse: return kFalse;
      case kTagEllipsis: return kEllipsis;
      case kTagInt: {
        i64 v = read_signed();
        if (bad_) return bad("data too short");
        return int_from_i64(thread_, v);
      }
      case kTagBigInt: {
        i64 size = read_signed();
        u64 n = static_cast<u64>(size < 0 ? -size : size);
        if (bad_ || n > remaining() / 8) return bad("data too short");
        std::vector<u64> limbs(n);
        read_raw(limbs.data(), n * 8);
        return int_from_limbs(thread_, limbs.data(), n, size < 0);
      }
      case kTagFloat: {
        double d = 0;
        if (!read_raw(&d, sizeof d)) return bad("data too short");
        return make_float(thread_, d);
      }
      case kTagComplex: {
        double parts[2] = {};
        if (!read_raw(parts, sizeof parts)) return bad("data too short");
        return make_complex(thread_, parts[0], parts[1]);
      }
      case kTagText: return Value(TRY(string(read_number())));
      case kTagBytes: {
        u64 n = read_number();
        if (bad_ || n > remaining()) return bad("data too short");
        Result<Bytes*> bytes = bytes_from(thread_, at_, n);
        at_ += n;
        return bytes;
      }
      case kTagTuple:
      case kTagFrozenSet: {
        ++depth_;
        Tuple* items = TRY(read_tuple());
        --depth_;
        if (tag == kTagTuple) return Value(items);
        return TRY(make_frozenset(thread_, items->items(), items->length()));
      }
      case kTagCode: {
        u64 at = read_number();
        if (bad_ || at >= head_.size) return bad("invalid reference");
        return TRY(Reader(thread_, image_, static_cast<u32>(at)).read_code());
      }
      default: return bad("unknown type code");
    }
  }

  static bool valid_text(std::string_view text) {
    return utf8_scan(reinterpret_cast<const u8*>(text.data()), text.size(), Utf8Surrogates::kPass).fault == Utf8Fault::kNone;
  }

  Thread& thread_;
  CodeImage* image_;
  ImageHead head_;
  const char* at_;
  const char* end_;
  int depth_ = 0;
  bool bad_ = false;
};

Result<void> materialise_from_image(Thread& thread, Code* code) {
  auto* image = static_cast<CodeImage*>(code->image_.get());
  if (!code->is_lazy()) return ok;  // another thread was quicker
  return Reader(thread, image, code->image_at_).fill(code);
}

Result<Str*> docstring_from_image(Thread& thread, const Code* code) {
  auto* image = static_cast<CodeImage*>(code->image_.get());
  return Reader(thread, image, code->image_at_).string(code->docstring_ - 1);
}

void positions_from_image(const Code* code, u32 n, Position* out, bool only_last) {
  auto* image = static_cast<CodeImage*>(code->image_.get());
  if (!image->has_good_positions()) {  // damage where a mistake harms nobody: all is on the first line
    std::fill_n(out, only_last ? 1 : n, Position{code->first_line_, -1, -1, -1});
    return;
  }
  Reader(*main_thread(), image, code->positions_at_).positions(code->first_line_, n, out, only_last);
}

void write_tables(Thread& thread, const Code* code, std::string& out) { Writer(thread, out).write_tables(code->ensure()); }

Failed bad_tables(Thread& thread) { return raise_value_error(thread, "code: damaged tables behind co_exceptiontable"); }

bool accept_tables(Thread& thread, const Code* code, const CodeParts& tables) {
  if (has_valid_bytecode(code, tables)) return true;
  (void)bad_tables(thread);
  return false;
}

Result<Value> read_tables(Thread& thread, std::string_view data, CodeParts parts) {
  TablesHead head;
  if (data.size() < sizeof head) return kNone;
  memcpy(&head, data.data(), sizeof head);
  if (head.version != bytecode_version_hash()) return kNone;
  if (head.checksum != checksum_of(data.data() + kTablesChecked, data.size() - kTablesChecked)) return bad_tables(thread);
  Reader in(thread, data.substr(sizeof head));
  if (!in.read_tables(parts) || in.remaining() < parts.instruction_count * usize{4} || head.register_count > 0xFFFF ||
      head.frame_local_count > head.register_count)
    return bad_tables(thread);
  std::vector<Position> positions(parts.instruction_count);
  in.positions(parts.first_line, parts.instruction_count, positions.data(), false);
  parts.positions = positions.data();
  parts.register_count = head.register_count;
  parts.accept = accept_tables;
  Code* code = TRY(make_code(thread, parts));
  TablesHead made = tables_head(code);
  made.checksum = head.checksum;
  return memcmp(&made, &head, sizeof head) == 0 ? Value(code) : kNone;
}

// Null: it is whole.
const char* fault_of_image(std::string_view data, bool with_positions) {
  ImageHead head;
  if (data.size() < sizeof head) return "not a code image";
  memcpy(&head, data.data(), sizeof head);
  if (memcmp(head.magic, kMagic, sizeof kMagic) != 0) return "not a code image";
  if (head.version != bytecode_version_hash()) return "code image of another version";
  if (head.size < sizeof head || head.size > data.size()) return "code image truncated";
  if (head.size < data.size()) return "trailing bytes";
  if (head.positions < sizeof head || head.positions > head.size) return "data too short";
  if (head.checksum != checksum_of(data.data() + kChecked, head.positions - kChecked)) return "code image damaged";
  if (with_positions && !has_whole_positions(head, data.data())) return "code image damaged";
  if (head.root >= head.positions || head.strings > head.positions ||
      head.string_count > (head.positions - head.strings) / sizeof(StringEntry))
    return "data too short";
  return nullptr;
}

}  // namespace

bool write_code_image(Thread& thread, const Code* code, std::string& out) { return Writer(thread, out).write_image(code); }

Result<Code*> read_code_image(Thread& thread, std::string_view data, ImageBytes bytes, Cell* owner) {
  if (const char* fault = fault_of_image(data, bytes != ImageBytes::Forever)) return bad(thread, fault);
  const char* at = data.data();
  if (bytes == ImageBytes::Copied) {
    RawBytes* copy = TRY(make_raw_bytes(thread, data.size()));
    memcpy(copy->data(), data.data(), data.size());
    at = reinterpret_cast<const char*>(copy->data());
    owner = copy;
  }
  ImageHead head;
  memcpy(&head, at, sizeof head);
  ValueArray* strings = TRY(make_value_array(thread, static_cast<Index>(head.string_count)));
  auto* image = static_cast<CodeImage*>(allocate_cell(thread, sizeof(CodeImage), kKindCodeImage, 0));
  if (!image) return failed;
  image->init(at, bytes == ImageBytes::Forever, owner, strings);
  return Reader(thread, image, head.root).read_code();
}

void init_code_images() {
  register_kind(kKindCodeImage, kind_info_of<CodeImage>("code image"));
  code_tables_hooks = {write_tables, read_tables};
  code_image_hooks = {materialise_from_image, docstring_from_image, positions_from_image};
}

}  // namespace baton
