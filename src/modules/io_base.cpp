// _io: the abstract bases _IOBase, _RawIOBase, _BufferedIOBase, _TextIOBase, UnsupportedOperation.
//
// The bases' methods only call other methods of self; they take any object, as a Python class may derive from several of them.
#include <cstdlib>

#include "interp/slow.h"
#include "modules/io_internal.h"
#include "objects/call_one.h"
#include "objects/dict.h"
#include "objects/exception.h"
#include "objects/list.h"
#include "objects/raw_arguments.h"

namespace baton {

// ---------------------------------------------------------------------------------------------------------------- shared steps

static Root<Type>* unsupported_operation;

Result<Type*> unsupported_operation_type(Thread& t) {
  if (unsupported_operation) return unsupported_operation->get();
  Dict* dict = TRY(make_dict(t));
  TRY(dict_set_str(t, dict, names.dunder_module, Value(intern(t, "io"))));
  Tuple* bases = TRY(tuple_of(t, Value(exceptions.OSError), Value(exceptions.ValueError)));
  Type* type = TRY(make_heap_type(t, types.type, intern(t, "UnsupportedOperation"), bases, dict, nullptr, nullptr));
  unsupported_operation = new Root<Type>(type);
  return type;
}

Failed raise_unsupported(Thread& t, const char* message) {
  Type* type = TRY(unsupported_operation_type(t));
  Value text(TRY(str_from_utf8(t, message)));
  Value made = TRY(call(t, Value(type), text));
  return raise_object(t, made);
}

void chain_pending(Thread& t, Exception* first) {
  if (!first) return;
  if (!t.has_pending()) {
    t.set_pending(first);
    return;
  }
  Exception* second = t.take_pending();
  if (second != first) second->context_.set(second, Value(first));
  t.set_pending(second);
}

Result<bool> trap_interrupted(Thread& t) {
  if (!pending_matches(t, exceptions.OSError)) return false;
  Exception* e = t.take_pending();
  Result<Value> number = find_attr(t, Value(e), names.errno_);
  bool interrupted = !number.is_failed() && number.value() == Value::of_small_int(EINTR);
  if (number.is_failed()) t.clear_pending();
  if (!interrupted) {
    t.set_pending(e);
    return false;
  }
  TRY(check_signals(t));
  return true;
}

Result<i64> offset_of(Thread& t, Value v, Type* overflow_error) {
  Value index = TRY(to_index(t, v));
  i64 n;
  if (!int_to_i64(index, &n))
    return raise(t, overflow_error ? overflow_error : exceptions.IndexError, "cannot fit '{!t}' into an offset-sized integer", v);
  return n;
}

Result<void> check_closed_attribute(Thread& t, Value self) {
  Value closed = TRY(find_attr(t, self, names.closed));
  if (closed == kNotFound) return ok;
  if (TRY(truth(t, closed))) return raise_value_error(t, "I/O operation on closed file.");
  return ok;
}

// obj.readable() and friends must answer exactly True.
static Result<void> check_ability(Thread& t, Value self, Str* method, const char* message) {
  Value answer = TRY(call_method(t, self, method));
  if (!answer.is_true()) return raise_unsupported(t, message);
  return ok;
}
Result<void> check_readable(Thread& t, Value self) {
  return check_ability(t, self, names.readable, "File or stream is not readable.");
}
Result<void> check_writable(Thread& t, Value self) {
  return check_ability(t, self, names.writable, "File or stream is not writable.");
}
Result<void> check_seekable(Thread& t, Value self) {
  return check_ability(t, self, names.seekable, "File or stream is not seekable.");
}

// ---------------------------------------------------------------------------------------------------------------- _IOBase

static Result<Value> io_base_new(Thread& t, NativeDef const& def, Value const* args, usize n, Tuple*) {
  return TRY(make_of<IoBase>(t, TRY(check_new_type(t, args, n, def.owner->type))));
}

// Closed by our own close(), whatever `closed` of a subclass says.
static Result<bool> is_marked_closed(Thread& t, Value self) { return TRY(find_attr(t, self, names.io_closed)) != kNotFound; }

Result<void> io_base_close(Thread& t, Value self) {
  if (TRY(is_marked_closed(t, self))) return ok;
  Result<Value> flushed = call_method(t, self, names.flush);
  Exception* first = flushed.is_failed() ? t.take_pending() : nullptr;
  Result<void> marked = set_attr(t, self, names.io_closed, kTrue);
  if (first) chain_pending(t, first);
  if (first || marked.is_failed()) return failed;
  return ok;
}

static Result<Value> base_seek(Thread& t, Value, Rest) { return raise_unsupported(t, "seek"); }
static Result<Value> base_tell(Thread& t, Value self) {
  return call_method(t, self, names.seek, Value::of_small_int(0), Value::of_small_int(1));
}
static Result<Value> base_truncate(Thread& t, Value, Rest) { return raise_unsupported(t, "truncate"); }
static Result<void> base_flush(Thread& t, Value self) {
  if (TRY(is_marked_closed(t, self))) return raise_value_error(t, "I/O operation on closed file.");
  return ok;
}
static Result<void> base_close(Thread& t, Value self) { return io_base_close(t, self); }
static Result<bool> base_false(Thread&, Value) { return false; }
static Result<Value> base_fileno(Thread& t, Value) { return raise_unsupported(t, "fileno"); }
static Result<bool> base_isatty(Thread& t, Value self) {
  TRY(check_closed_attribute(t, self));
  return false;
}
static Result<void> base_check_closed(Thread& t, Value self) { return check_closed_attribute(t, self); }
static Result<bool> base_check_readable(Thread& t, Value self) {
  TRY(check_readable(t, self));
  return true;
}
static Result<bool> base_check_writable(Thread& t, Value self) {
  TRY(check_writable(t, self));
  return true;
}
static Result<bool> base_check_seekable(Thread& t, Value self) {
  TRY(check_seekable(t, self));
  return true;
}
static Result<Value> base_enter(Thread& t, Value self) {
  TRY(check_closed_attribute(t, self));
  return self;
}
static Result<Value> base_exit(Thread& t, Value self, Rest) { return call_method(t, self, names.close); }

// Closes a file that nobody refers to any more. Errors have nowhere to go, as in CPython outside development mode.
static Result<void> base_del(Thread& t, Value self) {
  Result<Value> closed = find_attr(t, self, names.closed);
  bool is_closed = false;
  if (closed.is_failed()) {
    t.clear_pending();
  } else if (closed.value() != kNotFound) {
    Result<bool> answer = truth(t, closed.value());
    if (answer.is_failed())
      t.clear_pending();
    else
      is_closed = answer.value();
  }
  if (is_closed) return ok;
  if (set_attr(t, self, names.finalizing_, kTrue).is_failed()) t.clear_pending();
  if (call_method(t, self, names.close).is_failed()) t.clear_pending();
  return ok;
}

static Result<Value> base_iter(Thread& t, Value self) {
  TRY(check_closed_attribute(t, self));
  return self;
}
static Result<Value> base_next(Thread& t, Value self) {
  Value line = TRY(call_method(t, self, names.readline));
  if (TRY(length_of(t, line)) <= 0) return kExhausted;
  return line;
}

// Bytes of read(): a bytes object, or OSError naming the method.
static Result<Bytes*> expect_bytes(Thread& t, Value v, const char* method) {
  if (is<Bytes>(v)) return v.as<Bytes>();
  return raise(t, exceptions.OSError, "{}() should have returned a bytes object, not '{!t}'", method, v);
}

static Result<i64> optional_size(Thread& t, Value v) {
  if (v.is_none()) return i64{-1};
  if (!v.is_small_int() && type_of(v)->slot(Slot::index).is_absent())
    return raise_type_error(t, "argument should be integer or None, not '{!t}'", v);
  return TRY(to_index_checked(t, v, exceptions.OverflowError));
}

static Result<Value> base_readline(Thread& t, Value self, Value size) {
  i64 limit = TRY(optional_size(t, size));
  Value peek = TRY(find_attr(t, self, names.peek));
  ByteArray* line = TRY(bytearray_from(t, nullptr, 0));
  while (limit < 0 || line->length() < limit) {
    i64 wanted = 1;
    if (peek != kNotFound) {
      Result<Value> ahead = call(t, peek, Value::of_small_int(1));
      if (ahead.is_failed()) {
        if (TRY(trap_interrupted(t))) continue;
        return failed;
      }
      Bytes* seen = TRY(expect_bytes(t, ahead.value(), "peek"));
      if (seen->length() > 0) {
        i64 n = 0;
        while (n < seen->length() && (limit < 0 || n < limit - line->length())) {
          if (seen->data()[n++] == '\n') break;
        }
        wanted = n;
      }
    }
    Result<Value> got = call_method(t, self, names.read, Value::of_small_int(wanted));
    if (got.is_failed()) {
      if (TRY(trap_interrupted(t))) continue;
      return failed;
    }
    Bytes* piece = TRY(expect_bytes(t, got.value(), "read"));
    Index n = piece->length();
    if (n == 0) break;
    Index old = line->length();
    TRY(bytearray_resize(t, line, old + n));
    __builtin_memcpy(line->data() + old, piece->data(), static_cast<usize>(n));
    if (line->data()[old + n - 1] == '\n') break;
  }
  return bytes_from(t, line->data(), static_cast<usize>(line->length()));
}

static Result<Value> base_readlines(Thread& t, Value self, Value hint) {
  i64 most = TRY(optional_size(t, hint));
  List* lines = TRY(make_list(t));
  if (most <= 0) {
    TRY(list_extend_from(t, lines, self));
    return lines;
  }
  i64 total = 0;
  TRY(for_each(t, self, [&](Value line) -> Result<bool> {
    TRY(list_append(t, lines, line));
    i64 n = TRY(length_of(t, line));
    if (n > most - total) return false;
    total += n;
    return true;
  }));
  return lines;
}

static Result<void> base_writelines(Thread& t, Value self, Value lines) {
  TRY(check_closed_attribute(t, self));
  // Of a class of ours, and where no Python code runs between the lines, write() is looked up once.
  bool once = !type_of(self)->has_flag(kTypeHeap) && (is_exact<List>(lines) || is_exact<Tuple>(lines));
  CallsOfOne write(once ? TRY(get_attr(t, self, names.write)) : kNone);
  return for_each(t, lines, [&](Value line) -> Result<bool> {
    for (;;) {
      if (!(once ? write.call(t, line) : call_method(t, self, names.write, line)).is_failed()) return true;
      if (!TRY(trap_interrupted(t))) return failed;
    }
  });
}

static Result<Value> base_get_closed(Thread& t, Value self) { return Value::of_bool(TRY(is_marked_closed(t, self))); }
static Result<Value> base_get_dict(Thread& t, Value self) { return TRY(instance_dict(t, self.cell())); }

static constinit NativeDef io_base_methods[] = {
    native_raw(io_base_new, "__new__(type, *args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native<base_seek>(
        "seek($self, /, *args)",
        "Move the stream to another position and return it, counted from the start.\n\noffset is a number of bytes, and whence "
        "the place to count from:\n\n* 0, os.SEEK_SET: the start (default); a negative offset makes no sense\n* 1, os.SEEK_CUR: "
        "where the stream is now; either sign will do\n* 2, os.SEEK_END: the end; most offsets here are negative"),
    native<base_tell>("tell($self, /)", "Return current stream position."),
    native<base_truncate>(
        "truncate($self, /, *args)",
        "Set the length of the file to size bytes and return it.\n\nWithout a size, the file ends at the present position, that "
        "of tell(). The\nposition does not move. Streams that cannot do this raise\nUnsupportedOperation."),
    native<base_flush>(
        "flush($self, /)",
        "Send on whatever waits in a write buffer.\n\nA stream without one, such as a stream only for reading, does nothing."),
    native<base_close>("close($self, /)",
                       "Close the stream after writing out what it has buffered.\n\nA second call does nothing."),
    native<base_false>("seekable($self, /)",
                       "Tell whether the stream can move to any position.\n\nIf not, its methods seek(), tell() and truncate() "
                       "raise OSError. Finding out\ncan involve an attempt to seek."),
    native<base_false>("readable($self, /)", "Tell whether the stream can be read.\n\nIf not, its read() raises OSError."),
    native<base_false>("writable($self, /)", "Tell whether the stream accepts data.\n\nIf not, its write() raises OSError."),
    native<base_check_closed>("_checkClosed($self, /)"),
    native<base_check_seekable>("_checkSeekable($self, /)"),
    native<base_check_readable>("_checkReadable($self, /)"),
    native<base_check_writable>("_checkWritable($self, /)"),
    native<base_fileno>("fileno($self, /)",
                        "Return the number of the file descriptor behind the stream.\n\nA stream that has none raises OSError."),
    native<base_isatty>("isatty($self, /)",
                        "Tell whether the stream is connected to a terminal.\n\nIn case of doubt the answer is False."),
    native<base_enter>("__enter__($self, /)"),
    native<base_exit>("__exit__($self, /, *args)"),
    native<base_readline>("readline($self, size=-1, /)",
                          "Return the next line of the stream, including its line end.\n\nA size that is not negative stops "
                          "reading after that many bytes, even within\na line. Lines of a binary stream end in b'\\n'; what ends "
                          "those of a text file\nis up to the newline argument of open()."),
    native<base_readlines>("readlines($self, hint=-1, /)",
                           "Return a list of the lines left in the stream.\n\nWith a positive hint, no further line is read once "
                           "the lines together are\nlonger than hint, in bytes or characters."),
    native<base_writelines>("writelines($self, lines, /)",
                            "Write each item of the iterable lines to the stream.\n\nNothing is put between them: a line needs "
                            "to bring its own line end."),
    native<base_iter>("__iter__($self, /)", "Implement iter(self)."),
    native<base_next>("__next__($self, /)", "Implement next(self)."),
    native<base_del>("__del__($self, /)", "Called when the instance is about to be destroyed."),
};
static GetSetDef io_base_getsets[] = {{"__dict__", base_get_dict, nullptr, nullptr},
                                      {"closed", base_get_closed, nullptr, nullptr}};
constinit TypeDef io_base_def = {
    .name = "_io._IOBase",
    .doc =
        "Common abstract base of all stream classes.\n\nIts methods describe a stream that can do nothing: not read, write or "
        "seek.\nSubclasses override what they support and raise UnsupportedOperation from\nthe rest. read(), readinto() and "
        "write() are expected of a stream too, but\nare not declared here because their arguments differ from class to "
        "class.\n\nBinary streams return bytes and accept any bytes-like object, which has to\nbe writable where data is put "
        "into it, as by readinto(). Text streams work\nwith str.\n\nOnce a stream is closed, another close() does nothing and "
        "every other method\nshould raise ValueError.\n\nIteration over a stream yields its lines. As a context manager a "
        "stream\ncloses itself at the end of the block:\n\n    with open('notes.txt', 'w') as f:\n        f.write('bring "
        "milk\\n')",
    .dynamic_kind = &DynamicKind<IoBase>::value,
    .payload_size = sizeof(IoBase),
    .flags = kTypeSubclassable | kTypeHasDict | kTypeWeakrefable,
    .methods = io_base_methods,
    .method_count = count_of(io_base_methods),
    .getsets = io_base_getsets,
    .getset_count = 2,
    .kind_info = kind_info_of<IoBase>("_io._IOBase")};

// ---------------------------------------------------------------------------------------------------------------- _RawIOBase

static Result<Value> raw_read(Thread& t, Value self, i64 size) {
  if (size < 0) return call_method(t, self, names.readall);
  ByteArray* buffer = TRY(bytearray_from(t, nullptr, 0));
  TRY(bytearray_resize(t, buffer, size));
  Value answer = TRY(call_method(t, self, names.readinto, Value(buffer)));
  if (answer.is_none()) return kNone;
  i64 n = TRY(to_index_checked(t, answer, exceptions.ValueError));
  if (n < 0) n = 0;
  return bytes_from(t, buffer->data(), static_cast<usize>(n < buffer->length() ? n : buffer->length()));
}

static Result<Value> raw_readall(Thread& t, Value self) {
  ByteArray* all = TRY(bytearray_from(t, nullptr, 0));
  bool any = false;
  for (;;) {
    Result<Value> got = call_method(t, self, names.read, Value::of_small_int(kDefaultBufferSize));
    if (got.is_failed()) {
      if (TRY(trap_interrupted(t))) continue;
      return failed;
    }
    Value v = got.value();
    if (v.is_none()) {
      if (!any) return kNone;
      break;
    }
    if (!is<Bytes>(v)) return raise_type_error(t, "read() should return bytes");
    Index n = v.as<Bytes>()->length();
    if (n == 0) break;
    any = true;
    Index old = all->length();
    TRY(bytearray_resize(t, all, old + n));
    __builtin_memcpy(all->data() + old, v.as<Bytes>()->data(), static_cast<usize>(n));
  }
  return bytes_from(t, all->data(), static_cast<usize>(all->length()));
}
static Result<Value> raw_unimplemented(Thread& t, Value, Rest) { return raise_object(t, Value(exceptions.NotImplementedError)); }

static constinit NativeDef raw_io_base_methods[] = {
    native<raw_read>("read($self, size=-1, /)"),
    native<raw_readall>("readall($self, /)", "Read until EOF, using multiple read() call."),
    native<raw_unimplemented>("readinto($self, /, *args)"),
    native<raw_unimplemented>("write($self, /, *args)"),
};
constinit TypeDef raw_io_base_def = {.name = "_io._RawIOBase",
                                     .doc = "Base class for raw binary I/O.",
                                     .base = &io_base_def,
                                     .flags = kTypeSubclassable | kTypeHasDict | kTypeWeakrefable,
                                     .methods = raw_io_base_methods,
                                     .method_count = count_of(raw_io_base_methods)};

// ----------------------------------------------------------------------------------------------------------------
// _BufferedIOBase

static Result<Value> buffered_base_detach(Thread& t, Value) { return raise_unsupported(t, "detach"); }
static Result<Value> buffered_base_read(Thread& t, Value, Rest) { return raise_unsupported(t, "read"); }
static Result<Value> buffered_base_read1(Thread& t, Value, Rest) { return raise_unsupported(t, "read1"); }
static Result<Value> buffered_base_write(Thread& t, Value, Rest) { return raise_unsupported(t, "write"); }

static Result<i64> read_into(Thread& t, Value self, WritableBuffer& buffer, Str* method) {
  Value data = TRY(call_method(t, self, method, Value::of_small_int(static_cast<i64>(buffer.size))));
  if (!is<Bytes>(data)) return raise_type_error(t, "read() should return bytes");
  Index n = data.as<Bytes>()->length();
  if (static_cast<usize>(n) > buffer.size) {
    return raise_value_error(t, "read() returned too much data: {} bytes requested, {} returned", static_cast<i64>(buffer.size),
                             n);
  }
  __builtin_memcpy(buffer.bytes(), data.as<Bytes>()->data(), static_cast<usize>(n));
  return n;
}
static Result<i64> buffered_base_readinto(Thread& t, Value self, WritableBuffer buffer) {
  return read_into(t, self, buffer, names.read);
}
static Result<i64> buffered_base_readinto1(Thread& t, Value self, WritableBuffer buffer) {
  return read_into(t, self, buffer, names.read1);
}

static constinit NativeDef buffered_io_base_methods[] = {
    native<buffered_base_detach>(
        "detach($self, /)",
        "Separate the raw stream from this buffer and return it.\n\nAfterwards the buffer cannot be used any more."),
    native<buffered_base_read>(
        "read($self, /, *args)",
        "Return at most n bytes from the stream, or b'' at its end.\n\nWithout n, or if n is None or negative, everything up to "
        "the end is read.\n\nFor a positive n the raw stream below is read as often as it takes to get n\nbytes or reach the "
        "end. Terminals, pipes and sockets are the exception: one\nraw read at most, so a short result need not mean that the "
        "end is near.\n\nIf the raw stream is non-blocking and has nothing to offer yet, the result\nis None."),
    native<buffered_base_read1>("read1($self, /, *args)",
                                "Return at most n bytes, reading the raw stream below no more than once.\n\nAt the end of the "
                                "stream the result is b''. Any other short result says\nnothing about where the end is."),
    native<buffered_base_readinto>("readinto($self, buffer, /)"),
    native<buffered_base_readinto1>("readinto1($self, buffer, /)"),
    native<buffered_base_write>("write($self, /, *args)",
                                "Write the bytes-like object b and return its length in bytes.\n\nBlockingIOError is raised when "
                                "the buffer has no room for all of b and the\nraw stream below is not ready to take more."),
};
constinit TypeDef buffered_io_base_def = {
    .name = "_io._BufferedIOBase",
    .doc =
        "Base class of binary streams with a buffer.\n\nIt differs from RawIOBase in that read() can be called without a size "
        "and is\nnot written in terms of readinto() by default.\n\nWhen a non-blocking raw stream below is not ready, write() "
        "raises\nBlockingIOError, where a raw stream would return None; read() and readinto()\nmay do so as well.\n\nA subclass "
        "should contain a raw stream, not inherit from a raw stream class.",
    .base = &io_base_def,
    .flags = kTypeSubclassable | kTypeHasDict | kTypeWeakrefable,
    .methods = buffered_io_base_methods,
    .method_count = count_of(buffered_io_base_methods)};

// ---------------------------------------------------------------------------------------------------------------- _TextIOBase

static Result<Value> text_base_detach(Thread& t, Value) { return raise_unsupported(t, "detach"); }
static Result<Value> text_base_read(Thread& t, Value, Rest) { return raise_unsupported(t, "read"); }
static Result<Value> text_base_readline(Thread& t, Value, Rest) { return raise_unsupported(t, "readline"); }
static Result<Value> text_base_write(Thread& t, Value, Rest) { return raise_unsupported(t, "write"); }
static Result<Value> text_base_none(Thread&, Value) { return kNone; }

static constinit NativeDef text_io_base_methods[] = {
    native<text_base_detach>("detach($self, /)",
                             "Separate the binary buffer below from the text stream and return it.\n\nAfterwards the text stream "
                             "cannot be used any more."),
    native<text_base_read>("read($self, /, *args)",
                           "Return at most n characters from the stream.\n\nThe buffer below is read until there are n of them "
                           "or no more data. Without\nn, or if it is negative, the rest of the stream is returned."),
    native<text_base_readline>("readline($self, /, *args)", "Return the next line of the stream, or '' if nothing is left."),
    native<text_base_write>("write($self, /, *args)",
                            "Write a str to the stream.\n\nReturns how many characters were written: always all of them."),
};
static GetSetDef text_io_base_getsets[] = {
    {"encoding", text_base_none, nullptr, "Encoding of the text stream.\n\nSubclasses should override.\n"},
    {"newlines", text_base_none, nullptr,
     "The line ends that reading has translated up to now.\n\nWriting does not count. Subclasses provide the value."},
    {"errors", text_base_none, nullptr, "How the encoder or decoder treats errors.\n\nSubclasses provide the value."},
};
constinit TypeDef text_io_base_def = {.name = "_io._TextIOBase",
                                      .doc =
                                          "Base class of text streams, which work with characters and lines.\n\nThere is no "
                                          "readinto() here, since a str cannot be changed in place.",
                                      .base = &io_base_def,
                                      .flags = kTypeSubclassable | kTypeHasDict | kTypeWeakrefable,
                                      .methods = text_io_base_methods,
                                      .method_count = count_of(text_io_base_methods),
                                      .getsets = text_io_base_getsets,
                                      .getset_count = 3};

}  // namespace baton
