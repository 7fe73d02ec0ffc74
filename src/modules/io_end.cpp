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

bool io_ends_silently(Cell* cell) {
  Value v(cell);
  return file_ends_silently(v) || reader_ends_silently(v) || text_ends_silently(v);
}

}  // namespace baton
