// Containers of native modules that make a list of their items in one step, and iterators that append theirs to one in a loop of
// their own: for list(), sorted() and list.extend().
#pragma once
#include "objects/fwd.h"
#include "objects/native.h"

namespace baton {

using WholeList = Result<List*> (*)(Thread& thread, Value container);  // a new list
// For instances of exactly this type, whose __iter__ gives the same items.
void register_whole_list(Type* type, WholeList make);
WholeList whole_list_of(const Type* type);  // null: none

// Appends what is left of an iterator, item by item as its steps would. false: nothing was done.
using ListFiller = Result<bool> (*)(Thread& thread, List* into, Value iterator);
Result<void> list_append_times(Thread& thread, List* self, Value v, Index n);  // the same value, n times
void register_list_filler(Type* type, ListFiller fill);                        // for instances of exactly this type
ListFiller list_filler_of(const Type* type);                                   // null: none
Result<bool> map_fill_list(Thread& thread, List* into, Value iterator);
Result<bool> filter_fill_list(Thread& thread, List* into, Value iterator);

}  // namespace baton
