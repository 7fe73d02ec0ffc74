// The list of code objects: chunks of places that don't move, so that it is read while other threads add to it.
#include "objects/code_list.h"

#include <new>

#include "heap/heap.h"
#include "objects/code.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "threads/mutex.h"

namespace baton {

namespace {

struct Chunk {
  static constexpr u32 kPlaces = 1024;
  Chunk *previous, *next;
  u32 used;
  ListedCode places[kPlaces];
};

Mutex list_mutex;  // over adding; taking out needs none, as a place has one owner
Chunk* first = nullptr;
Chunk* filling = nullptr;  // the last one with code in it; those behind it are spare

// The filter's last two bits: it was made; names of this code aren't all interned.
constexpr u64 kMade = u64{1} << 62, kForeign = u64{1} << 63;

struct NameBit {
  u32 word;
  u64 bit;
};
NameBit bit_of(Str* name) {
  u32 place = static_cast<u32>(str_hash(name) % 126);
  return {place / 64, u64{1} << place % 64};
}

void make_filter(ListedCode& place, Tuple* names) {
  place.names[0] = 0;
  place.names[1] = kMade;
  for (Index i = 0; i < names->length(); ++i) {
    auto* name = names->at(i).as<Str>();
    NameBit at = bit_of(name);
    place.names[at.word] |= at.bit;
    if (!name->is_interned()) place.names[1] |= kForeign;
  }
}

// at: the name's bit.
bool is_named_in(ListedCode& place, Str* name, NameBit at) {
  Code* code = place.code;
  if (!(place.names[1] & kMade)) make_filter(place, code->names_.get());
  if (!(place.names[at.word] & at.bit)) return false;
  Tuple* names = code->names_.get();
  bool by_text = !name->is_interned() || (place.names[1] & kForeign);
  for (Index i = 0; i < names->length(); ++i) {
    auto* one = names->at(i).as<Str>();
    if (one == name || (by_text && str_equal(one, name))) return true;
  }
  return false;
}

template <class F>
void for_each_place(F fn) {
  for (Chunk* chunk = __atomic_load_n(&filling, __ATOMIC_ACQUIRE); chunk; chunk = chunk->previous)
    for (u32 i = __atomic_load_n(&chunk->used, __ATOMIC_ACQUIRE); i-- > 0;)
      if (__atomic_load_n(&chunk->places[i].code, __ATOMIC_RELAXED)) fn(chunk->places[i]);
}

}  // namespace

void list_code(Code* code) {
  Guard guard(list_mutex);
  if (!filling || filling->used == Chunk::kPlaces) {
    Chunk* next = filling ? filling->next : first;
    if (!next) {
      next = new (std::nothrow) Chunk;
      BATON_CHECK(next, "there is memory for the list of code objects");
      next->next = nullptr;
      next->previous = filling;
      if (filling)
        filling->next = next;
      else
        first = next;
    }
    next->used = 0;
    __atomic_store_n(&filling, next, __ATOMIC_RELEASE);
  }
  ListedCode* place = &filling->places[filling->used];
  *place = {code, {0, 0}};
  code->listed_ = place;
  __atomic_store_n(&filling->used, filling->used + 1, __ATOMIC_RELEASE);
}

void unlist_code(Code* code) {
  __atomic_store_n(&code->listed_->code, nullptr, __ATOMIC_RELAXED);
  code->listed_ = nullptr;
}

void drop_dead_code() {
  Chunk* to = first;
  u32 count = 0;
  for (Chunk* chunk = first; chunk; chunk = chunk->next) {
    u32 used = chunk->used;
    for (u32 i = 0; i < used; ++i) {
      ListedCode place = chunk->places[i];
      if (!place.code) continue;
      if (!heap_is_live_after_mark(place.code)) {
        if (place.code->compiled_) discard_compiled_code(place.code);
        continue;
      }
      if (count == Chunk::kPlaces) {
        to->used = count;
        to = to->next;
        count = 0;
      }
      ListedCode* where = &to->places[count++];
      if (where == place.code->listed_) continue;
      *where = place;
      place.code->listed_ = where;
    }
    if (chunk == filling) break;
  }
  if (!to) return;
  to->used = count;
  filling = to;
}

void for_each_code(void (*fn)(Code* code)) {
  for_each_place([fn](ListedCode& place) { fn(place.code); });
}

void for_each_code_that_names(Str* name, void (*fn)(Code* code)) {
  NameBit bit = bit_of(name);
  for_each_place([=](ListedCode& place) {
    if (is_named_in(place, name, bit)) fn(place.code);
  });
}

}  // namespace baton
