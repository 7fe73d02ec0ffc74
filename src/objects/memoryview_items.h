// Items of memoryviews: the native formats of one character, and walking through dimensions.
#pragma once
#include "objects/memoryview.h"

namespace baton {

// Shape, strides and place of a buffer, however it was got.
struct BufferShape {
  const u8* data;
  Index itemsize;
  const char* format;
  int ndim;
  Index* shape;
  Index* strides;
};
inline BufferShape shape_of_view(MemoryView* view) {
  return {view->data_, view->itemsize_, view->format_, view->ndim_, view->shape(), view->strides()};
}

// The format character of "h" or "@h", 0 for anything else; and the size of its items (0: not a native format).
char native_format(const char* format);
Index native_item_size(char format);
// A literal "h" or "@h" that lives forever.
const char* native_format_literal(char format, bool with_at);

Result<Value> unpack_item(Thread& thread, const u8* item, const char* format);
Result<void> pack_item(Thread& thread, u8* item, const char* format, Value v);
// Copies the items in C order, each itemsize bytes.
void copy_items(const BufferShape& from, u8* to);
void copy_items_fortran(const BufferShape& from, u8* to);
Result<Value> items_to_list(Thread& thread, const BufferShape& view);
Result<bool> items_equal(Thread& thread, const BufferShape& a, const BufferShape& b);
bool is_c_contiguous(const BufferShape& view);
bool is_fortran_contiguous(const BufferShape& view);

}  // namespace baton
