// Interned strings that C++ code needs: names.dunder_getitem and so on.
#pragma once
#include "objects/type.h"

namespace baton {

struct Names {
#define NAME(id, text) Str* id;
#include "objects/names.def"
#undef NAME
  Str* slots[kSlotCount];
#define SLOT(id, text) Str* dunder_##id;
#include "objects/slots.def"
#undef SLOT
};
extern Names names;

}  // namespace baton
