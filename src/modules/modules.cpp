// The table of native modules, from modules.def.
#include "modules/modules.h"

#include <algorithm>
#include <string_view>

#include "objects/tuple.h"

namespace baton {

#define MODULE(name, def) extern ModuleDef def;
#include "modules/modules.def"
#undef MODULE

struct NativeModule {
  std::string_view name;
  ModuleDef* def;
};
static const NativeModule kModules[] = {
#define MODULE(name, def) {#name, &def},
#include "modules/modules.def"
#undef MODULE
};

ModuleDef* find_builtin_module(std::string_view name) {
  for (const NativeModule& m : kModules)
    if (m.name == name) return m.def;
  return nullptr;
}

Result<Tuple*> builtin_module_names(Thread& thread) {
  constexpr usize kCount = sizeof(kModules) / sizeof(*kModules);
  std::string_view sorted[kCount];
  for (usize i = 0; i < kCount; ++i) sorted[i] = kModules[i].name;
  std::sort(sorted, sorted + kCount);
  Tuple* result = TRY(make_tuple(thread, nullptr, kCount));
  for (usize i = 0; i < kCount; ++i) result->set_at(static_cast<Index>(i), Value(intern(thread, sorted[i])));
  return result;
}

}  // namespace baton
