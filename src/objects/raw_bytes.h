// RawBytes that grow where they lie, or become the contents of a bytes object.
#pragma once
#include "objects/bytes.h"

namespace baton {

// True: `bytes` has room for n bytes now, its contents where they were. False: nothing has changed; the owner makes new storage
// and copies. Big storage only, and only if the memory behind it is free. Under the owner's lock; never collects.
bool raw_bytes_grow(Thread& thread, RawBytes* bytes, usize n);

// True: `bytes` has room for n bytes from now on, no more, and what was behind them serves the next allocation. Big storage only,
// that nobody else refers to; under the owner's lock.
bool raw_bytes_shrink(RawBytes* bytes, usize n);

// A bytes object whose contents are the first n bytes of `storage`, which has room for one more and isn't written to any more.
Result<Bytes*> bytes_over(Thread& thread, RawBytes* storage, usize n);

// A bytes object over n bytes of what `owner`, a RawBytes or an exact bytes object, keeps alive. A zero byte is behind them.
Result<Bytes*> bytes_within(Thread& thread, Cell* owner, const u8* data, Index n);

// From this length on copies share storage instead, if that is at most twice as long as what they need of it; and only if they
// reach to the end of the contents, for bytes objects end with a zero byte.
constexpr Index kSharedLength = Index{32} << 10;

// From this size on memory that is about to be filled is asked for by one call (heap_will_be_filled).
constexpr usize kFilledAtOnce = usize{64} << 10;

// For TypeDef::finish: objects of the type refer to big buffers for a short time, and stay young with them
// (heap/young_buffers.h).
Result<void> finish_buffer_owner(Thread& thread, Type* type);

}  // namespace baton
