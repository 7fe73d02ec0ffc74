// _socket: sendmsg and recvmsg: scattered buffers and ancillary data (descriptors and credentials passed along).
#include <linux/if_alg.h>
#include <sys/uio.h>
#include <unistd.h>

#include <climits>
#include <cstdlib>
#include <cstring>

#include "modules/socket_internal.h"
#include "objects/audit.h"
#include "objects/list.h"

namespace baton {

// Exports of a sequence of buffers, for the duration of a call.
class BufferVector {
 public:
  ~BufferVector() {
    for (usize i = 0; i < count_; ++i) release_buffer(views_[i]);
    free(views_);
    free(vectors_);
  }
  Result<void> fill(Thread& t, Value iterable, bool writable, const char* function) {
    if (type_of(iterable)->slot(Slot::iter).is_absent() && type_of(iterable)->slot(Slot::getitem).is_absent()) {
      return raise_type_error(t, "{}() argument 1 must be an iterable", function);
    }
    items_ = TRY(tuple_from_iterable(t, iterable));
    usize n = static_cast<usize>(items_->length());
    if (n > INT_MAX) return raise(t, exceptions.OSError, "{}() argument 1 is too long", function);
    if (n == 0) return ok;
    views_ = static_cast<WritableBuffer*>(calloc(n, sizeof(WritableBuffer)));
    vectors_ = static_cast<iovec*>(calloc(n, sizeof(iovec)));
    if (!views_ || !vectors_) return raise_memory_error(t);
    for (usize i = 0; i < n; ++i) {
      Value v = items_->at(static_cast<Index>(i));
      if (!writable && !convert_buffer(t, v, &views_[i])) return failed;
      if (writable && !convert_writable(t, v, &views_[i]))
        return raise_type_error(t, "{}() argument 1 must be an iterable of single-segment read-write buffers", function);
      vectors_[i] = {const_cast<u8*>(views_[i].data), views_[i].size};
      ++count_;
    }
    return ok;
  }
  iovec* data() { return vectors_; }
  usize count() const { return count_; }

 private:
  WritableBuffer* views_ = nullptr;
  iovec* vectors_ = nullptr;
  usize count_ = 0;
  Tuple* items_ = nullptr;
};

struct Scratch {
  char* data = nullptr;
  ~Scratch() { free(data); }
};

// ---------------------------------------------------------------------------------------------------------------- sending

// Builds the control buffer of (level, type, data) items.
static Result<void> fill_control(Thread& t, Value ancillary, msghdr* message, Scratch& control) {
  if (ancillary.is_none()) return ok;
  if (type_of(ancillary)->slot(Slot::iter).is_absent() && type_of(ancillary)->slot(Slot::getitem).is_absent())
    return raise_type_error(t, "sendmsg() argument 2 must be iterable");
  Tuple* items = TRY(tuple_from_iterable(t, ancillary));
  Index n = items->length();
  RootVector contents;
  usize total = 0;
  for (Index i = 0; i < n; ++i) {
    Value item = items->at(i);
    if (!is<Tuple>(item) || item.as<Tuple>()->length() != 3) {
      if (!is<Tuple>(item))
        return raise_type_error(t, "[sendmsg() ancillary data items]() argument must be 3-item sequence, not {!t}", item);
      return raise_type_error(t, "[sendmsg() ancillary data items]() argument must be sequence of length 3, not {}",
                              item.as<Tuple>()->length());
    }
    BufferView view;
    if (!convert_buffer(t, item.as<Tuple>()->at(2), &view)) return failed;
    usize size = view.size;
    Result<Bytes*> copy = bytes_from(t, view.data, size);
    release_buffer(view);
    contents.push(Value(TRY(copy)));
    if (size > INT_MAX - CMSG_SPACE(0)) return raise(t, exceptions.OSError, "ancillary data item too large");
    total += CMSG_SPACE(size);
    if (total > INT_MAX) return raise(t, exceptions.OSError, "too much ancillary data");
  }
  if (!total) return ok;
  control.data = static_cast<char*>(calloc(1, total));
  if (!control.data) return raise_memory_error(t);
  message->msg_control = control.data;
  message->msg_controllen = total;
  cmsghdr* header = CMSG_FIRSTHDR(message);
  for (Index i = 0; i < n; ++i, header = CMSG_NXTHDR(message, header)) {
    if (!header) return raise_runtime_error(t, "unexpected NULL result from CMSG_NXTHDR");
    Tuple* item = items->at(i).as<Tuple>();
    Bytes* bytes = contents[static_cast<usize>(i)].as<Bytes>();
    int level, type;
    if (!convert_int(t, item->at(0), &level) || !convert_int(t, item->at(1), &type)) return failed;
    header->cmsg_level = level;
    header->cmsg_type = type;
    header->cmsg_len = CMSG_LEN(static_cast<usize>(bytes->length()));
    memcpy(CMSG_DATA(header), bytes->data(), static_cast<usize>(bytes->length()));
  }
  return ok;
}

Result<Value> socket_sendmsg(Thread& t, Socket* self, Value buffers, Value ancillary, int flags, Value address) {
  msghdr message = {};
  SocketAddress to;
  if (!address.is_none()) {
    message.msg_namelen = TRY(parse_address(t, self, address, &to, "sendmsg"));
    message.msg_name = &to;
  }
  TRY(audit(t, "socket.sendmsg", Value(self), address));
  BufferVector io;
  TRY(io.fill(t, buffers, false, "sendmsg"));
  message.msg_iov = io.data();
  message.msg_iovlen = io.count();
  Scratch control;
  TRY(fill_control(t, ancillary, &message, control));
  int fd = self->fd_;
  return int_from_i64(t, TRY(socket_call(t, self, SocketWait::Write, [&] { return ::sendmsg(fd, &message, flags); })));
}

Result<Value> socket_sendmsg_afalg(Thread& t, Socket* self, Value buffers, Optional<int> op, Optional<Value> iv,
                                   Optional<int> assoclen, int flags) {
  if (self->family_ != AF_ALG) return raise(t, exceptions.OSError, "algset is only supported for AF_ALG");
  if (!op.has_value() || op.value < 0) return raise_type_error(t, "Invalid or missing argument 'op'");
  if (assoclen.has_value() && assoclen.value < 0) return raise_type_error(t, "assoclen must be positive");
  Bytes* vector = nullptr;
  usize total = CMSG_SPACE(4);
  if (iv.has_value()) {
    BufferView view;
    if (!convert_buffer(t, iv.value, &view)) return failed;
    Result<Bytes*> copy = bytes_from(t, view.data, view.size);
    release_buffer(view);
    vector = TRY(copy);
    total += CMSG_SPACE(sizeof(af_alg_iv) + static_cast<usize>(vector->length()));
  }
  if (assoclen.has_value()) total += CMSG_SPACE(4);
  BufferVector io;
  if (!buffers.is_none()) TRY(io.fill(t, buffers, false, "sendmsg_afalg"));
  Scratch control;
  control.data = static_cast<char*>(calloc(1, total));
  if (!control.data) return raise_memory_error(t);
  msghdr message = {};
  message.msg_iov = io.data();
  message.msg_iovlen = io.count();
  message.msg_control = control.data;
  message.msg_controllen = total;
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  auto put = [&](int type, const void* data, usize n) {
    header->cmsg_level = SOL_ALG;
    header->cmsg_type = type;
    header->cmsg_len = CMSG_LEN(n);
    memcpy(CMSG_DATA(header), data, n);
    header = CMSG_NXTHDR(&message, header);
  };
  u32 operation = static_cast<u32>(op.value);
  put(ALG_SET_OP, &operation, sizeof operation);
  if (vector) {
    usize n = static_cast<usize>(vector->length());
    header->cmsg_level = SOL_ALG;
    header->cmsg_type = ALG_SET_IV;
    header->cmsg_len = CMSG_LEN(sizeof(af_alg_iv) + n);
    u32 length = static_cast<u32>(n);
    memcpy(CMSG_DATA(header), &length, sizeof length);
    memcpy(CMSG_DATA(header) + sizeof length, vector->data(), n);
    header = CMSG_NXTHDR(&message, header);
  }
  if (assoclen.has_value()) {
    u32 length = static_cast<u32>(assoclen.value);
    put(ALG_SET_AEAD_ASSOCLEN, &length, sizeof length);
  }
  int fd = self->fd_;
  return int_from_i64(t, TRY(socket_call(t, self, SocketWait::Write, [&] { return ::sendmsg(fd, &message, flags); })));
}

// ---------------------------------------------------------------------------------------------------------------- receiving

// Bytes of data in a control message, as far as they lie in the buffer; false: not even its header does.
static bool control_data_length(const msghdr& message, cmsghdr* header, usize* length) {
  if (!header || !message.msg_control || header->cmsg_len < CMSG_LEN(0)) return false;
  auto start = reinterpret_cast<char*>(message.msg_control);
  usize offset = static_cast<usize>(reinterpret_cast<char*>(header) - start) + CMSG_LEN(0);
  if (offset > message.msg_controllen) return false;
  usize space = message.msg_controllen - offset, wanted = header->cmsg_len - CMSG_LEN(0);
  *length = wanted < space ? wanted : space;
  return true;
}

static Result<List*> control_items(Thread& t, msghdr& message) {
  List* list = TRY(make_list(t));
  if (!message.msg_controllen) return list;
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
    usize n;
    if (!control_data_length(message, header, &n)) {
      TRY(warn(t, exceptions.RuntimeWarning, "received malformed or improperly-truncated ancillary data"));
      break;
    }
    Bytes* data = TRY(bytes_from(t, CMSG_DATA(header), n));
    TRY(list_append(
        t, list,
        Value(TRY(tuple_of(t, Value::of_small_int(header->cmsg_level), Value::of_small_int(header->cmsg_type), Value(data))))));
    if (n < header->cmsg_len - CMSG_LEN(0)) {
      TRY(warn(t, exceptions.RuntimeWarning, "received malformed or improperly-truncated ancillary data"));
      break;
    }
  }
  return list;
}

// Descriptors that nobody will ever see.
static void close_received(msghdr& message) {
  if (!message.msg_controllen) return;
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
    usize n;
    if (!control_data_length(message, header, &n)) return;
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    for (usize i = 0; i + sizeof(int) <= n; i += sizeof(int)) {
      int fd;
      memcpy(&fd, CMSG_DATA(header) + i, sizeof fd);
      ::close(fd);
    }
  }
}

// The common part: receives into vectors and answers (first, ancillary data, flags, address), first made from the byte count.
template <class MakeFirst>
static Result<Value> receive(Thread& t, Socket* self, iovec* vectors, usize count, i64 ancillary_size, int flags,
                             MakeFirst&& make_first) {
  if (ancillary_size < 0 || ancillary_size > INT_MAX) return raise_value_error(t, "invalid ancillary data buffer length");
  SocketAddress from;
  memset(&from, 0, sizeof from);
  Scratch control;
  if (ancillary_size > 0) {
    control.data = static_cast<char*>(calloc(1, static_cast<usize>(ancillary_size)));
    if (!control.data) return raise_memory_error(t);
  }
  msghdr message = {};
  int fd = self->fd_;
  i64 n = TRY(socket_call(t, self, SocketWait::Read, [&] {
    message = {};
    message.msg_name = &from;
    message.msg_namelen = sizeof from;
    message.msg_iov = vectors;
    message.msg_iovlen = count;
    message.msg_control = control.data;
    message.msg_controllen = static_cast<usize>(ancillary_size);
    return ::recvmsg(fd, &message, flags);
  }));
  auto build = [&]() -> Result<Value> {
    List* items = TRY(control_items(t, message));
    Value first = TRY(make_first(n));
    Value address =
        TRY(address_value(t, from, message.msg_namelen > sizeof from ? sizeof from : message.msg_namelen, self->proto_));
    return TRY(tuple_of(t, first, Value(items), Value::of_small_int(message.msg_flags), address));
  };
  Result<Value> result = build();
  if (result.is_failed()) close_received(message);
  return result;
}

Result<Value> socket_recvmsg(Thread& t, Socket* self, i64 size, i64 ancillary_size, int flags) {
  if (size < 0) return raise_value_error(t, "negative buffer size in recvmsg()");
  Scratch buffer;
  buffer.data = static_cast<char*>(malloc(static_cast<usize>(size) + 1));
  if (!buffer.data) return raise_memory_error(t);
  iovec vector{buffer.data, static_cast<usize>(size)};
  return receive(t, self, &vector, 1, ancillary_size, flags,
                 [&](i64 n) -> Result<Value> { return bytes_from(t, buffer.data, static_cast<usize>(n)); });
}
Result<Value> socket_recvmsg_into(Thread& t, Socket* self, Value buffers, i64 ancillary_size, int flags) {
  BufferVector io;
  TRY(io.fill(t, buffers, true, "recvmsg_into"));
  return receive(t, self, io.data(), io.count(), ancillary_size, flags,
                 [&](i64 n) -> Result<Value> { return int_from_i64(t, n); });
}

}  // namespace baton
