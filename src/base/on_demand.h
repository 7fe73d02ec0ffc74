// Shared libraries that are loaded when a module that needs them is first imported, not at start-up.
//
// Linking with libcrypto alone would cost every start 2 ms of relocations. A file of BATON_IMPORT rows, one for each function
// that is used, defines the functions' names as jumps through slots; load() opens the library and fills the slots. Calls are
// written, and checked against the library's headers, as usual. A name used without a row is a link error; a row that the library
// hasn't got makes load() fail with that name. Data symbols can't be imported like this: look them up with symbol().
#pragma once
#include "base/types.h"

namespace baton {

struct OnDemandImport {
  const char* name;
  void** slot;
};

class OnDemandLibrary {
 public:
  constexpr OnDemandLibrary(const char* soname, const OnDemandImport* imports, usize count)
      : soname_(soname), imports_(imports), count_(count) {}
  // Null on success, else what went wrong (the loader's text). Any thread, any number of times.
  const char* load();
  // Whether the process has the library already: by load(), or because somebody else opened it.
  bool is_present() const;
  // The file that it was loaded from, valid for good; null before load(), or if the loader doesn't know.
  const char* path() const;
  // The address of another symbol of the loaded library, or null.
  void* symbol(const char* name) const;

 private:
  const char* soname_;
  const OnDemandImport* imports_;
  usize count_;
  void* handle_ = nullptr;
  bool ready_ = false;
};

}  // namespace baton

extern "C" void baton_on_demand_not_loaded();  // where calls before load() end: stops the process

#if defined(__x86_64__)
#define BATON_ON_DEMAND_JUMP(name) "jmp *baton_slot_" name "(%rip)\n"
#elif defined(__aarch64__)
#define BATON_ON_DEMAND_JUMP(name) "adrp x16, baton_slot_" name "\n ldr x16, [x16, :lo12:baton_slot_" name "]\n br x16\n"
#else
#error "write the jump of this processor"
#endif
// Hidden, so that the library's own calls never end here.
#define BATON_ON_DEMAND_DEFINE(id)                                                                                     \
  asm(".pushsection .text.on_demand,\"ax\",%progbits\n.globl " #id "\n.hidden " #id "\n.type " #id ", %function\n" #id \
      ":\n" BATON_ON_DEMAND_JUMP(#id) ".size " #id ", .-" #id                                                          \
                                      "\n.popsection\n.pushsection .data.on_demand,\"aw\",%progbits\n.balign 8\n"      \
                                      ".globl baton_slot_" #id "\n.hidden baton_slot_" #id "\nbaton_slot_" #id         \
                                      ":\n.quad baton_on_demand_not_loaded\n.popsection\n");                           \
  extern "C" void* baton_slot_##id;
