// Exception classes of native modules.
#include "objects/new_exception.h"

#include "objects/tuple.h"

namespace baton {

Result<Type*> make_exception_type(Thread& thread, std::string_view qualified_name, Type* base, const char* doc) {
  usize dot = qualified_name.rfind('.');
  Dict* dict = TRY(make_dict(thread));
  TRY(dict_set_str(thread, dict, names.dunder_module, Value(intern(thread, qualified_name.substr(0, dot)))));
  if (doc) TRY(dict_set_str(thread, dict, names.dunder_doc, Value(TRY(str_from_utf8(thread, doc)))));
  Tuple* bases = TRY(tuple_of(thread, Value(base)));
  return make_heap_type(thread, types.type, intern(thread, qualified_name.substr(dot + 1)), bases, dict, nullptr, nullptr);
}

}  // namespace baton
