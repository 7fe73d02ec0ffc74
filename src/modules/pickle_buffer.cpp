// pickle.PickleBuffer: marks a buffer that may travel outside the pickle stream (PEP 574).
#include "modules/pickle_internal.h"
#include "objects/memoryview.h"
#include "objects/raw_arguments.h"

namespace baton {

static Result<MemoryView*> buffer_view(Thread& thread, PickleBuffer* self) {
  MemoryView* view = self->view_.get();
  if (!view) return raise_value_error(thread, "operation forbidden on released PickleBuffer object");
  return view;
}

static Result<Value> pickle_buffer_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  Type* type = TRY(check_new_type(thread, args, n, pickle_buffer_def.type));
  usize keywords = kwnames ? static_cast<usize>(kwnames->length()) : 0;
  if (n - 1 + keywords > 1)
    return raise_type_error(thread, "PickleBuffer() takes at most 1 argument ({} given)", static_cast<u64>(n - 1 + keywords));
  if (n != 2)
    return raise_type_error(thread, "PickleBuffer() takes exactly 1 positional argument ({} given)", static_cast<u64>(n - 1));
  if (!has_buffer(args[1])) return raise_type_error(thread, "a bytes-like object is required, not '{!t}'", args[1]);
  Value view = TRY(make_memoryview(thread, args[1]));
  return make_of<PickleBuffer>(thread, type, view.as<MemoryView>());
}

static Result<Value> pickle_buffer_raw(Thread& thread, PickleBuffer* self) {
  MemoryView* view = TRY(buffer_view(thread, self));
  if (!memoryview_is_contiguous(view)) return raise_buffer_error(thread, "cannot extract raw buffer from non-contiguous buffer");
  return memoryview_of_bytes(thread, view);
}

static Result<void> pickle_buffer_release(Thread& thread, PickleBuffer* self) {
  MemoryView* view = self->view_.get();
  if (!view) return ok;
  self->view_.clear();
  // Whoever reads the buffer right now keeps it; the collector gives it back then.
  return view->exports_ ? Result<void>() : memoryview_release(thread, view);
}

static Result<bool> get_pickle_buffer(Thread& thread, Cell* self, BufferInfo* out, bool writable) {
  MemoryView* view = TRY(buffer_view(thread, static_cast<PickleBuffer*>(self)));
  return memoryview_get_buffer(thread, view, out, writable);
}
static void release_pickle_buffer(Cell* self) {
  if (MemoryView* view = static_cast<PickleBuffer*>(self)->view_.get()) memoryview_release_buffer(view);
}
// memoryview(buffer) is one of the object behind it, with an export of its own.
static Result<MemoryView*> view_of_pickle_buffer(Thread& thread, Cell* self) {
  return buffer_view(thread, static_cast<PickleBuffer*>(self));
}

Result<void> init_pickle_buffer() {
  register_buffer_kind(cell_kind<PickleBuffer>(), get_pickle_buffer, release_pickle_buffer, view_of_pickle_buffer);
  return ok;
}

static constinit NativeDef pickle_buffer_methods[] = {
    native_raw(pickle_buffer_new, "__new__(type, /, *args, **kwargs)",
               "Make an instance; the class's own help describes the arguments."),
    native<pickle_buffer_raw>(
        "raw($self, /)",
        "View the buffer's memory as plain bytes.\n\nThe memoryview has one dimension and format 'B', whatever the shape of "
        "the\noriginal. BufferError for memory with gaps, that is, contiguous neither in\nC nor in Fortran order."),
    native<pickle_buffer_release>(
        "release($self, /)",
        "Let go of the memory of the wrapped object.\n\nAfter that the PickleBuffer can't be used any more."),
};
constinit TypeDef pickle_buffer_def = {.name = "pickle.PickleBuffer",
                                       .doc = "Wrapper for potentially out-of-band buffers",
                                       .dynamic_kind = &DynamicKind<PickleBuffer>::value,
                                       .payload_size = sizeof(PickleBuffer),
                                       .flags = kTypeWeakrefable,
                                       .methods = pickle_buffer_methods,
                                       .method_count = count_of(pickle_buffer_methods),
                                       .kind_info = kind_info_of<PickleBuffer>("pickle.PickleBuffer")};

}  // namespace baton
