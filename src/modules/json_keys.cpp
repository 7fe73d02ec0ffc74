// _json: the table of object keys that were met before. See the header.
#include "modules/json_keys.h"

#include <cstring>

#include "base/load_as.h"
#include "objects/object.h"

namespace baton {

static constexpr Index kPlaces = 1024;
static Root<ValueArray>* kept_keys = nullptr;

Result<void> init_json_keys(Thread& thread) {
  static Root<ValueArray> root;
  root.set(TRY(make_value_array(thread, kPlaces)));
  kept_keys = &root;
  return ok;
}

// Of the length and of the first and the last bytes, up to eight each.
static Index place_of(const u8* p, usize n) {
  u64 first, last;
  if (n >= 8) {
    first = load_as<u64>(p);
    last = load_as<u64>(p + n - 8);
  } else if (n >= 4) {
    first = load_as<u32>(p);
    last = load_as<u32>(p + n - 4);
  } else {
    first = n ? p[0] | u64{p[n / 2]} << 8 : 0;
    last = n ? p[n - 1] : 0;
  }
  u64 h = (first + n) * 0x9E3779B97F4A7C15 ^ last * 0xD6E8FEB86659FD93;
  h = (h ^ h >> 32) * 0x9E3779B97F4A7C15;
  return static_cast<Index>(h >> 54);
}

static BATON_NOINLINE Result<Str*> keep_new(Thread& thread, Str* text, Index at, Index n, Index place) {
  Str* key = TRY(str_slice(thread, text, at, at + n));
  ValueArray* keys = kept_keys->get();
  CriticalSection guard(thread, keys);
  keys->set_at(place, Value(key));
  return key;
}

Result<Str*> json_key(Thread& thread, Str* text, Index at, Index n) {
  const u8* bytes = static_cast<const u8*>(text->data()) + at;
  Index place = place_of(bytes, static_cast<usize>(n));
  Value kept = kept_keys->get()->at(place);
  if (kept.is_present()) {
    Str* key = kept.as<Str>();
    if (key->length() == n && key->width() == 1 && memcmp(key->data(), bytes, static_cast<usize>(n)) == 0) return key;
  }
  return keep_new(thread, text, at, n, place);
}

}  // namespace baton
