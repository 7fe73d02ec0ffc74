// Which streams have nothing to do at the end of the process.
#include "modules/io_end.h"

#include "modules/io_internal.h"
#include "modules/io_text_internal.h"

namespace baton {

static bool file_ends_silently(Value v) { return is_exact<FileIO>(v) && !v.as<FileIO>()->closefd_; }

static bool reader_ends_silently(Value v) {
  if (!is_exact<Buffered>(v)) return false;
  auto* reader = v.as<Buffered>();
  return reader->ok_ && !reader->detached_ && reader->direct_ && !reader->writable_ && reader->read_ahead() == 0 &&
         file_ends_silently(reader->raw_.get());
}

static bool text_ends_silently(Value v) {
  if (!is_exact<TextWrapper>(v)) return false;
  auto* text = v.as<TextWrapper>();
  return text->ok_ && !text->detached_ && !text->can_write_ && reader_ends_silently(text->buffer_.get());
}

static bool is_closed(Value file) {
  if (is<FileIO>(file)) return file.as<FileIO>()->fd_ < 0;
  return is<Buffered>(file) && file.as<Buffered>()->ok_ && is_closed(file.as<Buffered>()->raw_.get());
}

static bool has_same(Value v, const TypeDef& def, Str* name) {
  return type_lookup(type_of(v), name) == type_lookup(def.type, name);
}

// Of a class written in Python, which leaves it to io how it ends. (Others are withdrawn when they are closed.)
static bool is_closed_text(Value v) {
  if (!is<TextWrapper>(v) || !v.as<TextWrapper>()->ok_ || v.as<TextWrapper>()->detached_) return false;
  return has_same(v, text_io_wrapper_def, names.dunder_del) && has_same(v, text_io_wrapper_def, names.closed) &&
         is_closed(v.as<TextWrapper>()->buffer_.get());
}
static bool is_closed_other(Cell* cell) {
  Value v(cell);
  if (!io_base_def.type || !tail_of(cell) || !has_same(v, io_base_def, names.dunder_del)) return false;
  return has_same(v, io_base_def, names.closed) && instance_find(cell, names.io_closed) == kTrue;
}

bool io_ends_silently(Cell* cell) {
  Value v(cell);
  if (is_closed_text(v) || is_closed_other(cell)) return true;
  return file_ends_silently(v) || reader_ends_silently(v) || text_ends_silently(v);
}

}  // namespace baton
