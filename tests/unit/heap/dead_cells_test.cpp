// DeadCells: what a collection frees of the cells that were noted before it.
#include "heap/dead_cells.h"

#include "heap/heap_internal.h"
#include "toy.h"

using namespace baton;
using namespace baton::test;

namespace {

DeadCells dead;
Value kept_value;
constexpr usize kLost = 100;
u64 hidden[kLost + 3];  // addresses, inverted so that no scan finds them
usize wrong = 0, listed = 0;

Cell* shown(usize i) { return reinterpret_cast<Cell*>(~hidden[i]); }

void look(Generation) {
  dead.find();
  for (usize i = 0; i <= kLost; ++i) wrong += (dead.number_of(shown(i)) >= 0) == is_marked(shown(i));
  wrong += dead.number_of(shown(kLost + 1)) >= 0;  // made after the note
  wrong += dead.number_of(kept_value.cell()) >= 0;
  dead.for_each([](Cell* cell) {
    wrong += dead.number_of(cell) != static_cast<i64>(listed++);
    wrong += cell_containing(reinterpret_cast<u64>(cell)) != cell;  // not in the slack at a block's end
  });
}

}  // namespace

HEAP_TEST(heap_dead_cells_are_the_noted_ones_that_were_not_reached) {
  Mutator mutator;
  HeapHooks hooks;
  hooks.scan_globals = [](EdgeVisitor& visit) { visit.visit(kept_value); };
  hooks.clear_dead_caches = look;
  heap_init({}, hooks);
  register_toys();
  mutator.attach("test");
  for (Generation generation : {Generation::Full, Generation::Minor, Generation::Full}) {
    apart([&] {
      kept_value = make_node(mutator, 1);
      for (usize i = 0; i < 3 * kBlockBytes / 48; ++i) make_bytes(mutator, 48 - sizeof(Bytes));
      for (usize i = 0; i < kLost; ++i) hidden[i] = ~reinterpret_cast<u64>(make_node(mutator, i));
      hidden[kLost] = ~reinterpret_cast<u64>(make_bytes(mutator, 100'000));
      {
        StopTheWorld stop(mutator);
        dead.note();
      }
      hidden[kLost + 1] = ~reinterpret_cast<u64>(make_node(mutator, 2));
    });
    listed = 0;
    collect(mutator, generation);
    EXPECT(wrong == 0);
    EXPECT(listed == dead.count() && listed > kLost / 2);
  }
  dead.release();
  EXPECT(dead.count() == 0 && dead.number_of(kept_value.cell()) < 0);
  mutator.detach();
}
