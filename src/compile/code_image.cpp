// Layout: magic, version hash, code. Numbers are LEB128 (signed ones zigzag). Strings are numbered in order of first appearance
// and written once.
//
//     code     name qualname filename first_line flags argcount posonly kwonly registers
//              consts names varnames cellvars freevars          (tuples as values)
//              count { op a b c }*  positions  live_top  exceptions
//     value    tag byte, payload
#include "compile/code_image.h"

#include <cstring>
#include <unordered_map>
#include <vector>

#include "base/utf8.h"
#include "compile/op_info.h"
#include "compile/validator.h"
#include "objects/bytes.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/set.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace baton {

static constexpr char kMagic[4] = {'B', 'C', 'I', '1'};
static BaseOpHook base_op_hook = nullptr;
void set_base_op_hook(BaseOpHook hook) { base_op_hook = hook; }

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
  kTagInterned = 't',
  kTagTextRef = 'r',
  kTagBytes = 's',
  kTagTuple = '(',
  kTagFrozenSet = '>',
  kTagCode = 'c',
};

class Writer {
 public:
  Writer(Thread& thread, std::string& out) : thread_(thread), out_(out) {}

  bool write(const Code* code) {
    for (Str* text : {code->name(), code->qualname(), code->filename()}) write_text(text);
    write_signed(code->first_line_);
    for (u32 number : {code->flags_, code->argcount_, code->posonly_argcount_, code->kwonly_argcount_, code->register_count_})
      write_number(number);
    for (Tuple* tuple : {code->consts(), code->names(), code->varnames(), code->cellvars(), code->freevars()}) {
      if (!write_value(tuple)) return false;
    }
    u32 count = code->instruction_count_;
    write_number(count);
    for (u32 i = 0; i < count; ++i) {
      const Instruction& ins = code->instructions_[i];
      u16 op = __atomic_load_n(&ins.op, __ATOMIC_RELAXED);
      if (base_op_hook) op = base_op_hook(op);
      write_number(op);
      write_number(ins.a);
      write_number(ins.b);
      write_number(ins.c);
    }
    i32 line = code->first_line_;
    for (u32 i = 0; i < count; ++i) {
      const Position& p = code->positions_[i];
      write_signed(p.line - line);
      write_signed(p.end_line - p.line);
      write_signed(p.column);
      write_signed(p.end_column - p.column);
      line = p.line;
    }
    i32 live = 0;
    for (u32 i = 0; i < count; ++i) {
      write_signed(code->live_top_[i] - live);
      live = code->live_top_[i];
    }
    write_number(code->exception_count_);
    for (u32 i = 0; i < code->exception_count_; ++i) {
      const ExceptionTableEntry& entry = code->exception_table_[i];
      write_number(entry.start);
      write_number(entry.end);
      write_number(entry.handler);
      write_number(entry.exception_register);
    }
    return true;
  }

 private:
  void write_number(u64 v) {
    for (; v >= 0x80; v >>= 7) out_ += static_cast<char>(v | 0x80);
    out_ += static_cast<char>(v);
  }
  void write_signed(i64 v) { write_number(static_cast<u64>(v) << 1 ^ static_cast<u64>(v >> 63)); }
  void write_raw(const void* data, usize n) { out_.append(static_cast<const char*>(data), n); }
  void write_double(double d) { write_raw(&d, sizeof d); }

  void write_text(Str* text) {
    auto [it, fresh] = texts_.try_emplace(text, texts_.size());
    if (!fresh) {
      out_ += static_cast<char>(kTagTextRef);
      write_number(it->second);
      return;
    }
    out_ += static_cast<char>(text->is_interned() ? kTagInterned : kTagText);
    Value owner;
    std::string_view utf8 = str_utf8_lossy(thread_, text, &owner);
    write_number(utf8.size());
    write_raw(utf8.data(), utf8.size());
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
    if (is_exact<Str>(v)) return write_text(v.as<Str>()), true;
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
    if (is<Code>(v)) {
      out_ += static_cast<char>(kTagCode);
      return write(v.as<Code>());
    }
    if (v.cell()->kind_word() == kKindFrozenSet) {
      RootVector items;
      Index at = 0;
      for (Value item; set_next(v.as<Set>(), &at, &item);) items.push(item);
      return write_items(kTagFrozenSet, items.data(), static_cast<Index>(items.size()));
    }
    return false;
  }

  Thread& thread_;
  std::string& out_;
  std::unordered_map<Str*, u64> texts_;  // the code being written keeps them alive
};

class Reader {
 public:
  Reader(Thread& thread, std::string_view data) : thread_(thread), at_(data.data()), end_(data.data() + data.size()) {}

  usize remaining() const { return static_cast<usize>(end_ - at_); }
  const char* at() const { return at_; }

  Failed bad(const char* what) {
    if (!thread_.has_pending()) (void)raise_value_error(thread_, "bad marshal data ({})", what);
    return failed;
  }

  Result<void> read_header() {
    if (remaining() < sizeof kMagic + 8 || memcmp(at_, kMagic, sizeof kMagic) != 0) return bad("not a code image");
    u64 version;
    memcpy(&version, at_ + sizeof kMagic, 8);
    if (version != bytecode_version_hash()) return bad("code image of another version");
    at_ += sizeof kMagic + 8;
    return ok;
  }

  Result<Code*> read_code(int depth) {
    if (depth > 200) return bad("code nested too deeply");
    CodeParts parts{};
    Value name = TRY(read_value(depth)), qualname = TRY(read_value(depth)), filename = TRY(read_value(depth));
    if (!is<Str>(name) || !is<Str>(qualname) || !is<Str>(filename)) return bad("code image: name expected");
    parts.name = name.as<Str>();
    parts.qualname = qualname.as<Str>();
    parts.filename = filename.as<Str>();
    parts.first_line = static_cast<i32>(read_signed());
    parts.flags = static_cast<u32>(read_number());
    parts.argcount = static_cast<u32>(read_number());
    parts.posonly_argcount = static_cast<u32>(read_number());
    parts.kwonly_argcount = static_cast<u32>(read_number());
    parts.register_count = static_cast<u32>(read_number());
    Tuple** tuples[] = {&parts.consts, &parts.names, &parts.varnames, &parts.cellvars, &parts.freevars};
    RootVector roots;
    for (int i = 0; i < 5; ++i) {
      Value tuple = TRY(read_value(depth));
      if (!is_exact<Tuple>(tuple)) return bad("code image: tuple expected");
      roots.push(tuple);
      *tuples[i] = tuple.as<Tuple>();
      for (Index k = 0; i > 0 && k < tuple.as<Tuple>()->length(); ++k) {
        if (!is<Str>(tuple.as<Tuple>()->at(k))) return bad("code image: name expected");
      }
    }
    u64 count = read_number();
    if (bad_ || count > remaining() || count > 0x7FFFFFFF) return bad("code image truncated");
    std::vector<Instruction> instructions(count);
    for (Instruction& ins : instructions) {
      ins.op = static_cast<u16>(read_number());
      ins.a = static_cast<u16>(read_number());
      ins.b = static_cast<u16>(read_number());
      ins.c = static_cast<u16>(read_number());
    }
    std::vector<Position> positions(count);
    i32 line = parts.first_line;
    for (Position& p : positions) {
      p.line = line = static_cast<i32>(line + read_signed());
      p.end_line = static_cast<i32>(p.line + read_signed());
      p.column = static_cast<i32>(read_signed());
      p.end_column = static_cast<i32>(p.column + read_signed());
    }
    std::vector<u16> live_top(count);
    i32 live = 0;
    for (u16& top : live_top) top = static_cast<u16>(live = static_cast<i32>(live + read_signed()));
    u64 exception_count = read_number();
    if (bad_ || exception_count > remaining()) return bad("code image truncated");
    std::vector<ExceptionTableEntry> exceptions(exception_count);
    for (ExceptionTableEntry& entry : exceptions) {
      entry.start = static_cast<u32>(read_number());
      entry.end = static_cast<u32>(read_number());
      entry.handler = static_cast<u32>(read_number());
      entry.exception_register = static_cast<u16>(read_number());
      entry.reserved = 0;
    }
    if (bad_) return bad("code image truncated");
    u64 parameters =
        u64{parts.argcount} + parts.kwonly_argcount + !!(parts.flags & kCodeVarArgs) + !!(parts.flags & kCodeVarKeywords);
    if (parameters > static_cast<u64>(parts.varnames->length()) || parts.posonly_argcount > parts.argcount)
      return bad("code image: bad parameters");
    u64 fixed = static_cast<u64>(parts.varnames->length() + parts.freevars->length());
    for (Index i = 0; i < parts.cellvars->length(); ++i) {
      bool is_local = false;
      for (Index k = 0; k < parts.varnames->length() && !is_local; ++k) {
        is_local = str_equal(parts.varnames->at(k).as<Str>(), parts.cellvars->at(i).as<Str>());
      }
      fixed += !is_local;
    }
    if (parts.register_count > 0xFFFF || fixed > parts.register_count) return bad("code image: bad registers");
    ValidatorInput input{instructions.data(),
                         live_top.data(),
                         static_cast<u32>(count),
                         exceptions.data(),
                         static_cast<u32>(exception_count),
                         parts.register_count,
                         static_cast<u32>(fixed),
                         static_cast<u32>(parts.consts->length()),
                         static_cast<u32>(parts.names->length())};
    std::string complaint = validate_bytecode(input);
    if (!complaint.empty()) return bad("code image: invalid bytecode");
    parts.instructions = instructions.data();
    parts.positions = positions.data();
    parts.live_top = live_top.data();
    parts.instruction_count = static_cast<u32>(count);
    parts.exception_table = exceptions.data();
    parts.exception_count = static_cast<u32>(exception_count);
    return make_code(thread_, parts);
  }

 private:
  u64 read_number() {
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
    memcpy(out, at_, n);
    at_ += n;
    return true;
  }

  Result<Value> read_items(bool frozen, int depth) {
    u64 n = read_number();
    if (bad_ || n > remaining()) return bad("data too short");
    RootVector items;
    for (u64 i = 0; i < n; ++i) items.push(TRY(read_value(depth)));
    if (frozen) return TRY(make_frozenset(thread_, items.data(), static_cast<Index>(n)));
    return TRY(make_tuple(thread_, items.data(), static_cast<Index>(n)));
  }

  Result<Value> read_value(int depth) {
    if (depth > 200) return bad("recursion limit exceeded");
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
      case kTagText:
      case kTagInterned: {
        u64 n = read_number();
        if (bad_ || n > remaining()) return bad("data too short");
        std::string_view text(at_, n);
        at_ += n;
        if (!valid_text(text)) return bad("invalid text");
        Str* s = tag == kTagInterned ? intern(thread_, text) : TRY(str_from_utf8(thread_, text));
        texts_.push(s);
        return Value(s);
      }
      case kTagTextRef: {
        u64 index = read_number();
        if (bad_ || index >= texts_.size()) return bad("invalid reference");
        return texts_[index];
      }
      case kTagBytes: {
        u64 n = read_number();
        if (bad_ || n > remaining()) return bad("data too short");
        Result<Bytes*> bytes = bytes_from(thread_, at_, n);
        at_ += n;
        return bytes;
      }
      case kTagTuple: return read_items(false, depth + 1);
      case kTagFrozenSet: return read_items(true, depth + 1);
      case kTagCode: return TRY(read_code(depth + 1));
      default: return bad("unknown type code");
    }
  }

  static bool valid_text(std::string_view text) {
    return utf8_scan(reinterpret_cast<const u8*>(text.data()), text.size(), Utf8Surrogates::kPass).fault == Utf8Fault::kNone;
  }

  Thread& thread_;
  const char* at_;
  const char* end_;
  bool bad_ = false;
  RootVector texts_;
};

}  // namespace

bool write_code_image(Thread& thread, const Code* code, std::string& out) {
  out.append(kMagic, sizeof kMagic);
  u64 version = bytecode_version_hash();
  out.append(reinterpret_cast<const char*>(&version), sizeof version);
  return Writer(thread, out).write(code);
}

Result<Code*> read_code_image(Thread& thread, std::string_view data, usize* consumed) {
  Reader reader(thread, data);
  TRY(reader.read_header());
  Code* code = TRY(reader.read_code(0));
  if (consumed) {
    *consumed = static_cast<usize>(reader.at() - data.data());
  } else if (reader.remaining()) {
    return reader.bad("trailing bytes");
  }
  return code;
}

}  // namespace baton
