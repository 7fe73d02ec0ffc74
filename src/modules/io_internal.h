// What the files of the _io module share: the cells of its classes, the lock of buffered objects, the registry of open writers.
//
// Attributes of Python subclasses and things like `name` live in each cell's tail, which stands last. Closing is idempotent and
// remembered per class: FileIO by fd_ < 0, the bases by the attribute __IOBase_closed.
#pragma once
#include "modules/io_writers.h"
#include "modules/os_support.h"
#include "objects/object.h"
#include "objects/str.h"
#include "threads/mutex.h"
#include "threads/relaxed.h"

namespace baton {

inline constexpr i64 kDefaultBufferSize = 8192;
inline constexpr i64 kWouldBlock = -2;  // answer of raw reads and writes on a descriptor that isn't ready

extern ModuleDef io_module;
extern TypeDef io_base_def, raw_io_base_def, buffered_io_base_def, text_io_base_def, file_io_def, buffered_reader_def,
    buffered_writer_def, buffered_random_def, buffered_pair_def, bytes_io_def, bytes_io_buffer_def, string_io_def,
    text_io_wrapper_def, newline_decoder_def;

// ---------------------------------------------------------------------------------------------------------------- cells

class IoBase final : public Cell {  // instances of the four abstract bases
 public:
  void init() {}
  void visit_edges(EdgeVisitor& visit) const { visit(tail_.extra_); }
  ObjectTail tail_;
};

class FileIO final : public Cell {
 public:
  void init() {
    fd_ = -1;
    created_ = readable_ = writable_ = appending_ = finalizing_ = false;
    closefd_ = true;
    seekable_ = -1;
    is_regular_ = false;
    blksize_ = kDefaultBufferSize;
    device_ = inode_ = 0;
  }
  void visit_edges(EdgeVisitor& visit) const { visit(tail_.extra_); }

  Relaxed<int> fd_;  // a file may be closed while another thread has a look
  bool created_, readable_, writable_, appending_, closefd_, finalizing_;
  bool is_regular_;
  i8 seekable_;  // -1: not known yet
  u32 blksize_;
  u64 device_, inode_;  // of regular files, to find writers of the same file
  ObjectTail tail_;
};

// How many forks lie between this process and the first one: a lock taken in an earlier process, and not by the thread that
// forked, is held by nobody.
extern u32 io_fork_epoch;

// The lock of a stream. Python code may run under it, and waiting for it is a blocking region.
class IoLock {
 public:
  void init() {
    mutex_.reinit_after_fork();
    owner_ = nullptr;
    epoch_ = 0;
  }
  bool is_mine(const Thread& thread) const { return owner_ == &thread; }
  // True: it was free, or a thread lost in a fork held it.
  bool try_take(Thread& thread);
  void take(Thread& thread);
  // Of what has been taken by other means.
  void note_taken(Thread& thread) {
    owner_ = &thread;
    epoch_ = io_fork_epoch;
  }
  void leave() {
    owner_ = nullptr;
    mutex_.unlock();
  }
  Mutex& mutex() { return mutex_; }

 private:
  bool take_from_lost_thread(Thread& thread);
  Mutex mutex_;
  Relaxed<u32> epoch_;      // io_fork_epoch when it was last taken
  Relaxed<Thread*> owner_;  // others compare it with themselves
};

// BufferedReader, BufferedWriter, BufferedRandom. The buffer holds either read-ahead [pos_, read_end_) or unwritten data
// [write_pos_, write_end_); -1 ends mean none. raw_pos_ is where the raw stream stands, as an offset into the buffer.
class Buffered final : public Cell {
 public:
  void init() {
    raw_.init(Value());
    buffer_.init(nullptr);
    ok_ = detached_ = readable_ = writable_ = direct_ = false;
    finalizing_ = false;
    abs_pos_ = -1;
    pos_ = raw_pos_ = 0;
    read_end_ = write_end_ = -1;
    write_pos_ = 0;
    buffer_size_ = 0;
    lock_.init();
    membership_.init();
    wrappers_ = 0;
    doubt_ = {};
  }
  void visit_edges(EdgeVisitor& visit) const { visit(raw_, buffer_, tail_.extra_); }
  void finalize_native();
  u8* data() const { return buffer_->data(); }
  bool has_read_data() const { return readable_ && read_end_ != -1; }
  bool has_write_data() const { return writable_ && write_end_ != -1; }
  i64 read_ahead() const { return has_read_data() ? read_end_ - pos_ : 0; }
  i64 raw_offset() const { return (has_read_data() || has_write_data()) && raw_pos_ >= 0 ? raw_pos_ - pos_ : 0; }
  void reset_read() { read_end_ = -1; }
  void reset_write() {
    write_pos_ = 0;
    write_end_ = -1;
  }

  Field<Value> raw_;
  Field<ByteArray> buffer_;  // null once closed; never resized
  Relaxed<bool> ok_, detached_, readable_, writable_;
  bool finalizing_;
  Relaxed<bool> direct_;  // raw is exactly a FileIO and we are exactly our class: no method calls needed
  i64 abs_pos_;           // position of the raw stream, -1: unknown
  // These, and the flags above that are Relaxed, are changed under the lock; open() has a look at them without it.
  Relaxed<i64> pos_, raw_pos_, read_end_, write_pos_, write_end_;
  i64 buffer_size_;
  IoLock lock_;
  IoMembership membership_;
  u8 wrappers_;  // text streams made of it: a dropped one closes it
  Doubt doubt_;
  ObjectTail tail_;
};

class BufferedPair final : public Cell {
 public:
  void init() {
    reader_.init(Value());
    writer_.init(Value());
  }
  void visit_edges(EdgeVisitor& visit) const { visit(reader_, writer_, tail_.extra_); }
  Field<Value> reader_, writer_;
  ObjectTail tail_;
};

class NewlineDecoder final : public Cell {
 public:
  void init() {
    decoder_.init(Value());
    errors_.init(Value());
    pending_cr_ = translate_ = false;
    seen_ = 0;
  }
  void visit_edges(EdgeVisitor& visit) const { visit(decoder_, errors_); }
  Field<Value> decoder_, errors_;  // decoder_ absent: not initialised; None: input is text already
  bool pending_cr_, translate_;
  u8 seen_;  // SeenNewline bits
};
enum SeenNewline : u8 { kSeenCr = 1, kSeenLf = 2, kSeenCrLf = 4 };

// ---------------------------------------------------------------------------------------------------------------- shared steps

Result<Type*> unsupported_operation_type(Thread& thread);
Failed raise_unsupported(Thread& thread, const char* message);
// Runs fn-like closing steps so that the first exception stays the context of a later one, and is what remains otherwise.
void chain_pending(Thread& thread, Exception* first);
Result<void> check_readable(Thread& thread, Value file);
Result<void> check_writable(Thread& thread, Value file);
Result<void> check_seekable(Thread& thread, Value file);
Result<void> check_closed_attribute(Thread& thread, Value file);  // ValueError if file.closed
Result<void> io_base_close(Thread& thread, Value self);           // _IOBase.close
// True when the pending exception is an OSError with errno EINTR: cleared, signal handlers ran (failed if one raised).
Result<bool> trap_interrupted(Thread& thread);
Result<i64> offset_of(Thread& thread, Value v, Type* overflow_error);  // an index that fits 64 bits
// Runs finalizers of whatever is unreachable: descriptors and unflushed buffers of dropped files.
void collect_dropped_files(Thread& thread);

// FileIO, without method calls. n bytes, kWouldBlock, or failed.
Result<i64> file_io_read(Thread& thread, FileIO* self, u8* data, usize n);
Result<i64> file_io_write(Thread& thread, FileIO* self, const u8* data, usize n);
Result<i64> file_io_seek(Thread& thread, FileIO* self, i64 offset, int whence);
Result<Value> file_io_readall(Thread& thread, FileIO* self);
Result<void> file_io_init(Thread& thread, FileIO* self, Value name, std::string_view mode, bool closefd, Value opener);

Result<void> buffered_init(Thread& thread, Buffered* self, Value raw, i64 buffer_size);
Result<void> init_reader(Thread& thread, Buffered* self, Value raw, i64 buffer_size);
Result<void> init_writer(Thread& thread, Buffered* self, Value raw, i64 buffer_size);
Result<void> init_random(Thread& thread, Buffered* self, Value raw, i64 buffer_size);
Result<bool> buffered_is_closed(Thread& thread, Buffered* self);
Result<i64> buffered_write_bytes(Thread& thread, Buffered* self, const u8* data, usize n, Value owner);
Result<void> buffered_flush_all(Thread& thread, Buffered* self);
Result<Value> buffered_read1(Thread& thread, Buffered* self, i64 n);

// Universal newlines over decoded text: translates and notes what was seen.
Result<Str*> translate_newlines(Thread& thread, Str* text, bool final, bool translate, bool* pending_cr, u8* seen);
Result<Value> newlines_value(Thread& thread, u8 seen);
Result<Str*> newline_decoder_decode(Thread& thread, NewlineDecoder* self, Value input, bool final);
// End of the first line in text[start:], after its line ending; -1: none, and *consumed (from start) is known to hold no ending.
Index find_line_end(const Str* text, Index start, bool translated, bool universal, Str* newline, Index* consumed);

// sys.stdout's encoding and friends: "locale", None -> a name.
Result<Str*> text_encoding_name(Thread& thread, Value encoding);

// ---------------------------------------------------------------------------------------------------------------- open writers

// The buffer that unwritten data goes through: the wrapper's own, if it has text for it, or itself. Null: there are none.
const Buffered* text_unwritten(Cell* wrapper);
const Buffered* buffered_unwritten(const Buffered* self);
Result<void> text_flush(Thread& thread, Cell* wrapper);
Cell* stream_written_to(Cell* stream);  // by its finaliser; for heap_note_writes_to
// Before somebody finds `buffer` open. It may be closed by a collection if it has, or had, more than one text stream.
void finish_dropped_wrappers(Thread& thread, Buffered* buffer);

}  // namespace baton
