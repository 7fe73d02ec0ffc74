// The slow paths of bytecode handlers: ordinary functions, to be shared with native code. A Value answer that is absent, a false
// bool or a negative int means: failed, exception pending.
#pragma once
#include "interp/frames.h"
#include "objects/iterators.h"

namespace baton {

class CacheRecord;

const void* traced_dispatch_table();
extern const void* untraced_dispatch_table;
inline bool is_tracing(Thread& t) { return t.trace_function_.is_present() || t.profile_function_.is_present(); }
inline const void* dispatch_table(Thread& t) { return is_tracing(t) ? traced_dispatch_table() : untraced_dispatch_table; }

template <class T>
inline Value value_or_absent(Result<T> r) {
  return r.is_failed() ? Value() : Value(r.value());
}

// scopes
void slow_unbound(Thread& t, Frame* f, u32 local);
void slow_unbound_cell(Thread& t, Frame* f, u32 reg);
Value slow_load_global(Thread& t, Frame* f, const Instruction* pc);
bool slow_store_global(Thread& t, Frame* f, const Instruction* pc, Value v);
bool slow_delete_global(Thread& t, Frame* f, u32 name);
Value slow_load_name(Thread& t, Frame* f, const Instruction* pc);
bool slow_store_name(Thread& t, Frame* f, const Instruction* pc, Value v);
bool slow_delete_name(Thread& t, Frame* f, u32 name);
Value slow_make_cell(Thread& t, Value v);
Value slow_load_class_deref(Thread& t, Frame* f, Value cell, u32 reg, u32 name);
Value slow_load_locals(Thread& t, Frame* f);
bool slow_setup_annotations(Thread& t, Frame* f);
// operators
Value slow_binary(Thread& t, BinaryOp op, Value a, Value b);
Value slow_inplace(Thread& t, BinaryOp op, Value a, Value b);
// By the method that native_operator() or native_comparison() has found.
Value slow_native_binary(Thread& t, const NativeDef* def, BinaryOp op, Value a, Value b);
Value slow_native_inplace(Thread& t, const NativeDef* def, BinaryOp op, Value a, Value b);
Value slow_native_compare(Thread& t, const NativeDef* def, CompareOp op, Value a, Value b);
int slow_native_compare_truth(Thread& t, const NativeDef* def, CompareOp op, Value a, Value b);
Value slow_unary(Thread& t, UnaryOp op, Value a);
Value slow_compare(Thread& t, CompareOp op, Value a, Value b);
int slow_compare_truth(Thread& t, CompareOp op, Value a, Value b);
int slow_truth(Thread& t, Value v);
Value slow_super(Thread& t);
void slow_bad_truth(Thread& t, Value answer);
// len(): below 0 if it has failed; and of what a __len__ has answered.
i64 slow_length(Thread& t, Value v);
i64 slow_checked_length(Thread& t, Value answer);
Value slow_finish_declined(Thread& t, const Instruction* pc, EntryKind entry, Value a, Value b);
Value slow_contains(Thread& t, Value container, Value item, bool negate);
// attributes, items
Value slow_load_attr(Thread& t, Frame* f, const Instruction* pc, Value object);
bool slow_store_attr(Thread& t, Frame* f, const Instruction* pc, Value object, Value v);
bool slow_delete_attr(Thread& t, Frame* f, const Instruction* pc, Value object);
bool slow_load_method(Thread& t, Frame* f, const Instruction* pc, Value object, Value* window);
Value slow_native_attribute(Thread& t, Value getset, Value object);
Value slow_native_get(Thread& t, Value descriptor, Value object);
Value slow_bound_method(Thread& t, Value function, Value self);
// Store by a cache. With the object locked: false if it has another shape or dict by now.
bool slow_store_slot(Thread& t, Cell* object, u32 shape, u32 offset, Value v);
bool slow_store_by_record(Thread& t, Cell* object, CacheRecord* record, Value v);
bool slow_store_hinted(Thread& t, Cell* object, Str* name, u32 entry, Value v);
Value slow_get_item(Thread& t, Value object, Value key);
bool slow_set_item(Thread& t, Value object, Value key, Value v);
bool slow_delete_item(Thread& t, Value object, Value key);
Value slow_build_slice(Thread& t, Value* window);
Value slow_get_slice(Thread& t, Value object, Value* w);  // w: start, stop, step
bool slow_set_slice(Thread& t, Value object, Value* w, Value v);
// building
Value slow_build_tuple(Thread& t, Value* window, u32 n);
Value slow_build_list(Thread& t, Value* window, u32 n);
Value slow_build_set(Thread& t, Value* window, u32 n);
Value slow_build_dict(Thread& t, Value* window, u32 n);
Value slow_build_string(Thread& t, Value* window, u32 n);
Value slow_format_value(Thread& t, Value* window, u32 flags);
bool slow_list_append(Thread& t, Value list, Value v);
bool slow_list_extend(Thread& t, Value list, Value v, u32 for_call);
Value slow_list_to_tuple(Thread& t, Value list);
Value slow_tuple_extend(Thread& t, Value tuple, Value v);
bool slow_set_add(Thread& t, Value set, Value v);
bool slow_set_update(Thread& t, Value set, Value v);
bool slow_dict_set(Thread& t, Value dict, Value key, Value v);
bool slow_dict_update(Thread& t, Value dict, Value mapping);
bool slow_dict_merge(Thread& t, Value dict, Value mapping, Value callable);
bool slow_unpack(Thread& t, Value source, u32 before, i32 after, Value* window);  // after < 0: no starred target
// calls
bool slow_poll(Thread& t, Frame* f, Value* result);
bool slow_bind(Thread& t, Function* function, const Value* args, usize n, Tuple* kwnames, Value* registers);
// A class whose construction is "allocate, then run a Python __init__": puts the instance at window[0] and window[1] and answers
// __init__. Null otherwise (or with an exception pending).
Function* slow_begin_construct(Thread& t, Type* type, usize n, Value* window);
Value slow_call(Thread& t, Value* window, usize n, Tuple* kwnames);
Function* slow_prepare_call_ex(Thread& t, Frame* f, Value* window);
bool slow_bind_ex(Thread& t, Function* function, Value* window, Value* registers);
Value slow_call_ex(Thread& t, Value* window);
Value slow_leave_frame(Thread& t, Frame* f, Value value);
void slow_bad_init(Thread& t, Value v);
Value slow_make_function(Thread& t, Frame* f, u32 code_constant, Value* parts);
Value slow_load_build_class(Thread& t, Frame* f);
// iteration, generators
Value slow_get_iter(Thread& t, Value v);
Value slow_for_iter(Thread& t, Value iterator);
Value slow_failed_step(Thread& t);  // a native's next has failed: kExhausted if that was StopIteration, else absent
// A step of an iterator of pairs (dict items, enumerate, zip of two): 1 with the pair, 0 exhausted, -1 failed.
int slow_next_pair(Thread& t, Iterator* iterator, Value* pair);
Value slow_make_generator(Thread& t, Frame* f);
Frame* slow_begin_resume(Thread& t, Frame* f, Generator* generator, EntryKind entry, Value sent);
void slow_suspend(Thread& t, Frame* f, Value yielded);
Value slow_get_yield_from_iter(Thread& t, Frame* f, Value v);
Value slow_send(Thread& t, Value iterator, Value v, Value* returned);
Value slow_get_awaitable(Thread& t, Value v, u32 where);
Value slow_get_aiter(Thread& t, Value v);
Value slow_get_anext(Thread& t, Value v);
bool slow_end_async_for(Thread& t, Value exception);
Value slow_async_gen_wrap(Thread& t, Value v);
// with, exceptions
bool slow_before_with(Thread& t, Value manager, Value* window, bool is_async);
Value slow_with_except(Thread& t, Value* window, Value exception);
Value slow_push_exc(Thread& t, Frame* f, Value exception);
void slow_pop_exc(Thread& t, Frame* f, Value previous);
Value slow_check_exc_match(Thread& t, Value exception, Value type);
bool slow_check_eg_match(Thread& t, Frame* f, Value exception, Value type, Value* window);
void slow_raise(Thread& t, Value v);
void slow_raise_from(Thread& t, Value v, Value cause);
void slow_raise_bare(Thread& t);
Value slow_prep_reraise_star(Thread& t, Value original, Value results);
const ExceptionTableEntry* slow_find_handler(Thread& t, Frame* f);
void slow_abandon_frame(Thread& t, Frame* f);
// import, match
Value slow_import_name(Thread& t, Frame* f, Value* window, u32 name);
Value slow_import_from(Thread& t, Frame* f, Value module, u32 name);
bool slow_import_star(Thread& t, Frame* f, Value module);
Value slow_match_keys(Thread& t, Value subject, Value keys);
Value slow_match_class(Thread& t, Value* window, u32 positional);
Value slow_get_len(Thread& t, Value v);
Value slow_copy_dict_without(Thread& t, Value mapping, Value keys);
bool slow_print_expr(Thread& t, Value v);
// tracing
const Instruction* slow_trace_instruction(Thread& t, Frame* f);  // where to continue; null: failed
bool slow_trace_yield(Thread& t, Frame* f, Value v);
// jump.cpp: assigned f_lineno
Result<i32> find_jump_target(Thread& t, FrameObject* frame, i64 line);
void jump_in_frame(Thread& t, Frame* f, i32 target);
bool trace_return(Thread& t, Frame* f, Value v);
// A frame that goes on because an exception, the pending one, is thrown into its generator: as any other that begins or goes on.
void trace_throw(Thread& t, Frame* f);
void trace_exception(Thread& t, Frame* f);
void trace_unwind(Thread& t, Frame* f);

// Links a generator that is not finished on top. Null: failed; the exception is to be raised in the frame that is on top then.
Result<void> record_coroutine_origin(Thread& t, Generator* g);

Value continue_generator(Thread& thread, Frame* frame, bool throwing);

}  // namespace baton
