// Inline caches: one Field<Value> an instruction, in Code::caches().
//
//     absent           empty
//     small int        an instance attribute: shape number (32 bits) and byte offset of its slot in the object (24 bits)
//     CacheRecord      an attribute found on the class (guard: shape and type version), or a global (guard: table identities)
//
// A cache is replaced by one atomic store. Shape numbers are weak: caches of dead shapes are cleared in the collector's weak
// phase. The small-int form depends on no data descriptor of that name being on the class: adding one clears all caches.
#pragma once
#include "objects/code.h"
#include "objects/dict.h"
#include "objects/object.h"

namespace baton {

class CacheRecord final : public Cell {
 public:
  static constexpr u16 kKind = kKindCacheRecord;
  void visit_edges(EdgeVisitor& visit) const { visit(value_, table_, second_table_); }

  Field<Value> value_;        // attribute: what the class has. globals: unused
  Field<Cell> table_;         // globals: the DictTable that holds the name (or, for a builtin, the globals table without it)
  Field<Cell> second_table_;  // builtin: the builtins' table
  u32 shape_, type_version_;  // attribute guards
  u32 entry_, entry_count_;   // globals: entry index; builtin: number of entries of the globals table that were searched
};

inline Value attribute_cache(u32 shape, u32 offset) { return Value::of_small_int(static_cast<i64>((u64{shape} << 24) | offset)); }
inline u32 cached_shape(Value cache) { return static_cast<u32>(static_cast<u64>(cache.small_int()) >> 24); }
inline u32 cached_offset(Value cache) { return static_cast<u32>(cache.small_int()) & 0xFFFFFF; }
inline Field<Value>& slot_at(Cell* cell, u32 offset) {
  return *reinterpret_cast<Field<Value>*>(reinterpret_cast<char*>(cell) + offset);
}

inline constexpr u8 kMaxCacheMisses = 16;

}  // namespace baton
