// collections.OrderedDict, for the modules that make or export it.
#pragma once
#include "objects/dict.h"

namespace baton {

extern TypeDef ordered_dict_def;
Result<Dict*> make_ordered_dict(Thread& thread);

}  // namespace baton
