// A fault costs 1.2 us and more on a virtual machine, a page among others in one call 0.3. Sizes are what `-c pass` touches, so
// that hardly a page is had in vain.
#include "base/first_pages.h"

#include <sys/mman.h>

#include <cstdlib>

#include "base/pages.h"

extern char __data_start[], _edata[];  // by the linker: the initialised variables, which the tables of native functions fill

namespace baton {
namespace {

constexpr usize kMallocBytes = usize{224} << 10;
constexpr usize kStackBytes = usize{60} << 10;

// The C library learns by what is freed which blocks come and go: up to then it asks the kernel for each above 128 KiB, and gives
// what is free at the end of its memory back as soon as that is more. zlib takes 268 KiB for each compress(), which cost 66 page
// faults. Nothing happens if the environment says how memory is to be had (MALLOC_TRIM_THRESHOLD_).
void teach_malloc() {
  void* volatile block = malloc(usize{1} << 20);
  free(block);
}

}  // namespace

void prepare_first_pages() {
  pages_populate(__data_start, static_cast<usize>(_edata - __data_start));
  char here;
  pages_populate(&here - kStackBytes, kStackBytes);
  teach_malloc();
  if (void* block = malloc(kMallocBytes)) {  // what comes next is cut from it
    pages_populate(block, kMallocBytes);
    free(block);
  }
}

}  // namespace baton
