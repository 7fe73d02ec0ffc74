// What the reading and the writing half of buffered objects share.
#pragma once
#include "modules/io_internal.h"

namespace baton {

// Holds a buffered object's lock. Taking it again on the same thread (a raw stream, signal handler or finaliser that calls back)
// is a RuntimeError; waiting for another thread lets go of the GIL.
class BufferedLock {
 public:
  BufferedLock(Thread& thread, Buffered* self) : thread_(thread), self_(self) {}
  ~BufferedLock() { leave(); }
  BufferedLock(const BufferedLock&) = delete;
  BufferedLock& operator=(const BufferedLock&) = delete;
  Result<void> enter();
  void leave() {
    if (!held_) return;
    held_ = false;
    self_->lock_.leave();
  }

 private:
  Thread& thread_;
  Buffered* self_;
  bool held_ = false;
};
#define BUFFERED_LOCK(thread, self) \
  BufferedLock lock(thread, self);  \
  TRY(lock.enter())

// After check_open(): another thread may have closed the file while we waited for the lock.
#define BUFFERED_LOCK_OPEN(thread, self, message) \
  BUFFERED_LOCK(thread, self);                    \
  if (!(self)->buffer_.get()) return raise_value_error(thread, message)

// Whether what is done to the buffer without blocking or calling Python needs no lock.
inline bool buffer_is_ours() { return !objects_are_locked(); }
Result<void> check_initialized(Thread& thread, Buffered* self);
Result<void> check_open(Thread& thread, Buffered* self, const char* message);
Result<i64> raw_tell(Thread& thread, Buffered* self);      // asks the raw stream
Result<i64> raw_position(Thread& thread, Buffered* self);  // the known position, or asks
Result<i64> raw_seek(Thread& thread, Buffered* self, i64 target, int whence);
// start, n: inside memory that `owner` (our buffer or the caller's object) exports at offset start.
Result<i64> raw_read(Thread& thread, Buffered* self, Value owner, u8* data, usize start, usize n);
Result<i64> raw_write(Thread& thread, Buffered* self, Value owner, const u8* data, usize start, usize n);
Result<i64> fill_buffer(Thread& thread, Buffered* self);
Result<void> flush_unlocked(Thread& thread, Buffered* self);             // unwritten data
Result<void> flush_and_rewind_unlocked(Thread& thread, Buffered* self);  // and read-ahead

Result<Value> buffered_read(Thread& thread, Buffered* self, Value size);
Result<Value> buffered_read1_method(Thread& thread, Buffered* self, i64 n);
Result<Value> buffered_peek(Thread& thread, Buffered* self, i64 n);
Result<Value> buffered_readinto(Thread& thread, Buffered* self, WritableBuffer buffer);
Result<Value> buffered_readinto1(Thread& thread, Buffered* self, WritableBuffer buffer);
Result<Value> buffered_readline(Thread& thread, Buffered* self, Value size);
Result<Value> buffered_next(Thread& thread, Buffered* self);
Result<i64> buffered_write(Thread& thread, Buffered* self, BufferView buffer);

}  // namespace baton
