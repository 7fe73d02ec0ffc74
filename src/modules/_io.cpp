// _io: open() and the module.
#include "modules/io_internal.h"
#include "modules/io_text_internal.h"
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

static Result<Value> open_steps(Thread& t, Value path, std::string_view mode, const OpenMode& m, i64 buffering, Value encoding,
                                Value errors, Value newline, bool closefd, Value opener, Value shown_mode, Value* result) {
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
  Value result;
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
        "Open file and return a stream.  Raise OSError upon failure.\n\nfile is either a text or byte string giving the name "
        "(and the path\nif the file isn't in the current working directory) of the file to\nbe opened or an integer file "
        "descriptor of the file to be\nwrapped. (If a file descriptor is given, it is closed when the\nreturned I/O object is "
        "closed, unless closefd is set to False.)\n\nmode is an optional string that specifies the mode in which the file\nis "
        "opened. It defaults to 'r' which means open for reading in text\nmode.  Other common values are 'w' for writing "
        "(truncating the file if\nit already exists), 'x' for creating and writing to a new file, and\n'a' for appending (which "
        "on some Unix systems, means that all writes\nappend to the end of the file regardless of the current seek "
        "position).\nIn text mode, if encoding is not specified the encoding used is platform\ndependent: locale.getencoding() "
        "is called to get the current locale encoding.\n(For reading and writing raw bytes use binary mode and leave "
        "encoding\nunspecified.) The available modes are:\n\n========= "
        "===============================================================\nCharacter Meaning\n--------- "
        "---------------------------------------------------------------\n'r'       open for reading (default)\n'w'       open "
        "for writing, truncating the file first\n'x'       create a new file and open it for writing\n'a'       open for "
        "writing, appending to the end of the file if it exists\n'b'       binary mode\n't'       text mode (default)\n'+'       "
        "open a disk file for updating (reading and writing)\n========= "
        "===============================================================\n\nThe default mode is 'rt' (open for reading text). "
        "For binary random\naccess, the mode 'w+b' opens and truncates the file to 0 bytes, while\n'r+b' opens the file without "
        "truncation. The 'x' mode implies 'w' and\nraises an `FileExistsError` if the file already exists.\n\nPython "
        "distinguishes between files opened in binary and text modes,\neven when the underlying operating system doesn't. Files "
        "opened in\nbinary mode (appending 'b' to the mode argument) return contents as\nbytes objects without any decoding. In "
        "text mode (the default, or when\n't' is appended to the mode argument), the contents of the file are\nreturned as "
        "strings, the bytes having been first decoded using a\nplatform-dependent encoding or using the specified encoding if "
        "given.\n\nbuffering is an optional integer used to set the buffering policy.\nPass 0 to switch buffering off (only "
        "allowed in binary mode), 1 to select\nline buffering (only usable in text mode), and an integer > 1 to indicate\nthe "
        "size of a fixed-size chunk buffer.  When no buffering argument is\ngiven, the default buffering policy works as "
        "follows:\n\n* Binary files are buffered in fixed-size chunks; the size of the buffer\n  is chosen using a heuristic "
        "trying to determine the underlying device's\n  \"block size\" and falling back on `io.DEFAULT_BUFFER_SIZE`.\n  On many "
        "systems, the buffer will typically be 4096 or 8192 bytes long.\n\n* \"Interactive\" text files (files for which "
        "isatty() returns True)\n  use line buffering.  Other text files use the policy described above\n  for binary "
        "files.\n\nencoding is the name of the encoding used to decode or encode the\nfile. This should only be used in text "
        "mode. The default encoding is\nplatform dependent, but any encoding supported by Python can be\npassed.  See the codecs "
        "module for the list of supported encodings.\n\nerrors is an optional string that specifies how encoding errors are "
        "to\nbe handled---this argument should not be used in binary mode. Pass\n'strict' to raise a ValueError exception if "
        "there is an encoding error\n(the default of None has the same effect), or pass 'ignore' to ignore\nerrors. (Note that "
        "ignoring encoding errors can lead to data loss.)\nSee the documentation for codecs.register or run "
        "'help(codecs.Codec)'\nfor a list of the permitted encoding error strings.\n\nnewline controls how universal newlines "
        "works (it only applies to text\nmode). It can be None, '', '\\n', '\\r', and '\\r\\n'.  It works as\nfollows:\n\n* On "
        "input, if newline is None, universal newlines mode is\n  enabled. Lines in the input can end in '\\n', '\\r', or "
        "'\\r\\n', and\n  these are translated into '\\n' before being returned to the\n  caller. If it is '', universal newline "
        "mode is enabled, but line\n  endings are returned to the caller untranslated. If it has any of\n  the other legal "
        "values, input lines are only terminated by the given\n  string, and the line ending is returned to the caller "
        "untranslated.\n\n* On output, if newline is None, any '\\n' characters written are\n  translated to the system default "
        "line separator, os.linesep. If\n  newline is '' or '\\n', no translation takes place. If newline is any\n  of the other "
        "legal values, any '\\n' characters written are translated\n  to the given string.\n\nIf closefd is False, the "
        "underlying file descriptor will be kept open\nwhen the file is closed. This does not work when a file name is "
        "given\nand must be True in that case.\n\nA custom opener can be used by passing a callable as *opener*. The\nunderlying "
        "file descriptor for the file object is then obtained by\ncalling *opener* with (*file*, *flags*). *opener* must return "
        "an open\nfile descriptor (passing os.open as *opener* results in functionality\nsimilar to passing None).\n\nopen() "
        "returns a file object whose type depends on the mode, and\nthrough which the standard file operations such as reading "
        "and writing\nare performed. When open() is used to open a file in a text mode ('w',\n'r', 'wt', 'rt', etc.), it returns "
        "a TextIOWrapper. When used to open\na file in a binary mode, the returned class varies: in read binary\nmode, it "
        "returns a BufferedReader; in write binary and append binary\nmodes, it returns a BufferedWriter, and in read/write "
        "mode, it returns\na BufferedRandom.\n\nIt is also possible to use a string or bytearray as a file for both\nreading and "
        "writing. For strings StringIO can be used like a file\nopened in a text mode, and for bytes a BytesIO can be used like "
        "a file\nopened in a binary mode."),
    native<io_open_code>("open_code($module, /, path)",
                         "Opens the provided file with the intent to import the contents.\n\nThis may perform extra validation "
                         "beyond open(), but is otherwise interchangeable\nwith calling open(path, 'rb')."),
    native<io_text_encoding>(
        "text_encoding($module, encoding, stacklevel=2, /)",
        "A helper function to choose the text encoding.\n\nWhen encoding is not None, this function returns it.\nOtherwise, this "
        "function returns the default text encoding\n(i.e. \"locale\" or \"utf-8\" depends on UTF-8 mode).\n\nThis function "
        "emits an EncodingWarning if encoding is None and\nsys.flags.warn_default_encoding is true.\n\nThis can be used in APIs "
        "with an encoding=None parameter.\nHowever, please consider using encoding=\"utf-8\" for new APIs."),
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
  return ok;
}

ModuleDef io_module = {
    .name = "_io",
    .doc =
        "The io module provides the Python interfaces to stream handling. The\nbuiltin open function is defined in this module.",
    .functions = io_functions,
    .function_count = count_of(io_functions),
    .types = io_types,
    .type_count = sizeof(io_types) / sizeof(*io_types),
    .exec = io_exec};

}  // namespace baton
