// Source lines of files for tracebacks, read and decoded on demand.
#include "objects/source_lines.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "objects/codecs.h"
#include "objects/dict.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/object.h"
#include "syntax/source.h"

namespace baton {

struct FileBytes {
  u8* data = nullptr;
  usize size = 0;
  ~FileBytes() { free(data); }
};

static bool read_file(Thread& thread, const char* path, FileBytes* out) {
  return blocking(thread, [&] {
    int fd = ::open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    struct stat info;
    bool good = fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size < (64 << 20);
    if (good) {
      out->data = static_cast<u8*>(malloc(static_cast<usize>(info.st_size) + 1));
      good = out->data;
      while (good && out->size < static_cast<usize>(info.st_size)) {
        ssize_t n = ::read(fd, out->data + out->size, static_cast<usize>(info.st_size) - out->size);
        if (n <= 0) break;
        out->size += static_cast<usize>(n);
      }
    }
    ::close(fd);
    return good;
  });
}

static Result<bool> read_named(Thread& thread, Str* filename, FileBytes* out) {
  Bytes* path = TRY(encode_file_system(thread, filename));
  KeepAlive keep{Value(path)};
  if (path->text().find('\0') != std::string_view::npos) return false;
  return read_file(thread, reinterpret_cast<const char*>(path->data()), out);
}

// A file that isn't where its code says may be found by its base name on sys.path.
static Result<bool> find_on_path(Thread& thread, Str* filename, FileBytes* out) {
  if (!runtime.sys) return false;
  Value path = dict_find_str(runtime.sys->dict(), names.path);
  if (!is<List>(path)) return false;
  Index start = filename->length();
  while (start > 0 && filename->at(start - 1) != '/') --start;
  Str* base = TRY(str_slice(thread, filename, start, filename->length()));
  for (Index i = 0; i < path.as<List>()->length(); ++i) {
    Value entry = path.as<List>()->try_at(i);
    if (!is<Str>(entry)) continue;
    Str* full = TRY(format_message(thread, entry.as<Str>()->length() ? "{}/{}" : "{}{}", entry, base));
    if (TRY(read_named(thread, full, out))) return true;
  }
  return false;
}

static Result<Str*> decode(Thread& thread, const FileBytes& bytes, Str* filename) {
  syntax::Arena arena;
  Value owner;
  std::string_view name = str_utf8_lossy(thread, filename, &owner);
  (void)name;
  std::string_view raw(reinterpret_cast<const char*>(bytes.data), bytes.size);
  syntax::DecodedSource source = syntax::decode_source(arena, raw, "", true);
  if (source.status == syntax::DecodeStatus::Ok) return str_from_utf8(thread, source.text);
  if (source.status == syntax::DecodeStatus::NeedsCodec) {
    Str* encoding = TRY(str_from_utf8(thread, source.encoding));
    return decode_text(thread, reinterpret_cast<const u8*>(source.body.data()), source.body.size(), Value(), encoding, nullptr);
  }
  return str_from_latin1(thread, bytes.data, bytes.size);
}

static Atomic<bool> forgotten = false;  // monotonic

void forget_source_lines() { forgotten.store(true); }

static Result<Str*> load(Thread& thread, Str* filename) {
  FileBytes bytes;
  if (!TRY(read_named(thread, filename, &bytes)) && !TRY(find_on_path(thread, filename, &bytes))) return names.empty;
  return decode(thread, bytes, filename);
}

Str* SourceLines::line(Thread& thread, Str* filename, i64 number) {
  if (forgotten.load()) return nullptr;
  if (!filename_ || !str_equal(filename_, filename)) {
    filename_ = filename;
    Result<Str*> text = load(thread, filename);
    if (text.is_failed()) thread.clear_pending();
    text_ = text.is_failed() ? nullptr : text.value();
  }
  if (!text_ || number < 1) return nullptr;
  Index at = 0, n = text_->length();
  auto line_end = [&](Index i) {
    while (i < n && text_->at(i) != '\n' && text_->at(i) != '\r') ++i;
    return i;
  };
  for (i64 current = 1; at < n; ++current) {
    Index end = line_end(at);
    if (current == number) {
      Result<Str*> found = str_slice(thread, text_, at, end);
      if (found.is_failed()) thread.clear_pending();
      return found.is_failed() ? nullptr : found.value();
    }
    if (end >= n) return nullptr;
    at = end + 1;
    if (text_->at(end) == '\r' && at < n && text_->at(at) == '\n') ++at;
  }
  return nullptr;
}

}  // namespace baton
