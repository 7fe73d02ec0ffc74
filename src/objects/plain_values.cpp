// Comparing values without calls. What is compared by identity (instances of classes without __eq__, functions, classes) counts,
// and so do tuples of such values.
#include "objects/plain_values.h"

#include <cstring>

#include "objects/bytes.h"
#include "objects/numbers.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace baton {

namespace {
enum class PlainKind : u8 { Other, Text, Bytes, Number, Tuple, Identity };
}  // namespace

static bool is_plain_number(Value v) { return is_exact_int(v) || v.is_bool() || is_exact_float(v); }

static PlainKind plain_kind(Value v) {
  if (is_exact<Str>(v)) return PlainKind::Text;
  if (is_plain_number(v)) return PlainKind::Number;
  if (is_exact<Tuple>(v)) return PlainKind::Tuple;
  if (is_exact<Bytes>(v)) return PlainKind::Bytes;
  return v.is_none() || type_of(v)->slot(Slot::eq) == types.object->slot(Slot::eq) ? PlainKind::Identity : PlainKind::Other;
}

bool is_plain_value(Value v) { return is_exact<Str>(v) || is_plain_number(v) || v.is_none() || is_exact<Bytes>(v); }

static PlainEqual of_bool(bool equal) { return equal ? PlainEqual::Yes : PlainEqual::No; }

static PlainEqual numbers_equal(Value a, Value b) {
  bool a_float = is_float(a), b_float = is_float(b);
  if (a_float && b_float) return of_bool(float_value(a) == float_value(b));
  if (!a_float && !b_float) return of_bool(int_compare(int_exact(a), int_exact(b)) == 0);
  Value whole = int_exact(a_float ? b : a);
  double real = float_value(a_float ? a : b);
  constexpr i64 kExact = i64{1} << 53;
  if (!whole.is_small_int() || whole.small_int() > kExact || whole.small_int() < -kExact) return PlainEqual::Unknown;
  return of_bool(static_cast<double>(whole.small_int()) == real);
}

static PlainEqual equal_within(Value a, Value b, int depth);

static PlainEqual tuples_equal(const Tuple* a, const Tuple* b, int depth) {
  if (depth == 0 || a->length() != b->length()) return depth == 0 ? PlainEqual::Unknown : PlainEqual::No;
  for (Index i = 0; i < a->length(); ++i) {
    PlainEqual equal = equal_within(a->at(i), b->at(i), depth - 1);
    if (equal != PlainEqual::Yes) return equal;
  }
  return PlainEqual::Yes;
}

static PlainEqual equal_within(Value a, Value b, int depth) {
  if (a == b) return PlainEqual::Yes;
  PlainKind kind = plain_kind(a), other = plain_kind(b);
  if (kind == PlainKind::Other || other == PlainKind::Other) return PlainEqual::Unknown;
  if (kind != other) {
    bool may_warn = kind == PlainKind::Bytes || other == PlainKind::Bytes;  // -b
    return may_warn && bytes_warning_level ? PlainEqual::Unknown : PlainEqual::No;
  }
  switch (kind) {
    case PlainKind::Text: return of_bool(str_equal(a.as<Str>(), b.as<Str>()));
    case PlainKind::Bytes: return of_bool(a.as<Bytes>()->text() == b.as<Bytes>()->text());
    case PlainKind::Number: return numbers_equal(a, b);
    case PlainKind::Tuple: return tuples_equal(a.as<Tuple>(), b.as<Tuple>(), depth);
    default: return PlainEqual::No;
  }
}

PlainEqual plain_equal(Value a, Value b) { return equal_within(a, b, 4); }

}  // namespace baton
