// Async generators: how their yielded values travel, and anext() with a default.
#pragma once
#include "objects/frame.h"
#include "objects/object.h"
#include "threads/relaxed.h"

namespace baton {

enum class AwaitState : u8 { Init, Iterating, Closed };

// What __anext__() and asend() answer: awaited, it resumes the generator and ends with the next value that this one yields.
class AsyncSend final : public Cell {
 public:
  void init(Generator* generator, Value value) {
    generator_.init(Value(generator));
    value_.init(value);
    state_ = AwaitState::Init;
  }
  Generator* generator() const { return generator_.get().as<Generator>(); }
  void visit_edges(EdgeVisitor& visit) const { visit(generator_, value_); }

  Field<Value> generator_, value_;
  Relaxed<AwaitState> state_;
};

// What an event loop's hook (sys.set_asyncgen_hooks) does as a generator begins, natively. True: that is done. False: the hook
// isn't one that it knows and has to be called. Installed by _asyncio.
extern Result<bool> (*register_async_generator)(Thread& thread, Value hook, Generator* generator);
// The generator, for which the former answered true, has ended. Raises nothing, runs no Python of the library's. Null as above.
extern void (*forget_async_generator)(Thread& thread, Generator* generator);
inline void async_generator_ends(Thread& thread, Generator* generator) {
  if (generator->hooks_inited_ && !generator->origin_.get().is_none()) [[unlikely]]
    forget_async_generator(thread, generator);
}
// generator.__anext__(): an AsyncSend of None. The event loop's hook may run at the first one.
Result<Value> async_generator_anext(Thread& thread, Generator* generator);
// The generator that an AsyncSend resumed has returned: StopAsyncIteration. Or it has raised what is pending. Answer failure and
// leave both closed for good.
Failed async_send_returned(Thread& thread, AsyncSend* send);
Failed async_send_failed(Thread& thread, AsyncSend* send);

// Marks a value that an async generator yields, as opposed to what passes through it from an await.
Result<Value> async_gen_wrap(Thread& thread, Value value);
bool is_async_wrapped(Value v);
Value async_unwrapped(Value wrapped);
// anext(aiterator, default): awaitable is what __anext__ answered.
Result<Value> make_anext_awaitable(Thread& thread, Value awaitable, Value default_value);
// The iterator behind an awaitable (a coroutine itself, or what __await__ answers), as `await` looks it up.
Result<Value> awaitable_iterator(Thread& thread, Value awaitable);

}  // namespace baton
