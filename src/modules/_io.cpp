// _io: open() and the module.
#include "heap/clear_stack.h"
#include "heap/exit_scan.h"
#include "interp/interp.h"
#include "modules/io_internal.h"
#include "modules/io_text_internal.h"
#include "modules/io_writers.h"
#include "objects/dict.h"
#include "objects/exception.h"

namespace baton {

struct OpenMode {
  bool reading, writing, creating, appending, updating, text, binary;
};

static Result<OpenMode> parse_mode(Thread& t, std::string_view mode) {
  OpenMode m{};
  for (usize i = 0; i < mode.size(); ++i) {
    switch (mode[i]) {
      case 'x': m.creating = true; break;
      case 'r': m.reading = true; break;
      case 'w': m.writing = true; break;
      case 'a': m.appending = true; break;
      case '+': m.updating = true; break;
      case 't': m.text = true; break;
      case 'b': m.binary = true; break;
      default: return raise_value_error(t, "invalid mode: '{}'", mode);
    }
    if (mode.find(mode[i], i + 1) != std::string_view::npos) return raise_value_error(t, "invalid mode: '{}'", mode);
  }
  return m;
}

static Result<void> check_combination(Thread& t, const OpenMode& m, Value encoding, Value errors, Value newline, i64 buffering) {
  if (m.text && m.binary) return raise_value_error(t, "can't have text and binary mode at once");
  if (m.creating + m.reading + m.writing + m.appending > 1)
    return raise_value_error(t, "must have exactly one of create/read/write/append mode");
  if (m.binary && !encoding.is_none()) return raise_value_error(t, "binary mode doesn't take an encoding argument");
  if (m.binary && !errors.is_none()) return raise_value_error(t, "binary mode doesn't take an errors argument");
  if (m.binary && !newline.is_none()) return raise_value_error(t, "binary mode doesn't take a newline argument");
  if (m.binary && buffering == 1) {
    TRY(warn(t, exceptions.RuntimeWarning,
             "line buffering (buffering=1) isn't supported in binary mode, the default buffer size will be used"));
  }
  return ok;
}

static BATON_NOINLINE Result<Value> open_steps(Thread& t, Value path, std::string_view mode, const OpenMode& m, i64 buffering,
                                               Value encoding, Value errors, Value newline, bool closefd, Value opener,
                                               Value shown_mode, Value* result) {
  char raw_mode[8];
  usize n = 0;
  for (auto [flag, c] : {std::pair{m.creating, 'x'}, {m.reading, 'r'}, {m.writing, 'w'}, {m.appending, 'a'}, {m.updating, '+'}})
    if (flag) raw_mode[n++] = c;
  FileIO* raw = TRY(make_of<FileIO>(t, TRY(type_from_def(t, file_io_def))));
  TRY(file_io_init(t, raw, path, {raw_mode, n}, closefd, opener));
  *result = Value(raw);
  bool is_tty = false;
  if (!raw->is_regular_) {
    Value answer = TRY(call_method(t, *result, names.isatty));
    is_tty = answer.is_true();
  }
  bool line_buffering = false;
  if (buffering == 1 || (buffering < 0 && is_tty)) {
    buffering = -1;
    line_buffering = true;
  }
  if (buffering < 0) buffering = raw->blksize_;
  if (buffering < 0) return raise_value_error(t, "invalid buffering size");
  if (buffering == 0) {
    if (!m.binary) return raise_value_error(t, "can't have unbuffered text I/O");
    return *result;
  }
  if (!m.updating && !m.creating && !m.writing && !m.appending && !m.reading)
    return raise_value_error(t, "unknown mode: '{}'", mode);
  TypeDef& def = m.updating ? buffered_random_def : m.reading ? buffered_reader_def : buffered_writer_def;
  Buffered* buffer = TRY(make_of<Buffered>(t, TRY(type_from_def(t, def))));
  if (m.updating)
    TRY(init_random(t, buffer, Value(raw), buffering));
  else if (m.reading)
    TRY(init_reader(t, buffer, Value(raw), buffering));
  else
    TRY(init_writer(t, buffer, Value(raw), buffering));
  *result = Value(buffer);
  if (m.binary) return *result;
  Value args[5] = {Value(buffer), encoding, errors, newline, Value::of_bool(line_buffering)};
  Value wrapper = TRY(call_values(t, Value(TRY(type_from_def(t, text_io_wrapper_def))), args, 5));
  *result = wrapper;
  TRY(set_attr(t, wrapper, names.mode, shown_mode));
  return wrapper;
}

static Result<Value> io_open(Thread& t, Value file, Str* mode, int buffering, Value encoding, Value errors, Value newline,
                             bool closefd, Value opener) {
  Value path = file;
  if (!is_int(file) && type_of(file)->slot(Slot::index).is_absent() && !is_float(file)) {
    if (!is<Str>(file) && !is<Bytes>(file)) path = TRY(fspath(t, file));
  } else if (is_float(file)) {
    path = TRY(fspath(t, file));
  }
  for (Value v : {encoding, errors, newline}) {
    if (v.is_none() || is<Str>(v)) continue;
    const char* name = v == encoding ? "encoding" : v == errors ? "errors" : "newline";
    return raise_type_error(t, "open() argument '{}' must be str or None, not {!t}", name, v);
  }
  Value owner;
  std::string_view text = TRY(str_utf8(t, mode, &owner));
  if (text.find('\0') != std::string_view::npos) return raise_value_error(t, "embedded null character");
  OpenMode m = TRY(parse_mode(t, text));
  TRY(check_combination(t, m, encoding, errors, newline, buffering));
  // Here nothing is held but what the caller's registers have; further on what an old call left may look like a reference.
  if (is<Str>(file) || is<Bytes>(file))
    finish_dropped_writers_of(
        t, file,
        is_called_by_instruction(
            t, native<io_open>("open(file, mode, buffering, encoding, errors, newline, closefd, opener)").entry));
  Value result;
  clear_stack_below<4096>();  // what the open before this one left would keep its file from being found dropped
  Result<Value> opened =
      open_steps(t, path, text, m, buffering, encoding, errors, newline, closefd, opener, Value(mode), &result);
  if (!opened.is_failed() || result.is_absent()) return opened;
  Exception* first = t.take_pending();
  (void)call_method(t, result, names.close).is_failed();
  chain_pending(t, first);
  return failed;
}

static Result<Value> io_open_code(Thread& t, Str* path) {
  return io_open(t, Value(path), TRY(str_from_ascii(t, "rb")), -1, kNone, kNone, kNone, true, kNone);
}

static Result<Value> io_text_encoding(Thread& t, Value encoding, int stack_level) {
  if (!encoding.is_none()) return encoding;
  Value flags = dict_find_str(runtime.sys->dict(), intern(t, "flags"));
  bool utf8_mode = false;
  if (flags.is_present()) {
    if (TRY(truth(t, TRY(get_attr_ascii(t, flags, "warn_default_encoding")))))
      TRY(warn(t, exceptions.EncodingWarning, "'encoding' argument not specified", stack_level));
    utf8_mode = TRY(truth(t, TRY(get_attr_ascii(t, flags, "utf8_mode"))));
  }
  return Value(intern(t, utf8_mode ? "utf-8" : "locale"));
}

static constinit NativeDef io_functions[] = {
    native<io_open>(
        "open($module, /, file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None)",
        "Open a file and return a stream object for it.\n\nOSError, or a class derived from it, is raised if that is "
        "impossible.\n\nfile is a path (str, bytes or a path-like object) or the number of an open\nfile descriptor.\n\nmode "
        "says how to use the file. It has exactly one of these letters:\n\n  'r'  read an existing file\n  'w'  write, to a new "
        "file or to an old one emptied first\n  'x'  write to a new file; FileExistsError if there is one already\n  'a'  write, "
        "always at the end, to a new or an old file\n\nand may have these besides:\n\n  '+'  both reading and writing\n  't'  "
        "text: the stream deals in str, encoded and decoded for you\n  'b'  binary: the stream deals in bytes, just as they are "
        "in the file\n\n't' is assumed without 'b', and the default mode is 'r', so 'rt'. With\n'r+b' the old contents stay; "
        "'w+b' discards them. On some Unix systems 'a'\nsends every write to the end, wherever the stream has been moved "
        "to.\n\nbuffering is 0 for none (binary mode only), 1 to pass on each line when it\nis complete (text mode only), or a "
        "larger number: the buffer's size in\nbytes. With the default, -1, that size is the block size of the device where\nit "
        "is known, otherwise io.DEFAULT_BUFFER_SIZE, and terminals (streams whose\nisatty() is true) opened as text are buffered "
        "by line.\n\nThe next three arguments are for text mode only.\n\nencoding names the codec, one that the codecs module "
        "knows. Without it the\nlocale decides, through locale.getencoding(), so the default differs "
        "between\nplatforms.\n\nerrors says what to do with what the codec cannot handle: 'strict', like\nNone, raises a "
        "ValueError; 'ignore' leaves it out and so loses data. More\nnames are described in help(codecs.Codec) and under "
        "codecs.register.\n\nnewline chooses the treatment of line ends:\n\n  value           reading                          "
        "writing '\\n' produces\n  None            '\\n', '\\r' and '\\r\\n' each end   os.linesep\n                  a line and "
        "become '\\n'\n  ''              the same three end a line, and   '\\n'\n                  are left as they are\n  '\\n' "
        "           only this ends a line            '\\n'\n  '\\r', '\\r\\n'    only this ends a line, and is    this\n         "
        "         left as it is\n\nclosefd=False leaves the descriptor open when the stream is closed. It must\nbe True if file "
        "is a path.\n\nopener, if not None, is called as opener(file, flags) and returns the\ndescriptor of the file it has "
        "opened. Without one, the effect is that of\nos.open.\n\nThe class of the result depends on the mode: TextIOWrapper for "
        "text; in\nbinary mode BufferedReader to read, BufferedWriter to write or append, and\nBufferedRandom to do both. For a "
        "stream in memory instead of a file, see\nio.StringIO and io.BytesIO."),
    native<io_open_code>("open_code($module, /, path)",
                         "Open the file path for reading code from it, as open(path, 'rb') does.\n\nImport uses this, so the "
                         "system may make checks here that open() leaves out."),
    native<io_text_encoding>(
        "text_encoding($module, encoding, stacklevel=2, /)",
        "Return the name of the encoding to use for text.\n\nThat is encoding itself unless it is None. For None it is \"utf-8\" "
        "in UTF-8\nmode and \"locale\" otherwise; if sys.flags.warn_default_encoding is set, an\nEncodingWarning points to the "
        "caller that stacklevel selects.\n\nFunctions that take encoding=None can pass it through here. In a new API, a\ndefault "
        "of encoding=\"utf-8\" is the better choice."),
};

static TypeDef* const io_types[] = {&io_base_def,         &raw_io_base_def,     &buffered_io_base_def, &text_io_base_def,
                                    &file_io_def,         &bytes_io_def,        &string_io_def,        &newline_decoder_def,
                                    &buffered_reader_def, &buffered_writer_def, &buffered_random_def,  &buffered_pair_def,
                                    &text_io_wrapper_def};

void io_after_fork_child(Thread& t);

static Result<void> io_exec(Thread& t, Module* module) {
  TRY(type_from_def(t, bytes_io_buffer_def));
  TRY(module_set_int(t, module, "DEFAULT_BUFFER_SIZE", kDefaultBufferSize));
  TRY(module_set(t, module, "UnsupportedOperation", Value(TRY(unsupported_operation_type(t)))));
  TRY(module_set(t, module, "BlockingIOError", Value(exceptions.BlockingIOError)));
  register_fork_child_hook(io_after_fork_child);
  heap_note_writes_to(stream_written_to);
  return ok;
}

ModuleDef io_module = {.name = "io",  // __name__ as CPython 3.11 has it: functions are "io.open" and so on
                       .doc =
                           "Native part of the io module: streams of bytes and of text.\n\nIt holds open(), which is also a "
                           "builtin, the raw, buffered and text\nstream classes, and the in-memory BytesIO and StringIO.",
                       .functions = io_functions,
                       .function_count = count_of(io_functions),
                       .types = io_types,
                       .type_count = sizeof(io_types) / sizeof(*io_types),
                       .exec = io_exec};

}  // namespace baton
