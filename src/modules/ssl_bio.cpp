// The library's view of where bytes go: BIOs over a socket and over memory that never wait; and the MemoryBIO type.
//
// A BIO is used by the thread that holds the connection's lock, usually with the GIL released. A memory stream has a mutex of its
// own, as MemoryBIO objects are read and written meanwhile.
#include <sys/socket.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>

#include "modules/ssl_internal.h"
#include "objects/raw_arguments.h"

namespace baton {

// ---------------------------------------------------------------------------------------------------------------- sockets

static SocketStream* socket_stream(BIO* bio) { return static_cast<SocketStream*>(BIO_get_data(bio)); }

static int socket_bio_finish(SocketStream* stream, BIO* bio, ssize_t n, bool reading) {
  if (n < 0) {
    stream->error = errno;
    if (errno != EAGAIN && errno != EWOULDBLOCK) return -1;
    stream->error = 0;
    if (reading)
      BIO_set_retry_read(bio);
    else
      BIO_set_retry_write(bio);
  } else if (reading && n == 0) {
    stream->eof = true;
  }
  return static_cast<int>(n);
}
static int socket_bio_read(BIO* bio, char* buffer, int size) {
  SocketStream* stream = socket_stream(bio);
  BIO_clear_retry_flags(bio);
  ssize_t n;
  do n = ::recv(stream->fd, buffer, static_cast<usize>(size), MSG_DONTWAIT);
  while (n < 0 && errno == EINTR);
  return socket_bio_finish(stream, bio, n, true);
}
static int socket_bio_write(BIO* bio, const char* data, int size) {
  SocketStream* stream = socket_stream(bio);
  BIO_clear_retry_flags(bio);
  ssize_t n;
  do n = ::send(stream->fd, data, static_cast<usize>(size), MSG_DONTWAIT | MSG_NOSIGNAL);
  while (n < 0 && errno == EINTR);
  return socket_bio_finish(stream, bio, n, false);
}
static long socket_bio_control(BIO* bio, int command, long, void*) {
  switch (command) {
    case BIO_CTRL_FLUSH:
    case BIO_CTRL_DUP: return 1;
    case BIO_CTRL_EOF: return socket_stream(bio)->eof;
    default: return 0;
  }
}
static int socket_bio_destroy(BIO* bio) {
  delete socket_stream(bio);
  return 1;
}

static BIO_METHOD* make_method(const char* name, int (*write)(BIO*, const char*, int), int (*read)(BIO*, char*, int),
                               long (*control)(BIO*, int, long, void*), int (*destroy)(BIO*)) {
  BIO_METHOD* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, name);
  BIO_meth_set_write(method, write);
  BIO_meth_set_read(method, read);
  BIO_meth_set_ctrl(method, control);
  BIO_meth_set_destroy(method, destroy);
  return method;
}

BIO* make_socket_bio(SocketStream** stream) {
  static BIO_METHOD* method =
      make_method("baton socket", socket_bio_write, socket_bio_read, socket_bio_control, socket_bio_destroy);
  BIO* bio = BIO_new(method);
  if (!bio) return nullptr;
  *stream = new SocketStream;
  BIO_set_data(bio, *stream);
  BIO_set_init(bio, 1);
  return bio;
}

// ---------------------------------------------------------------------------------------------------------------- memory

MemoryStream* memory_stream(BIO* bio) { return static_cast<MemoryStream*>(BIO_get_data(bio)); }

static usize take_bytes(MemoryStream& stream, void* out, usize n) {
  Guard guard(stream.mutex);
  if (n > stream.size) n = stream.size;
  if (n) memcpy(out, stream.data + stream.start, n);
  stream.start += n;
  stream.size -= n;
  if (!stream.size) stream.start = 0;
  return n;
}
static bool put_bytes(MemoryStream& stream, const void* data, usize n) {
  Guard guard(stream.mutex);
  if (stream.start + stream.size + n > stream.capacity) {
    // Moved to the front of a new block: at most half of it is in use then.
    usize capacity = 2 * (stream.size + n) + 64;
    u8* block = static_cast<u8*>(malloc(capacity));
    if (!block) return false;
    if (stream.size) memcpy(block, stream.data + stream.start, stream.size);
    free(stream.data);
    stream.data = block;
    stream.start = 0;
    stream.capacity = capacity;
  }
  memcpy(stream.data + stream.start + stream.size, data, n);
  stream.size += n;
  return true;
}

static int memory_bio_read(BIO* bio, char* buffer, int size) {
  MemoryStream* stream = memory_stream(bio);
  BIO_clear_retry_flags(bio);
  usize n = take_bytes(*stream, buffer, static_cast<usize>(size));
  if (n) return static_cast<int>(n);
  if (stream->eof_written) return 0;
  BIO_set_retry_read(bio);
  return -1;
}
static int memory_bio_write(BIO* bio, const char* data, int size) {
  BIO_clear_retry_flags(bio);
  return put_bytes(*memory_stream(bio), data, static_cast<usize>(size)) ? size : -1;
}
static long memory_bio_control(BIO* bio, int command, long, void*) {
  MemoryStream* stream = memory_stream(bio);
  switch (command) {
    case BIO_CTRL_FLUSH:
    case BIO_CTRL_DUP: return 1;
    case BIO_CTRL_PENDING: {
      Guard guard(stream->mutex);
      return static_cast<long>(stream->size);
    }
    case BIO_CTRL_EOF: {
      Guard guard(stream->mutex);
      return stream->size == 0 && stream->eof_written;
    }
    default: return 0;
  }
}
static int memory_bio_destroy(BIO* bio) {
  MemoryStream* stream = memory_stream(bio);
  if (stream) free(stream->data);
  delete stream;
  return 1;
}
BIO* make_memory_bio() {
  static BIO_METHOD* method =
      make_method("baton memory", memory_bio_write, memory_bio_read, memory_bio_control, memory_bio_destroy);
  BIO* bio = BIO_new(method);
  if (!bio) return nullptr;
  BIO_set_data(bio, new MemoryStream);
  BIO_set_init(bio, 1);
  return bio;
}

// ---------------------------------------------------------------------------------------------------------------- MemoryBIO

static Result<Value> memory_bio_new(Thread& t, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  Type* type = TRY(check_new_type(t, args, n, memory_bio_def.type));
  if (kwnames && kwnames->length()) return raise_type_error(t, "MemoryBIO() takes no keyword arguments");
  if (n > 1) return raise_type_error(t, "MemoryBIO() takes no positional arguments");
  BIO* bio = make_memory_bio();
  if (!bio) return raise_memory_error(t);
  Result<MemoryBio*> made = make_of<MemoryBio>(t, type, bio);
  if (made.is_failed()) BIO_free(bio);
  return made;
}
static Result<Bytes*> memory_bio_read_method(Thread& t, MemoryBio* self, int size) {
  MemoryStream& stream = *memory_stream(self->bio_);
  usize n;
  {
    Guard guard(stream.mutex);
    n = stream.size;
  }
  if (size >= 0 && static_cast<usize>(size) < n) n = static_cast<usize>(size);
  Bytes* result = TRY(bytes_allocate(t, n));
  usize got = take_bytes(stream, bytes_mutable_data(result), n);
  return got == n ? result : bytes_from(t, result->data(), got);  // another reader was quicker
}
static Result<i64> memory_bio_write_method(Thread& t, MemoryBio* self, BufferView data) {
  if (data.size > INT_MAX) return raise_overflow_error(t, "string longer than {} bytes", INT_MAX);
  MemoryStream& stream = *memory_stream(self->bio_);
  if (stream.eof_written) return raise_ssl_text(t, "cannot write() after write_eof()");
  if (!put_bytes(stream, data.data, data.size)) return raise_memory_error(t);
  return static_cast<i64>(data.size);
}
static Result<void> memory_bio_write_eof(Thread&, MemoryBio* self) {
  MemoryStream& stream = *memory_stream(self->bio_);
  Guard guard(stream.mutex);
  stream.eof_written = true;
  return ok;
}
static Result<Value> memory_bio_pending(Thread&, Value self) {
  return Value::of_small_int(BIO_ctrl(self.as<MemoryBio>()->bio_, BIO_CTRL_PENDING, 0, nullptr));
}
static Result<Value> memory_bio_eof(Thread&, Value self) {
  return Value::of_bool(BIO_ctrl(self.as<MemoryBio>()->bio_, BIO_CTRL_EOF, 0, nullptr));
}
static constinit NativeDef memory_bio_methods[] = {
    native_raw(memory_bio_new, "__new__(type, /)", "Make an instance; the class's own help describes the arguments."),
    native<memory_bio_read_method>(
        "read($self, size=-1, /)",
        "Take up to size bytes out, all without a size.\n\nAn empty result means that there is nothing "
        "now or that the end has come: see eof."),
    native<memory_bio_write_method>("write($self, b, /)", "Put the bytes b in.\n\nReturns the number of bytes written."),
    native<memory_bio_write_eof>("write_eof($self, /)", "Mark the end of the data.\n\nWhen all has been read, eof will be True."),
};
static constinit GetSetDef memory_bio_getsets[] = {
    {"pending", memory_bio_pending, nullptr, "The number of bytes pending in the memory BIO."},
    {"eof", memory_bio_eof, nullptr, "Whether the memory BIO is at EOF."},
};
constinit TypeDef memory_bio_def = {
    .name = "_ssl.MemoryBIO",
    .dynamic_kind = &DynamicKind<MemoryBio>::value,
    .payload_size = sizeof(MemoryBio),
    .methods = memory_bio_methods,
    .method_count = count_of(memory_bio_methods),
    .getsets = memory_bio_getsets,
    .getset_count = 2,
    .kind_info = kind_info_of<MemoryBio>("MemoryBIO"),
};

}  // namespace baton
