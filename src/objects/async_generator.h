// Async generators: how their yielded values travel, and anext() with a default.
#pragma once
#include "objects/fwd.h"

namespace baton {

// Marks a value that an async generator yields, as opposed to what passes through it from an await.
Result<Value> async_gen_wrap(Thread& thread, Value value);
// anext(aiterator, default): awaitable is what __anext__ answered.
Result<Value> make_anext_awaitable(Thread& thread, Value awaitable, Value default_value);
// The iterator behind an awaitable (a coroutine itself, or what __await__ answers), as `await` looks it up.
Result<Value> awaitable_iterator(Thread& thread, Value awaitable);

}  // namespace baton
