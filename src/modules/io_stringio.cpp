// _io.StringIO: text in memory, as an array of units wide enough for everything written so far.
#include <cstring>

#include "modules/io_internal.h"
#include "objects/dict.h"
#include "objects/raw_arguments.h"
#include "objects/raw_bytes.h"
#include "objects/tuple.h"
#include "threads/relaxed.h"

namespace baton {

class StringIO final : public Cell {
 public:
  void init() {
    storage_.init(nullptr);
    newline_.init(Value());
    write_newline_.init(nullptr);
    length_ = position_ = 0;
    width_ = 1;
    ok_ = universal_ = translate_ = pending_cr_ = false;
    closed_ = false;
    seen_ = 0;
  }
  void visit_edges(EdgeVisitor& visit) const { visit(storage_, newline_, write_newline_, tail_.extra_); }
  u8* data() const { return storage_.get() ? storage_->data() : nullptr; }
  u32 at(i64 i) const {
    const u8* d = data();
    return width_ == 1 ? d[i] : width_ == 2 ? reinterpret_cast<const u16*>(d)[i] : reinterpret_cast<const u32*>(d)[i];
  }

  Field<RawBytes> storage_;
  Field<Value> newline_;            // the argument: None or a str; absent: not initialised
  Field<Str> write_newline_;        // what \n becomes when written, or null
  Relaxed<i64> length_, position_;  // in units
  u32 width_;
  bool universal_, translate_, pending_cr_;
  Relaxed<bool> ok_, closed_;
  u8 seen_;
  ObjectTail tail_;
};

static Result<void> check(Thread& t, StringIO* self) {
  if (!self->ok_) return raise_value_error(t, "I/O operation on uninitialized object");
  if (self->closed_) return raise_value_error(t, "I/O operation on closed file");
  return ok;
}

// Storage for `capacity` units of at least this width, keeping the contents.
static Result<void> ensure_storage(Thread& t, StringIO* self, i64 capacity, u32 width) {
  RawBytes* old = self->storage_.get();
  u32 w = width > self->width_ ? width : self->width_;
  if (old && w == self->width_ && old->capacity() >= static_cast<usize>(capacity) * w) return ok;
  usize units = static_cast<usize>(capacity);
  if (old && static_cast<usize>(self->length_) < units) units += units / 2 + 16;
  if (old && w == self->width_ && raw_bytes_grow(t, old, units * w)) return ok;
  RawBytes* fresh = TRY(make_raw_bytes(t, units * w));
  if (old && w == self->width_) {
    memcpy(fresh->data(), old->data(), static_cast<usize>(self->length_) * w);
  } else if (old) {
    for (i64 i = 0; i < self->length_; ++i) {
      u32 c = self->at(i);
      if (w == 2)
        reinterpret_cast<u16*>(fresh->data())[i] = static_cast<u16>(c);
      else
        reinterpret_cast<u32*>(fresh->data())[i] = c;
    }
  }
  self->storage_.set(self, fresh);
  self->width_ = w;
  return ok;
}

static Result<void> put_text(Thread& t, StringIO* self, Str* text) {
  i64 n = text->length();
  if (n == 0) return ok;
  i64 end;
  if (__builtin_add_overflow(self->position_.get(), n, &end)) return raise_overflow_error(t, "new position too large");
  TRY(ensure_storage(t, self, end > self->length_ ? end : self->length_.get(), text->width()));
  u32 w = self->width_;
  u8* data = self->data();
  if (self->position_ > self->length_)
    memset(data + self->length_ * w, 0, static_cast<usize>(self->position_ - self->length_) * w);
  u8* out = data + self->position_ * w;
  if (text->width() == w) {
    memcpy(out, text->data(), static_cast<usize>(n) * w);
  } else {
    for (i64 i = 0; i < n; ++i) {
      if (w == 2)
        reinterpret_cast<u16*>(out)[i] = static_cast<u16>(text->at(i));
      else
        reinterpret_cast<u32*>(out)[i] = text->at(i);
    }
  }
  self->position_ = end;
  if (end > self->length_) self->length_ = end;
  return ok;
}

// Here as in all that reads or moves in the contents: under the lock, for storage, width, length and position belong together.
static Result<void> write_text(Thread& t, StringIO* self, Str* text) {
  CriticalSection guard(t, self);
  if (self->universal_) text = TRY(translate_newlines(t, text, true, self->translate_, &self->pending_cr_, &self->seen_));
  if (Str* newline = self->write_newline_.get()) text = TRY(str_replace_all(t, text, TRY(str_from_ascii(t, "\n")), newline));
  return put_text(t, self, text);
}

static Result<Str*> contents(Thread& t, StringIO* self, i64 start, i64 n) {
  return str_from_units(t, n ? self->data() + start * self->width_ : nullptr, n, self->width_);
}

// ---------------------------------------------------------------------------------------------------------------- methods

static Result<Value> stringio_new(Thread& t, NativeDef const& def, Value const* args, usize n, Tuple*) {
  return TRY(make_of<StringIO>(t, TRY(check_new_type(t, args, n, def.owner->type))));
}

static Result<void> stringio_init(Thread& t, StringIO* self, Value initial, Value newline) {
  if (!newline.is_none() && !is<Str>(newline)) return raise_type_error(t, "newline must be str or None, not {!t}", newline);
  Str* nl = newline.is_none() ? nullptr : newline.as<Str>();
  if (nl && nl->length() && !str_equals_ascii(nl, "\n") && !str_equals_ascii(nl, "\r") && !str_equals_ascii(nl, "\r\n")) {
    return raise_value_error(t, "illegal newline value: {!r}", newline);
  }
  if (!initial.is_none() && !is<Str>(initial)) return raise_type_error(t, "initial_value must be str or None, not {!t}", initial);
  self->ok_ = false;
  self->newline_.set(self, newline);
  self->universal_ = !nl || nl->length() == 0;
  self->translate_ = !nl;
  self->write_newline_.set(self, nl && nl->length() && nl->at(0) == '\r' ? nl : nullptr);
  {
    CriticalSection guard(t, self);
    self->storage_.set(self, nullptr);
    self->length_ = self->position_ = 0;
    self->width_ = 1;
  }
  self->pending_cr_ = false;
  self->seen_ = 0;
  self->closed_ = false;
  if (!initial.is_none()) TRY(write_text(t, self, initial.as<Str>()));
  self->position_ = 0;
  self->ok_ = true;
  return ok;
}

static Result<void> stringio_init_method(Thread& t, StringIO* self, Value initial, Optional<Value> newline) {
  return stringio_init(t, self, initial, newline.has_value() ? newline.value : Value(TRY(str_from_ascii(t, "\n"))));
}

static Result<i64> size_argument(Thread& t, Value v) {
  if (v.is_none()) return i64{-1};
  if (!v.is_small_int() && type_of(v)->slot(Slot::index).is_absent())
    return raise_type_error(t, "argument should be integer or None, not '{!t}'", v);
  return TRY(to_index_checked(t, v, exceptions.OverflowError));
}

static Result<Value> stringio_getvalue(Thread& t, StringIO* self) {
  TRY(check(t, self));
  CriticalSection guard(t, self);
  return contents(t, self, 0, self->length_);
}
static Result<i64> stringio_tell(Thread& t, StringIO* self) {
  TRY(check(t, self));
  return self->position_.get();
}
static Result<Value> stringio_read(Thread& t, StringIO* self, Value size) {
  i64 n = TRY(size_argument(t, size));
  TRY(check(t, self));
  CriticalSection guard(t, self);
  i64 have = self->length_ > self->position_ ? self->length_ - self->position_ : 0;
  if (n < 0 || n > have) n = have;
  i64 from = self->position_;
  self->position_ += n;
  return contents(t, self, from, n);
}

template <class Unit>
static i64 line_end(const Unit* data, i64 start, i64 end, StringIO* self) {
  for (i64 i = start; i < end; ++i) {
    u32 c = data[i];
    if (c != '\n' && c != '\r') continue;
    if (self->translate_) {
      if (c == '\n') return i + 1;
      continue;
    }
    if (self->universal_) return c == '\r' && i + 1 < end && data[i + 1] == '\n' ? i + 2 : i + 1;
    Str* nl = self->newline_.get().as<Str>();
    if (c != nl->at(0)) continue;
    if (nl->length() == 1) return i + 1;
    if (i + 1 < end && data[i + 1] == nl->at(1)) return i + 2;
  }
  return end;
}

static Result<Str*> take_line(Thread& t, StringIO* self, i64 limit) {
  CriticalSection guard(t, self);
  if (self->position_ >= self->length_) return str_from_ascii(t, "");
  i64 from = self->position_;
  i64 end = limit >= 0 && limit < self->length_ - from ? from + limit : self->length_.get();
  const u8* d = self->data();
  switch (self->width_) {
    case 1: end = line_end(d, from, end, self); break;
    case 2: end = line_end(reinterpret_cast<const u16*>(d), from, end, self); break;
    default: end = line_end(reinterpret_cast<const u32*>(d), from, end, self); break;
  }
  self->position_ = end;
  return contents(t, self, from, end - from);
}
static Result<Value> stringio_readline(Thread& t, StringIO* self, Value size) {
  i64 limit = TRY(size_argument(t, size));
  TRY(check(t, self));
  return take_line(t, self, limit);
}
static Result<Value> stringio_next(Thread& t, StringIO* self) {
  TRY(check(t, self));
  Value line;
  if (is_exact<StringIO>(Value(self))) {
    line = Value(TRY(take_line(t, self, -1)));
  } else {
    line = TRY(call_method(t, Value(self), names.readline));
    if (!is<Str>(line)) return raise(t, exceptions.OSError, "readline() should have returned a str object, not '{!t}'", line);
  }
  return line.as<Str>()->length() == 0 ? kExhausted : line;
}

static Result<i64> stringio_write(Thread& t, StringIO* self, Value s) {
  if (!is<Str>(s)) return raise_type_error(t, "string argument expected, got '{!t}'", s);
  TRY(check(t, self));
  TRY(write_text(t, self, s.as<Str>()));
  return s.as<Str>()->length();
}
static Result<Value> stringio_truncate(Thread& t, StringIO* self, Value size) {
  i64 given = -1;
  if (!size.is_none()) {
    if (!size.is_small_int() && type_of(size)->slot(Slot::index).is_absent())
      return raise_type_error(t, "argument should be integer or None, not '{!t}'", size);
    given = TRY(to_index_checked(t, size, exceptions.OverflowError));
  }
  TRY(check(t, self));
  i64 n = given;
  if (size.is_none()) n = self->position_;
  if (n < 0) return raise_value_error(t, "Negative size value {}", n);
  CriticalSection guard(t, self);
  if (n < self->length_) self->length_ = n;
  return int_from_i64(t, n);
}
static Result<Value> stringio_seek(Thread& t, StringIO* self, i64 position, int whence) {
  TRY(check(t, self));
  if (whence < 0 || whence > 2) return raise_value_error(t, "Invalid whence ({}, should be 0, 1 or 2)", whence);
  if (position < 0 && whence == 0) return raise_value_error(t, "Negative seek position {}", position);
  if (whence != 0 && position != 0) return raise(t, exceptions.OSError, "Can't do nonzero cur-relative seeks");
  CriticalSection guard(t, self);
  if (whence == 1) position = self->position_;
  if (whence == 2) position = self->length_;
  self->position_ = position;
  return int_from_i64(t, position);
}
static Result<bool> stringio_true(Thread& t, StringIO* self) {
  TRY(check(t, self));
  return true;
}
static Result<void> stringio_close(Thread& t, StringIO* self) {
  CriticalSection guard(t, self);
  self->closed_ = true;
  self->storage_.set(self, nullptr);
  self->length_ = 0;
  return Result<void>();
}

static Result<Value> stringio_getstate(Thread& t, StringIO* self) {
  Value text = TRY(stringio_getvalue(t, self));
  Dict* attributes = TRY(instance_attributes_copy(t, self));
  return TRY(tuple_of(t, text, self->newline_.get(), TRY(int_from_i64(t, self->position_)),
                      attributes && attributes->length() ? Value(attributes) : kNone));
}
static Result<void> stringio_setstate(Thread& t, StringIO* self, Value state) {
  if (self->ok_ && self->closed_) return raise_value_error(t, "I/O operation on closed file");
  if (!is<Tuple>(state) || state.as<Tuple>()->length() < 4) {
    return raise_type_error(t, "{!t}.__setstate__ argument should be 4-tuple, got {!t}", Value(self), state);
  }
  Tuple* parts = state.as<Tuple>();
  TRY(stringio_init(t, self, parts->at(0), parts->at(1)));
  // The value as it was: not translated again.
  if (!is<Str>(parts->at(0))) return raise_type_error(t, "initial_value must be str or None, not {!t}", parts->at(0));
  {
    CriticalSection guard(t, self);
    self->length_ = self->position_ = 0;
    TRY(put_text(t, self, parts->at(0).as<Str>()));
  }
  if (!is_int(parts->at(2))) return raise_type_error(t, "third item of state must be an integer, got {!t}", parts->at(2));
  i64 position = TRY(to_index_checked(t, parts->at(2), exceptions.OverflowError));
  if (position < 0) return raise_value_error(t, "position value cannot be negative");
  self->position_ = position;
  if (parts->at(3).is_none()) return ok;
  if (!is<Dict>(parts->at(3))) return raise_type_error(t, "fourth item of state should be a dict, got a {!t}", parts->at(3));
  return dict_update_from(t, TRY(instance_dict(t, self)), parts->at(3));
}

static Result<Value> get_closed(Thread& t, Value v) {
  auto* self = v.as<StringIO>();
  if (!self->ok_) return raise_value_error(t, "I/O operation on uninitialized object");
  return Value::of_bool(self->closed_);
}
static Result<Value> get_line_buffering(Thread& t, Value v) {
  TRY(check(t, v.as<StringIO>()));
  return kFalse;
}
static Result<Value> get_newlines(Thread& t, Value v) {
  TRY(check(t, v.as<StringIO>()));
  return newlines_value(t, v.as<StringIO>()->universal_ ? v.as<StringIO>()->seen_ : u8{0});
}
static Result<void> finish_stringio(Thread&, Type* type) {
  type->flags_ &= ~static_cast<u32>(kTypeHasDel);
  return Result<void>();
}

static constinit NativeDef stringio_methods[] = {
    native_raw(stringio_new, "__new__(type, *args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native<stringio_init_method>("__init__($self, /, initial_value='', newline='\\n')",
                                 "Set up a new instance from the arguments its class documents."),
    native<stringio_getvalue>("getvalue($self, /)", "Retrieve the entire contents of the object."),
    native<stringio_tell>("tell($self, /)", "Tell the current file position."),
    native<stringio_read>("read($self, size=-1, /)",
                          "Return at most size characters, or '' when nothing is left.\n\nWithout a size, or with a negative "
                          "one, everything to the end is returned."),
    native<stringio_readline>("readline($self, size=-1, /)",
                              "Return the next line, with its line end, or '' if none is left.\n\nA size that is not negative is "
                              "the most characters to return."),
    native<stringio_next>("__next__($self, /)", "Implement next(self)."),
    native<stringio_write>("write($self, s, /)", "Write the str s at the present position and return its length."),
    native<stringio_truncate>(
        "truncate($self, pos=None, /)",
        "Cut off whatever lies beyond the first pos characters.\n\nWithout pos, that is what follows the present position, which "
        "itself stays\nas it is. A shorter text is not extended. The result is pos."),
    native<stringio_seek>("seek($self, pos, whence=0, /)",
                          "Move to another position and return it, counted from the start.\n\npos is a number of characters, and "
                          "whence the place to count from:\n 0  the start (default); pos is not negative\n 1  the present "
                          "position; pos can only be 0\n 2  the end; pos can only be 0"),
    native<stringio_true>("readable($self, /)", "Returns True if the IO object can be read."),
    native<stringio_true>("writable($self, /)", "Returns True if the IO object can be written."),
    native<stringio_true>("seekable($self, /)", "Returns True if the IO object can be seeked."),
    native<stringio_close>("close($self, /)",
                           "Close the stream and let go of its text.\n\nClosing it again does nothing; anything else one tries "
                           "to do with it raises\nValueError."),
    native<stringio_getstate>("__getstate__($self, /)"),
    native<stringio_setstate>("__setstate__($self, state, /)"),
};
static GetSetDef stringio_getsets[] = {{"closed", get_closed, nullptr, nullptr},
                                       {"newlines", get_newlines, nullptr, nullptr},
                                       {"line_buffering", get_line_buffering, nullptr, nullptr}};
constinit TypeDef string_io_def = {
    .name = "_io.StringIO",
    .doc =
        "StringIO(initial_value='', newline='\\n')\n--\n\nA text stream that lives in memory.\n\nIt holds initial_value to begin "
        "with. newline has the meanings it has for\nTextIOWrapper, but the default, '\\n', translates nothing.",
    .base = &text_io_base_def,
    .dynamic_kind = &DynamicKind<StringIO>::value,
    .payload_size = sizeof(StringIO),
    .flags = kTypeSubclassable | kTypeHasDict | kTypeWeakrefable,
    .methods = stringio_methods,
    .method_count = count_of(stringio_methods),
    .getsets = stringio_getsets,
    .getset_count = 3,
    .kind_info = kind_info_of<StringIO>("_io.StringIO"),
    .finish = finish_stringio};

}  // namespace baton
