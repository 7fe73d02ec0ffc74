// _pickle: what its files share: the opcodes, the module's globals, the pickler's memo, the cells of Pickler and Unpickler.
//
//   pickle_output   the bytes being made, in frames          pickle_input   the bytes being read, from memory or a file
//   pickle_memo     object -> number                          pickle_load    the opcode loop
//   pickle_save*    one object tree -> opcodes                pickle_build   classes, instances, extensions
//   pickler         the type Pickler                          unpickler      the type Unpickler
//
// One dump() or load() keeps its state on the C++ stack; only the memo and the settings live in the Pickler or Unpickler. So two
// threads that share one get separate streams with a common memo.
#pragma once
#include "objects/bytes.h"
#include "objects/dict.h"
#include "objects/module.h"
#include "objects/object.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "threads/relaxed.h"

namespace baton {

inline constexpr int kHighestPickleProtocol = 5, kDefaultPickleProtocol = 4;
inline constexpr Index kPickleBatch = 1000;  // items between MARK and APPENDS, SETITEMS, ADDITEMS
inline constexpr usize kFrameSizeTarget = 64 * 1024, kFrameSizeMin = 4, kFrameHeaderSize = 9;

enum PickleOp : u8 {
  kOpMark = '(',
  kOpStop = '.',
  kOpPop = '0',
  kOpPopMark = '1',
  kOpDup = '2',
  kOpFloat = 'F',
  kOpInt = 'I',
  kOpBinInt = 'J',
  kOpBinInt1 = 'K',
  kOpLong = 'L',
  kOpBinInt2 = 'M',
  kOpNone = 'N',
  kOpPersId = 'P',
  kOpBinPersId = 'Q',
  kOpReduce = 'R',
  kOpString = 'S',
  kOpBinString = 'T',
  kOpShortBinString = 'U',
  kOpUnicode = 'V',
  kOpBinUnicode = 'X',
  kOpAppend = 'a',
  kOpBuild = 'b',
  kOpGlobal = 'c',
  kOpDict = 'd',
  kOpEmptyDict = '}',
  kOpAppends = 'e',
  kOpGet = 'g',
  kOpBinGet = 'h',
  kOpInst = 'i',
  kOpLongBinGet = 'j',
  kOpList = 'l',
  kOpEmptyList = ']',
  kOpObj = 'o',
  kOpPut = 'p',
  kOpBinPut = 'q',
  kOpLongBinPut = 'r',
  kOpSetItem = 's',
  kOpTuple = 't',
  kOpEmptyTuple = ')',
  kOpSetItems = 'u',
  kOpBinFloat = 'G',
  // protocol 2
  kOpProto = 0x80,
  kOpNewObj = 0x81,
  kOpExt1 = 0x82,
  kOpExt2 = 0x83,
  kOpExt4 = 0x84,
  kOpTuple1 = 0x85,
  kOpTuple2 = 0x86,
  kOpTuple3 = 0x87,
  kOpNewTrue = 0x88,
  kOpNewFalse = 0x89,
  kOpLong1 = 0x8A,
  kOpLong4 = 0x8B,
  // protocol 3
  kOpBinBytes = 'B',
  kOpShortBinBytes = 'C',
  // protocol 4
  kOpShortBinUnicode = 0x8C,
  kOpBinUnicode8 = 0x8D,
  kOpBinBytes8 = 0x8E,
  kOpEmptySet = 0x8F,
  kOpAddItems = 0x90,
  kOpFrozenSet = 0x91,
  kOpNewObjEx = 0x92,
  kOpStackGlobal = 0x93,
  kOpMemoize = 0x94,
  kOpFrame = 0x95,
  // protocol 5
  kOpByteArray8 = 0x96,
  kOpNextBuffer = 0x97,
  kOpReadOnlyBuffer = 0x98,
};

// Objects of other modules that pickling needs, looked up when the module is first imported.
struct PickleGlobals {
  Root<Type> pickle_error, pickling_error, unpickling_error;
  Root<Value> dispatch_table, extension_registry, inverted_registry, extension_cache;      // copyreg's
  Root<Value> name_mapping, import_mapping, reverse_name_mapping, reverse_import_mapping;  // _compat_pickle's
  Root<Value> codecs_encode, getattr_function, partial;
};
extern PickleGlobals* pickle_globals;

template <class... A>
[[gnu::cold]] BATON_NOINLINE Failed raise_pickling(Thread& thread, const char* format, A... args) {
  return raise(thread, pickle_globals->pickling_error.get(), format, args...);
}
template <class... A>
[[gnu::cold]] BATON_NOINLINE Failed raise_unpickling(Thread& thread, const char* format, A... args) {
  return raise(thread, pickle_globals->unpickling_error.get(), format, args...);
}

// ---------------------------------------------------------------------------------------------------------------- memo

// The objects written so far, by identity, each with its number in the stream. Objects are kept alive: their identity stands for
// them. Readers take no lock: arrays are replaced, never resized, and an index entry is written after the object it names.
class PickleMemo final : public Cell {
 public:
  void init() {
    objects_.init(nullptr);
    index_.init(nullptr);
    numbers_.init(nullptr);
    count_ = 0;
  }
  void visit_edges(EdgeVisitor& visit) const { visit(objects_, index_, numbers_); }

  Index count() const { return __atomic_load_n(&count_, __ATOMIC_ACQUIRE); }
  // The object's number, or -1.
  BATON_ALWAYS_INLINE i64 find(Value object) const {
    RawBytes* index = index_.get();
    if (!index) return -1;
    const u32* slots = reinterpret_cast<const u32*>(index->data());
    u64 mask = index->capacity() / sizeof(u32) - 1;
    for (u64 slot = hash(object) & mask;; slot = (slot + 1) & mask) {
      u32 entry = __atomic_load_n(&slots[slot], __ATOMIC_ACQUIRE);
      if (entry == 0) return -1;
      if (objects_.get()->at(entry - 1) == object) return number_at(entry - 1);
    }
  }
  static u64 hash(Value object) {
    u64 h = (object.bits() >> 4) * 0x9E3779B97F4A7C15;
    return h ^ (h >> 32);
  }
  // The number under which entry i was written: i itself, unless the memo was set from Python.
  i64 number_at(Index i) const {
    RawBytes* numbers = numbers_.get();
    return numbers ? reinterpret_cast<const i64*>(numbers->data())[i] : i;
  }
  Value object_at(Index i) const { return objects_->at(i); }  // absent: a number without an object

  Field<ValueArray> objects_;
  Field<RawBytes> index_;    // u32 entry + 1, or 0; a power of two of them, at most half in use
  Field<RawBytes> numbers_;  // i64 each; null: the entries' own places
  Index count_;
};
Result<PickleMemo*> make_pickle_memo(Thread& thread);
// Adds the object under the next number, which is answered. An absent object uses the number up and is never found.
Result<i64> pickle_memo_add(Thread& thread, PickleMemo* memo, Value object);
Result<void> pickle_memo_add_numbered(Thread& thread, PickleMemo* memo, Value object, i64 number);
Result<PickleMemo*> pickle_memo_copy(Thread& thread, PickleMemo* memo);

// ---------------------------------------------------------------------------------------------------------------- the types

class Pickler final : public Cell {
 public:
  void init() {
    memo_.init(nullptr);
    persistent_id_.init(Value());
    dispatch_table_.init(Value());
    write_.init(Value());
    buffer_callback_.init(Value());
    protocol_ = 0;
    bin_ = fast_ = 0;
    fix_imports_ = false;
  }
  void visit_edges(EdgeVisitor& visit) const { visit(memo_, persistent_id_, dispatch_table_, write_, buffer_callback_); }

  Field<PickleMemo> memo_;                                                 // null: __init__ was not called
  Field<Value> persistent_id_, dispatch_table_, write_, buffer_callback_;  // absent: none
  int protocol_;
  int bin_, fast_;  // what Python code has set
  bool fix_imports_;
};

// Objects by number: a dense array, and a dict for numbers far beyond what the stream has used so far.
class UnpickleMemo final : public Cell {
 public:
  void init() {
    objects_.init(nullptr);
    sparse_.init(nullptr);
    count_ = 0;
  }
  void visit_edges(EdgeVisitor& visit) const { visit(objects_, sparse_); }
  // Absent when there is none.
  Value find(u64 number) const {
    ValueArray* objects = objects_.get();
    if (objects && number < static_cast<u64>(objects->capacity())) [[likely]]
      return objects->at(static_cast<Index>(number));
    return sparse_.get() ? find_sparse(number) : Value();
  }
  Value find_sparse(u64 number) const;

  Field<ValueArray> objects_;
  Field<Dict> sparse_;    // or null
  Relaxed<Index> count_;  // objects put in: where MEMOIZE goes on
};
Result<UnpickleMemo*> make_unpickle_memo(Thread& thread);
Result<void> unpickle_memo_set(Thread& thread, UnpickleMemo* memo, u64 number, Value object);

class Unpickler final : public Cell {
 public:
  void init() {
    memo_.init(nullptr);
    persistent_load_.init(Value());
    read_.init(Value());
    readline_.init(Value());
    peek_.init(Value());
    readinto_.init(Value());
    buffers_.init(Value());
    encoding_.init(nullptr);
    errors_.init(nullptr);
    fix_imports_ = false;
    protocol_ = 0;
  }
  void visit_edges(EdgeVisitor& visit) const {
    visit(memo_, persistent_load_, read_, readline_, peek_, readinto_, buffers_, encoding_, errors_);
  }
  Field<UnpickleMemo> memo_;                                          // null: __init__ was not called
  Field<Value> persistent_load_, read_, readline_, peek_, readinto_;  // absent: none
  Field<Value> buffers_;                                              // an iterator, or absent
  Field<Str> encoding_, errors_;
  bool fix_imports_;
  Relaxed<int> protocol_;  // of the pickle being read
};

// pickle.PickleBuffer: a wrapper of an object with a buffer, by way of a memoryview of it.
class PickleBuffer final : public Cell {
 public:
  void init(MemoryView* view) { view_.init(view); }
  void visit_edges(EdgeVisitor& visit) const { visit(view_); }
  Field<MemoryView> view_;  // null once released
};

extern TypeDef pickler_def, unpickler_def, pickle_buffer_def, pickler_memo_proxy_def, unpickler_memo_proxy_def;
Result<void> init_pickle_buffer();

// pickler.cpp, unpickler.cpp: what __init__ and the module's functions share.
struct PicklerSettings {
  Value protocol = kNone;
  bool fix_imports = true;
  Value buffer_callback = kNone;
};
Result<Pickler*> make_pickler(Thread& thread, const PicklerSettings& settings);
Result<void> pickler_set_file(Thread& thread, Pickler* self, Value file);
struct UnpicklerSettings {
  bool fix_imports = true;
  Str* encoding = nullptr;
  Str* errors = nullptr;
  Value buffers;
};
Result<Unpickler*> make_unpickler(Thread& thread, const UnpicklerSettings& settings);
Result<void> unpickler_set_file(Thread& thread, Unpickler* self, Value file);

// pickle_save.cpp, pickle_load.cpp: one pickle. dump answers the bytes, or None when it went to the file.
Result<Value> pickle_dump(Thread& thread, Pickler* self, Value object);
Result<Value> pickle_load(Thread& thread, Unpickler* self);
Result<Value> pickle_load_bytes(Thread& thread, Unpickler* self, BufferView data);

// pickle_global.cpp: dotted names and modules.
// AttributeError if part of the name is "<locals>"; object (or absent) is for the message.
Result<void> pickle_check_path(Thread& thread, Value object, Str* path);
// object.a.b.c; kNotFound when something is missing. parent (may be null): object.a.b
Result<Value> pickle_get_path(Thread& thread, Value object, Str* path, Value* parent);
Result<Value> pickle_import(Thread& thread, Value module_name);
// Name of the module in which `path` leads to the object.
Result<Value> pickle_which_module(Thread& thread, Value object, Str* path);
// Replaces a Python 2 pair by the Python 3 pair, or (reverse) the other way round.
enum class PickleNames : u8 { ToPython3, ToPython2 };
Result<void> pickle_map_names(Thread& thread, PickleNames direction, Value* module, Value* name);
Result<Value> unpickler_find_class(Thread& thread, Unpickler* self, Value module_name, Value global_name);

}  // namespace baton
