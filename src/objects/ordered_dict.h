// collections.OrderedDict, for the modules that make or export it.
#pragma once
#include "objects/dict.h"

namespace baton {

extern TypeDef ordered_dict_def;
Result<Dict*> make_ordered_dict(Thread& thread);
Result<Dict*> ordered_dict_copy(Thread& thread, Dict* self);  // an OrderedDict with the items that a dict has at one moment

}  // namespace baton
