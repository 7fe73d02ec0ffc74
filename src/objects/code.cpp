// Code objects: creation. The Python-visible type is in code_type.cpp.
#include "objects/code.h"

#include <cstring>
#include <utility>

#include "heap/remembered.h"
#include "objects/bytes.h"
#include "objects/code_list.h"
#include "objects/module.h"
#include "objects/object.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "threads/mutex.h"

namespace baton {

bool keep_debug_ranges = true;
void (*discard_compiled_code)(Code* code) = nullptr;

// A cell with nothing but what lazy code has, too.
static Code* allocate_code(Thread& thread) {
  auto* code =
      static_cast<Code*>(allocate_cell(thread, sizeof(Code), kKindCode, types.code->instance_shape()->id(), kAllocPretenured));
  if (!code) return nullptr;
  for (Field<Str>* field : {&code->name_, &code->qualname_, &code->filename_}) field->init(nullptr);
  for (Field<Tuple>* field : {&code->consts_, &code->names_, &code->varnames_, &code->cellvars_, &code->freevars_})
    field->init(nullptr);
  for (Field<Cell>* field : {&code->image_, &code->storage_, &code->extra_, &code->position_storage_}) field->init(nullptr);
  code->instructions_ = nullptr;
  code->caches_ = nullptr;
  code->caches_offset_ = 0;
  code->simple_argcount_ = ~u32{0};  // lazy code, too: its first call goes the slow way
  code->cache_misses_ = nullptr;
  code->positions_ = nullptr;
  code->live_top_ = nullptr;
  code->exception_table_ = nullptr;
  code->instruction_count_ = code->exception_count_ = 0;
  code->flags_ = code->image_at_ = code->docstring_ = code->positions_at_ = 0;
  code->self_stores_ = 0;
  code->position_lookups_ = 0;
  code->has_been_shown_ = false;
  code->hotness_ = 0;
  code->compiled_offset_ = 0;
  code->compiled_ = nullptr;
  code->listed_ = nullptr;
  return code;
}

static u32 count_frame_locals(const CodeParts& p) {
  u32 extra_cells = 0;
  for (Index i = 0; i < p.cellvars->length(); ++i) {
    bool is_local = false;
    for (Index k = 0; k < p.varnames->length() && !is_local; ++k)
      is_local = str_equal(p.varnames->at(k).as<Str>(), p.cellvars->at(i).as<Str>());
    extra_cells += !is_local;
  }
  return static_cast<u32>(p.varnames->length() + p.freevars->length()) + extra_cells;
}

CodeImageHooks code_image_hooks;

void Code::ensure_slow() const {
  // The image was checked when it was opened, so that only memory can be wanting.
  BATON_CHECK(!code_image_hooks.materialise(current_thread(), const_cast<Code*>(this)).is_failed(),
              "there is memory for a code object's constants");
}

Result<Value> code_docstring(Thread& thread, const Code* code) {
  if (code->is_lazy()) {
    u32 docstring = code->docstring_;
    if (!docstring) return kNone;
    return Value(TRY(code_image_hooks.docstring(thread, code)));
  }
  Tuple* consts = code->consts_.get();
  Value first = consts->length() > 0 ? consts->at(0) : kNone;
  return is<Str>(first) ? first : kNone;
}

static void drop_ranges(Position* positions, usize n) {
  for (usize i = 0; i < n; ++i) {
    positions[i].end_line = positions[i].end_column = -1;
    if (positions[i].has_place()) positions[i].column = -1;
  }
}

Position Code::position_at(u32 pc) const {
  u32 count = ensure()->instruction_count_;
  if (pc >= count) pc = count - 1;
  if (const Position* made = __atomic_load_n(&positions_, __ATOMIC_ACQUIRE)) return made[pc];
  Position p;
  code_image_hooks.positions(this, pc + 1, &p, true);
  if (!keep_debug_ranges) drop_ranges(&p, 1);
  return p;
}

static Mutex code_fill_mutex;  // nothing allocates under it

// Storage of retired code: for the next that is materialised. What imports run once had more than half a megabyte of them, new
// memory for each. Guarded by code_fill_mutex; not roots: forgotten when a collection begins.
static RawBytes* spare_storage[8];

void forget_spare_code_storage() {
  for (RawBytes*& spare : spare_storage) spare = nullptr;
}

// The smallest that has room for `size` bytes, or new storage.
static Result<RawBytes*> storage_for(Thread& thread, usize size) {
  {
    Guard guard(code_fill_mutex);
    RawBytes** best = nullptr;
    for (RawBytes*& spare : spare_storage)
      if (spare && spare->capacity() >= size && (!best || spare->capacity() < (*best)->capacity())) best = &spare;
    if (best && (*best)->capacity() / 4 <= size) return std::exchange(*best, nullptr);
  }
  return make_raw_bytes(thread, size);
}

void retire_code(Code* code) {
  if (code->is_lazy() || !code->image_.get() || code->compiled_ || code->has_been_shown_ || code->position_storage_.get()) return;
  // After a collection inline caches may be in the remembered set one by one, which is to find references where they lie.
  if (!code->has_gc_flag(kRemembered)) return;
  unlist_code(code);
  Guard filling(code_fill_mutex);
  __atomic_store_n(&code->simple_argcount_, ~u32{0}, __ATOMIC_RELEASE);
  __atomic_store_n(&code->flags_, code->flags() | kCodeLazy, __ATOMIC_RELEASE);
  RawBytes** place = spare_storage;  // a free one, or that of the smallest
  for (RawBytes*& spare : spare_storage)
    if (!spare || (*place && spare->capacity() < (*place)->capacity())) place = &spare;
  *place = static_cast<RawBytes*>(code->storage_.get());
  code->storage_.set(code, nullptr);
  for (Field<Tuple>* field : {&code->consts_, &code->names_, &code->varnames_, &code->cellvars_, &code->freevars_})
    field->set(code, nullptr);
  code->instructions_ = nullptr;
  code->caches_ = nullptr;
  code->caches_offset_ = 0;
  code->cache_misses_ = nullptr;
  code->live_top_ = nullptr;
  code->exception_table_ = nullptr;
  code->instruction_count_ = code->exception_count_ = 0;
}

const Position* Code::positions_slow() const {
  ensure();
  if (const Position* made = __atomic_load_n(&positions_, __ATOMIC_ACQUIRE)) return made;
  Result<RawBytes*> storage = make_raw_bytes(current_thread(), instruction_count_ * sizeof(Position));
  BATON_CHECK(!storage.is_failed(), "there is memory for a code object's positions");
  auto* made = reinterpret_cast<Position*>(storage.value()->data());
  code_image_hooks.positions(this, instruction_count_, made, false);
  if (!keep_debug_ranges) drop_ranges(made, instruction_count_);
  Guard filling(code_fill_mutex);
  auto* self = const_cast<Code*>(this);
  if (positions_) return positions_;
  self->position_storage_.set(self, storage.value());
  __atomic_store_n(&self->positions_, made, __ATOMIC_RELEASE);
  return made;
}

Result<void> fill_code(Thread& thread, Code* code, const CodeParts& p) {
  usize n = p.instruction_count;
  usize position_bytes = p.positions ? n * sizeof(Position) : 0;
  usize size = n * (sizeof(Instruction) + sizeof(Field<Value>) + sizeof(u16) + 1) + position_bytes +
               p.exception_count * sizeof(ExceptionTableEntry) + 32;
  RawBytes* storage = TRY(storage_for(thread, size));
  u8* at = storage->data();
  auto* instructions = reinterpret_cast<Instruction*>(at);
  memcpy(at, p.instructions, n * sizeof(Instruction));
  at += n * sizeof(Instruction);
  auto* caches = reinterpret_cast<Field<Value>*>(at);
  memset(at, 0, n * sizeof(Field<Value>));
  at += n * sizeof(Field<Value>);
  auto* positions = reinterpret_cast<Position*>(at);
  if (p.positions) {
    memcpy(at, p.positions, position_bytes);
    if (!keep_debug_ranges) drop_ranges(positions, n);
  }
  at += position_bytes;
  auto* exceptions = reinterpret_cast<ExceptionTableEntry*>(at);
  if (p.exception_count) memcpy(at, p.exception_table, p.exception_count * sizeof(ExceptionTableEntry));
  at += p.exception_count * sizeof(ExceptionTableEntry);
  auto* live_top = reinterpret_cast<u16*>(at);
  memcpy(at, p.live_top, n * sizeof(u16));
  at += n * sizeof(u16);
  memset(at, 0, n);
  if (p.accept) {
    CodeParts tables = p;
    tables.instructions = instructions;
    tables.live_top = live_top;
    tables.exception_table = exceptions;
    if (!p.accept(thread, code, tables)) return failed;
  }

  Guard filling(code_fill_mutex);
  if (code->storage_.get()) return ok;  // another thread was quicker
  code->instructions_ = instructions;
  code->caches_ = caches;
  code->caches_offset_ = reinterpret_cast<char*>(caches) - reinterpret_cast<char*>(instructions);
  code->positions_ = p.positions ? positions : nullptr;
  code->positions_at_ = p.positions_at;
  code->exception_table_ = exceptions;
  code->live_top_ = live_top;
  code->cache_misses_ = at;
  code->exception_count_ = p.exception_count;
  code->storage_.set_unremembered(storage);
  code->consts_.set_unremembered(p.consts);
  code->names_.set_unremembered(p.names);
  code->varnames_.set_unremembered(p.varnames);
  code->cellvars_.set_unremembered(p.cellvars);
  code->freevars_.set_unremembered(p.freevars);
  remember_cell(code);
  code->instruction_count_ = p.instruction_count;
  if (p.positions) code->image_.set(code, nullptr);
  bool is_simple = !(code->flags_ & (kCodeVarArgs | kCodeVarKeywords)) && code->kwonly_argcount_ == 0;
  __atomic_store_n(&code->simple_argcount_, is_simple ? code->argcount_ : ~u32{0}, __ATOMIC_RELEASE);
  list_code(code);
  __atomic_store_n(&code->flags_, code->flags() & ~kCodeLazy, __ATOMIC_RELEASE);
  return ok;
}

Result<Code*> make_code(Thread& thread, const CodeParts& p) {
  Code* code = allocate_code(thread);
  if (!code) return failed;
  code->register_count_ = p.register_count;
  code->flags_ = p.flags & ~kCodeLazy;
  code->argcount_ = p.argcount;
  code->posonly_argcount_ = p.posonly_argcount;
  code->kwonly_argcount_ = p.kwonly_argcount;
  code->first_line_ = p.first_line;
  code->local_count_ = static_cast<u32>(p.varnames->length());
  code->frame_local_count_ = count_frame_locals(p);
  code->free_count_ = static_cast<u32>(p.freevars->length());
  code->name_.init(p.name);
  code->qualname_.init(p.qualname);
  code->filename_.init(p.filename);
  TRY(fill_code(thread, code, p));
  return code;
}

Result<Code*> make_lazy_code(Thread& thread, const LazyCodeParts& p) {
  Code* code = allocate_code(thread);
  if (!code) return failed;
  code->register_count_ = p.register_count;
  code->flags_ = p.flags | kCodeLazy;
  code->argcount_ = p.argcount;
  code->posonly_argcount_ = p.posonly_argcount;
  code->kwonly_argcount_ = p.kwonly_argcount;
  code->first_line_ = p.first_line;
  code->local_count_ = p.local_count;
  code->frame_local_count_ = p.frame_local_count;
  code->free_count_ = p.free_count;
  code->image_at_ = p.image_at;
  code->docstring_ = p.docstring;
  code->self_stores_ = p.self_stores;
  code->name_.init(p.name);
  code->qualname_.init(p.qualname);
  code->filename_.init(p.filename);
  code->image_.init(p.image);
  return code;
}

}  // namespace baton
