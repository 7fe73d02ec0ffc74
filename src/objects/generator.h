// The kinds of generator as parameter types of native rows, and what generators, coroutines and async generators share.
#pragma once
#include "objects/frame.h"
#include "objects/object.h"

namespace baton {

// Coroutine and AsyncGenerator cells have Generator's layout under kinds of their own; these types only carry the kind.
struct Coroutine {
  static constexpr u16 kKind = kKindCoroutine;
};
struct AsyncGenerator {
  static constexpr u16 kKind = kKindAsyncGenerator;
};
inline Generator* generator_of(Generator* g) { return g; }
inline Generator* generator_of(Coroutine* g) { return reinterpret_cast<Generator*>(g); }
inline Generator* generator_of(AsyncGenerator* g) { return reinterpret_cast<Generator*>(g); }
inline bool generator_is_finished(const Generator* g) {
  return __atomic_load_n(&g->state_, __ATOMIC_ACQUIRE) == static_cast<u8>(GeneratorState::Finished);
}

// send() and throw(): kExhausted with the thread's stop value when it returned.
Result<Value> generator_send(Thread& thread, Generator* g, Value v);
Result<Value> generator_throw(Thread& thread, Generator* g, Exception* exception);
Result<Value> generator_throw_with_args(Thread& thread, Generator* g, Exception* exception, Value const* args, usize n);
// throw(typ[, val[, tb]]) with args as given (self not counted).
Result<Exception*> exception_from_throw_args(Thread& thread, Value const* args, usize n);
Result<Str*> generator_repr(Thread& thread, const char* kind, Generator* g);
void generator_finalize(Thread& thread, Generator* g);
Result<Value> generator_frame(Thread& thread, Generator* g);

// Getters and setters on any of the three kinds.
Result<Value> get_generator_name(Thread& thread, Value self);
Result<void> set_generator_name(Thread& thread, Value self, Value v);
Result<Value> get_generator_qualname(Thread& thread, Value self);
Result<void> set_generator_qualname(Thread& thread, Value self, Value v);
Result<Value> get_generator_delegate(Thread& thread, Value self);
Result<Value> get_generator_frame(Thread& thread, Value self);
Result<Value> get_generator_running(Thread& thread, Value self);
Result<Value> get_generator_suspended(Thread& thread, Value self);
Result<Value> get_generator_code(Thread& thread, Value self);
Result<Str*> format_address(Thread& thread, Value v);  // frame.cpp

}  // namespace baton
