// Exception groups: splitting, and what `except*` needs.
#pragma once
#include "objects/exception.h"

namespace baton {

bool is_exception_group(Value v);
Tuple* exception_group_members(Exception* group);
Result<Exception*> make_exception_group(Thread& thread, Str* message,
                                        Value exceptions);  // BaseExceptionGroup(message, exceptions)
// Splits an exception by a condition (exception type or tuple of types): the parts that match and the rest, None for none.
// A group that matches as a whole is kept whole.
Result<void> exception_group_split(Thread& thread, Value exception, Value types, Value* match, Value* rest);
// `except* types`: as above, a matching exception that is no group is wrapped in one.
Result<void> except_star_match(Thread& thread, Value exception_or_none, Value types, Value* match, Value* rest);
// The end of a try with except* clauses: what is to be raised, or None. results: a List of exceptions (or None) raised by the
// clauses and of the unhandled rest.
Result<Value> prepare_reraise_star(Thread& thread, Value original, List* results);

}  // namespace baton
