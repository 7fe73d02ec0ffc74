// Containers of native modules that make a list of their items in one step: for list(), sorted() and list.extend().
#pragma once
#include "objects/fwd.h"
#include "objects/native.h"

namespace baton {

using WholeList = Result<List*> (*)(Thread& thread, Value container);  // a new list
// For instances of exactly this type, whose __iter__ gives the same items.
void register_whole_list(Type* type, WholeList make);
WholeList whole_list_of(const Type* type);  // null: none

}  // namespace baton
