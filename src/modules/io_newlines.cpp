// Universal newlines: translation, the record of endings seen, the end of lines, and _io.IncrementalNewlineDecoder.
#include <bit>
#include <cstring>

#include "base/load.h"
#include "base/search.h"
#include "modules/io_internal.h"
#include "objects/raw_arguments.h"
#include "objects/tuple.h"

namespace baton {

// Calls fn with a typed pointer to the units of s.
template <class F>
static auto with_units(const Str* s, F&& fn) {
  switch (s->width()) {
    case 1: return fn(s->data1());
    case 2: return fn(s->data2());
    default: return fn(s->data4());
  }
}

// How many \r have a \n behind them. In blocks whose counters are as narrow as a unit: for vectors.
template <class Unit>
static Index count_pairs(const Unit* data, Index n) {
  Index total = 0;
  for (Index at = 0; at + 1 < n;) {
    Index stop = n - 1 - at < 192 ? n - 1 : at + 192;
    Unit pairs = 0;
    for (; at < stop; ++at) pairs = static_cast<Unit>(pairs + (int{data[at] == '\r'} & int{data[at + 1] == '\n'}));
    total += pairs;
  }
  return total;
}

// Which endings are in the text; answers how many of them are \r\n.
template <class Unit>
static Index note_endings(const Unit* data, Index n, u8* seen) {
  usize size = static_cast<usize>(n);
  Index pairs = count_pairs(data, n);
  if (pairs) *seen |= kSeenCrLf;
  if (!(*seen & kSeenCr) && static_cast<Index>(count_char(data, size, Unit{'\r'})) > pairs) *seen |= kSeenCr;
  if (!(*seen & kSeenLf) && static_cast<Index>(count_char(data, size, Unit{'\n'})) > pairs) *seen |= kSeenLf;
  return pairs;
}

// The text with \n for each ending, as long as it is without the \r of pairs.
template <class Unit>
static void write_translated(const Unit* data, Index n, Unit* out) {
  for (const Unit* end = data + n; data < end;) {
    usize left = static_cast<usize>(end - data), line = find_char(data, left, Unit{'\r'});
    if (line == kTextNotFound) line = left;
    memcpy(out, data, line * sizeof(Unit));
    out += line;
    data += line;
    if (data == end) return;
    *out++ = '\n';
    ++data;
    if (data < end && *data == '\n') ++data;
  }
}

Result<Str*> translate_newlines(Thread& t, Str* text, bool final, bool translate, bool* pending_cr, u8* seen) {
  if (*pending_cr && (final || text->length() > 0)) {
    Str* cr = TRY(str_from_ascii(t, "\r"));
    text = TRY(str_concat(t, cr, text));
    *pending_cr = false;
  }
  Index n = text->length();
  // A \r at the end may be half of a \r\n: keep it back, so that the pair is seen whole.
  if (!final && n > 0 && text->at(n - 1) == '\r') {
    text = TRY(str_slice(t, text, 0, n - 1));
    *pending_cr = true;
    --n;
  }
  if (n == 0) return text;
  usize size = static_cast<usize>(n);
  int kind = static_cast<int>(text->width());
  if (find_char(kind, text->data(), size, '\r') == kTextNotFound) {
    if (!(*seen & kSeenLf) && find_char(kind, text->data(), size, '\n') != kTextNotFound) *seen |= kSeenLf;
    return text;
  }
  Index pairs = with_units(text, [&](auto* data) { return note_endings(data, n, seen); });
  if (!translate) return text;
  Str* result = TRY(str_allocate(t, n - pairs, text->width(), text->is_ascii()));
  with_units(text, [&](auto* data) {
    using Unit = std::remove_const_t<std::remove_pointer_t<decltype(data)>>;
    write_translated(data, n, static_cast<Unit*>(str_mutable_data(result)));
  });
  return result;
}

Result<Value> newlines_value(Thread& t, u8 seen) {
  Value items[3];
  Index n = 0;
  if (seen & kSeenCr) items[n++] = Value(intern(t, "\r"));
  if (seen & kSeenLf) items[n++] = Value(intern(t, "\n"));
  if (seen & kSeenCrLf) items[n++] = Value(intern(t, "\r\n"));
  if (n == 0) return kNone;
  if (n == 1) return items[0];
  return TRY(make_tuple(t, items, n));
}

// ---------------------------------------------------------------------------------------------------------------- ends of lines

template <class Unit>
static Index universal_end(const Unit* data, Index start, Index end) {
  for (Index i = start; i < end; ++i) {
    if constexpr (sizeof(Unit) == 1) {  // eight at a time: the lowest byte that differs from neither is told exactly
      constexpr u64 kOnes = 0x0101010101010101;
      for (; i + 8 <= end; i += 8) {
        u64 word = load64(data + i), no_cr = word ^ (kOnes * '\r'), no_lf = word ^ (kOnes * '\n');
        u64 ends = (((no_cr - kOnes) & ~no_cr) | ((no_lf - kOnes) & ~no_lf)) & (kOnes << 7);
        if (!ends) continue;
        i += std::countr_zero(ends) / 8;
        break;
      }
      if (i == end) break;
    }
    if (data[i] > '\r') continue;
    if (data[i] == '\n') return i + 1;
    if (data[i] == '\r') return i + 1 < end && data[i + 1] == '\n' ? i + 2 : i + 1;
  }
  return -1;
}

Index find_line_end(const Str* text, Index start, bool translated, bool universal, Str* newline, Index* consumed) {
  Index end = text->length();
  *consumed = end - start;
  if (start >= end) return -1;
  if (translated) {
    Index at = str_find_unit(text, '\n', start, end);
    return at < 0 ? -1 : at + 1;
  }
  if (universal) return with_units(text, [&](auto* data) { return universal_end(data, start, end); });
  Index at = str_find_in(text, newline, start, end);
  if (at >= 0) return at + newline->length();
  // The last unit may be the first of the ending.
  if (newline->length() > 1) {
    if (text->at(end - 1) == newline->at(0)) --*consumed;
  }
  return -1;
}

// ----------------------------------------------------------------------------------------------------------------
// IncrementalNewlineDecoder

static Result<Value> decoder_new(Thread& t, NativeDef const& def, Value const* args, usize n, Tuple*) {
  return TRY(make_of<NewlineDecoder>(t, TRY(check_new_type(t, args, n, def.owner->type))));
}

static Result<void> check_decoder(Thread& t, NewlineDecoder* self) {
  if (self->decoder_.get().is_absent()) return raise_value_error(t, "IncrementalNewlineDecoder.__init__() not called");
  return ok;
}

static Result<void> decoder_init(Thread&, NewlineDecoder* self, Value decoder, bool translate, Value errors) {
  self->decoder_.set(self, decoder);
  self->errors_.set(self, errors);
  self->translate_ = translate;
  self->seen_ = 0;
  self->pending_cr_ = false;
  return Result<void>();
}

Result<Str*> newline_decoder_decode(Thread& t, NewlineDecoder* self, Value input, bool final) {
  TRY(check_decoder(t, self));
  Value output = input;
  if (!self->decoder_.get().is_none())
    output = TRY(call_method(t, self->decoder_.get(), names.decode, input, Value::of_bool(final)));
  if (!is<Str>(output)) return raise_type_error(t, "decoder should return a string result, not '{!t}'", output);
  return translate_newlines(t, output.as<Str>(), final, self->translate_, &self->pending_cr_, &self->seen_);
}
static Result<Value> decoder_decode(Thread& t, NewlineDecoder* self, Value input, bool final) {
  return newline_decoder_decode(t, self, input, final);
}

static Result<Value> decoder_getstate(Thread& t, NewlineDecoder* self) {
  TRY(check_decoder(t, self));
  Value buffer;
  u64 flag = 0;
  if (!self->decoder_.get().is_none()) {
    Value state = TRY(call_method(t, self->decoder_.get(), names.getstate));
    if (!is<Tuple>(state) || state.as<Tuple>()->length() != 2) return raise_type_error(t, "illegal decoder state");
    buffer = state.as<Tuple>()->at(0);
    if (!int_to_u64(TRY(to_index(t, state.as<Tuple>()->at(1))), &flag)) return raise_overflow_error(t, "int too big to convert");
  } else {
    buffer = Value(TRY(bytes_from(t, nullptr, 0)));
  }
  flag <<= 1;
  if (self->pending_cr_) flag |= 1;
  return TRY(tuple_of(t, buffer, TRY(int_from_u64(t, flag))));
}
static Result<Value> decoder_setstate(Thread& t, NewlineDecoder* self, Value state) {
  TRY(check_decoder(t, self));
  if (!is<Tuple>(state)) return raise_type_error(t, "state argument must be a tuple");
  if (state.as<Tuple>()->length() != 2) return raise_type_error(t, "illegal decoder state");
  u64 flag = 0;
  if (!int_to_u64(TRY(to_index(t, state.as<Tuple>()->at(1))), &flag)) return raise_overflow_error(t, "int too big to convert");
  self->pending_cr_ = flag & 1;
  flag >>= 1;
  if (self->decoder_.get().is_none()) return kNone;
  return call_method(t, self->decoder_.get(), names.setstate,
                     Value(TRY(tuple_of(t, state.as<Tuple>()->at(0), TRY(int_from_u64(t, flag))))));
}
static Result<Value> decoder_reset(Thread& t, NewlineDecoder* self) {
  TRY(check_decoder(t, self));
  self->seen_ = 0;
  self->pending_cr_ = false;
  if (self->decoder_.get().is_none()) return kNone;
  return call_method(t, self->decoder_.get(), names.reset);
}
static Result<Value> decoder_newlines(Thread& t, Value self) {
  TRY(check_decoder(t, self.as<NewlineDecoder>()));
  return newlines_value(t, self.as<NewlineDecoder>()->seen_);
}

static constinit NativeDef decoder_methods[] = {
    native_raw(decoder_new, "__new__(type, *args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native<decoder_init>("__init__($self, /, decoder, translate, errors='strict')",
                         "Set up a new instance from the arguments its class documents."),
    native<decoder_decode>("decode($self, /, input, final=False)"),
    native<decoder_getstate>("getstate($self, /)"),
    native<decoder_setstate>("setstate($self, state, /)"),
    native<decoder_reset>("reset($self, /)"),
};
static GetSetDef decoder_getsets[] = {{"newlines", decoder_newlines, nullptr, nullptr}};
constinit TypeDef newline_decoder_def = {
    .name = "_io.IncrementalNewlineDecoder",
    .doc =
        "IncrementalNewlineDecoder(decoder, translate, errors='strict')\n--\n\nA decoder that takes care of all three kinds of "
        "line end.\n\nIt passes its input to decoder, another incremental decoder, or takes str if\ndecoder is None. With a true "
        "translate, each '\\r\\n' and '\\r' in the text\nbecomes '\\n'. Otherwise the text stays as it is, but no '\\r\\n' is "
        "split\nbetween two results. Which kinds have turned up is kept in newlines.",
    .dynamic_kind = &DynamicKind<NewlineDecoder>::value,
    .payload_size = sizeof(NewlineDecoder),
    .flags = kTypeSubclassable,
    .methods = decoder_methods,
    .method_count = count_of(decoder_methods),
    .getsets = decoder_getsets,
    .getset_count = 1,
    .kind_info = kind_info_of<NewlineDecoder>("_io.IncrementalNewlineDecoder")};

}  // namespace baton
