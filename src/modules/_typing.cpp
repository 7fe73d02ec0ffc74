// _typing: typing.NewType's helper.
#include "objects/module.h"

namespace baton {

static Result<Value> typing_idfunc(Thread&, Value x) { return x; }
static constinit NativeDef typing_functions[] = {native<typing_idfunc>("_idfunc($module, x, /)", nullptr)};
ModuleDef typing_module = {
    .name = "_typing", .doc = "Accelerators for the typing module.\n", .functions = typing_functions, .function_count = 1};

}  // namespace baton
