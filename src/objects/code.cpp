// Code objects: creation and the list of all of them. The Python-visible type is in code_type.cpp.
#include "objects/code.h"

#include <cstring>

#include "objects/bytes.h"
#include "objects/module.h"
#include "objects/object.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "threads/mutex.h"

namespace baton {

bool keep_debug_ranges = true;

static Code* first_code = nullptr;  // guarded by the GIL or code_list_mutex
static Mutex code_list_mutex;

void for_each_code(void (*fn)(Code*)) {
  for (Code* c = first_code; c; c = c->next_code_) fn(c);
}

// In the collector's weak phase: unlink dead code objects.
void drop_dead_code() {
  for (Code* c = first_code; c;) {
    Code* next = c->next_code_;
    if (!heap_is_live_after_mark(c)) {
      if (c->previous_code_)
        c->previous_code_->next_code_ = next;
      else
        first_code = next;
      if (next) next->previous_code_ = c->previous_code_;
    }
    c = next;
  }
}

Result<Code*> make_code(Thread& thread, const CodeParts& p) {
  usize n = p.instruction_count;
  usize size = n * (sizeof(Instruction) + sizeof(Field<Value>) + sizeof(Position) + sizeof(u16) + 1) +
               p.exception_count * sizeof(ExceptionTableEntry) + 32;
  RawBytes* storage = TRY(make_raw_bytes(thread, size));
  auto* code =
      static_cast<Code*>(allocate_cell(thread, sizeof(Code), kKindCode, types.code->instance_shape()->id(), kAllocPretenured));
  if (!code) return failed;
  code->name_.init(nullptr);
  code->qualname_.init(nullptr);
  code->filename_.init(nullptr);
  code->consts_.init(nullptr);
  code->names_.init(nullptr);
  code->varnames_.init(nullptr);
  code->cellvars_.init(nullptr);
  code->freevars_.init(nullptr);
  code->storage_.init(nullptr);
  code->extra_.init(nullptr);
  u8* at = storage->data();
  code->instruction_count_ = 0;
  code->instructions_ = reinterpret_cast<Instruction*>(at);
  memcpy(at, p.instructions, n * sizeof(Instruction));
  at += n * sizeof(Instruction);
  code->caches_ = reinterpret_cast<Field<Value>*>(at);
  code->caches_offset_ = reinterpret_cast<char*>(code->caches_) - reinterpret_cast<char*>(code->instructions_);
  memset(at, 0, n * sizeof(Field<Value>));
  at += n * sizeof(Field<Value>);
  code->positions_ = reinterpret_cast<Position*>(at);
  memcpy(at, p.positions, n * sizeof(Position));
  if (!keep_debug_ranges) {
    auto* positions = reinterpret_cast<Position*>(at);
    for (usize i = 0; i < n; ++i) positions[i].end_line = positions[i].column = positions[i].end_column = -1;
  }
  at += n * sizeof(Position);
  code->exception_table_ = reinterpret_cast<ExceptionTableEntry*>(at);
  if (p.exception_count) memcpy(at, p.exception_table, p.exception_count * sizeof(ExceptionTableEntry));
  at += p.exception_count * sizeof(ExceptionTableEntry);
  code->live_top_ = reinterpret_cast<u16*>(at);
  memcpy(at, p.live_top, n * sizeof(u16));
  at += n * sizeof(u16);
  code->cache_misses_ = at;
  memset(at, 0, n);
  code->exception_count_ = p.exception_count;
  code->register_count_ = p.register_count;
  code->flags_ = p.flags;
  code->argcount_ = p.argcount;
  code->posonly_argcount_ = p.posonly_argcount;
  code->kwonly_argcount_ = p.kwonly_argcount;
  bool is_simple = !(p.flags & (kCodeVarArgs | kCodeVarKeywords)) && p.kwonly_argcount == 0;
  code->simple_argcount_ = is_simple ? p.argcount : ~u32{0};
  code->first_line_ = p.first_line;
  code->hotness_ = 0;
  code->instruction_count_ = p.instruction_count;
  code->storage_.set(code, storage);
  code->name_.set(code, p.name);
  code->qualname_.set(code, p.qualname);
  code->filename_.set(code, p.filename);
  code->consts_.set(code, p.consts);
  code->names_.set(code, p.names);
  code->varnames_.set(code, p.varnames);
  code->cellvars_.set(code, p.cellvars);
  code->freevars_.set(code, p.freevars);
  code->local_count_ = static_cast<u32>(p.varnames->length());
  u32 extra_cells = 0;
  for (Index i = 0; i < p.cellvars->length(); ++i) {
    bool is_local = false;
    for (Index k = 0; k < p.varnames->length() && !is_local; ++k)
      is_local = str_equal(p.varnames->at(k).as<Str>(), p.cellvars->at(i).as<Str>());
    extra_cells += !is_local;
  }
  code->frame_local_count_ = code->local_count_ + extra_cells + static_cast<u32>(p.freevars->length());
  Guard guard(code_list_mutex);
  code->previous_code_ = nullptr;
  code->next_code_ = first_code;
  if (first_code) first_code->previous_code_ = code;
  first_code = code;
  return code;
}

}  // namespace baton
