// _random: the Mersenne Twister behind random.Random.
#include "base/mersenne.h"
#include "base/random.h"
#include "objects/int_view.h"
#include "objects/module.h"
#include "objects/object.h"
#include "objects/raw_arguments.h"
#include "objects/tuple.h"

namespace baton {

class RandomObject final : public Cell {
 public:
  void init() {
    static constexpr Mersenne kUnseeded;
    new (&twister_) Mersenne(kUnseeded);
  }
  Mersenne& twister() { return twister_; }

 private:
  Mersenne twister_;  // guarded by the cell's CriticalSection
};

static Result<void> seed_from_system(Thread& thread, RandomObject* self) {
  u32 key[Mersenne::kStateWords];
  if (int error = random_bytes(key, sizeof key)) return raise_os_error(thread, error);
  CriticalSection guard(thread, self);
  self->twister().seed_by_array(key, Mersenne::kStateWords);
  return ok;
}

// The magnitude in 32-bit words, least significant first.
static Result<void> seed_from_int(Thread& thread, RandomObject* self, Value exact) {
  IntView view(exact);
  static_assert(sizeof(Limb) == 8);
  usize words = view->size ? 2 * view->size - ((view->limbs[view->size - 1] >> 32) == 0) : 1;
  u32 zero = 0;
  CriticalSection guard(thread, self);
  self->twister().seed_by_array(view->size ? reinterpret_cast<const u32*>(view->limbs) : &zero, words);
  return ok;
}

static Result<void> seed_with(Thread& thread, RandomObject* self, Value arg) {
  if (arg.is_none()) return seed_from_system(thread, self);
  if (Value exact = int_exact(arg); exact.is_present()) return seed_from_int(thread, self, exact);
  u64 hash = TRY(hash_of(thread, arg));
  return seed_from_int(thread, self, TRY(int_from_u64(thread, hash)));
}

static Result<Value> random_new(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames);
static Result<Value> random_init(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames);

static Result<void> random_seed(Thread& thread, RandomObject* self, Value n) { return seed_with(thread, self, n); }

static Result<double> random_random(Thread& thread, RandomObject* self) {
  CriticalSection guard(thread, self);
  return self->twister().next_double();
}

static Result<Value> random_getrandbits(Thread& thread, RandomObject* self, Value k) {
  i64 bits;
  if (!int_to_i64(TRY(to_index(thread, k)), &bits) || bits > INT32_MAX || bits < INT32_MIN) {
    return raise_overflow_error(thread, "Python int too large to convert to C int");
  }
  if (bits < 0) return raise_value_error(thread, "number of bits must be non-negative");
  if (bits == 0) return Value::of_small_int(0);
  usize words = static_cast<usize>(bits + 31) / 32;
  return build_int(thread, (words + 1) / 2, [&](Limb* out) {
    CriticalSection guard(thread, self);
    i64 left = bits;
    for (usize i = 0; i < words; ++i, left -= 32) {
      u64 word = self->twister().next_u32();
      if (left < 32) word >>= 32 - left;
      if (i % 2 == 0)
        out[i / 2] = word;
      else
        out[i / 2] |= word << 32;
    }
    usize n = (words + 1) / 2;
    while (n > 0 && out[n - 1] == 0) --n;
    return static_cast<i64>(n);
  });
}

static Result<Tuple*> random_getstate(Thread& thread, RandomObject* self) {
  Tuple* state = TRY(make_tuple(thread, nullptr, Mersenne::kStateWords + 1));
  CriticalSection guard(thread, self);
  for (usize i = 0; i < Mersenne::kStateWords; ++i)
    state->set_at(static_cast<Index>(i), Value::of_small_int(self->twister().state()[i]));
  state->set_at(Mersenne::kStateWords, Value::of_small_int(self->twister().position()));
  return state;
}

static Result<void> random_setstate(Thread& thread, RandomObject* self, Value state) {
  constexpr Index kWords = Mersenne::kStateWords;
  if (!is<Tuple>(state)) return raise_type_error(thread, "state vector must be a tuple");
  Tuple* items = state.as<Tuple>();
  if (items->length() != kWords + 1) return raise_value_error(thread, "state vector is the wrong size");
  u32 words[kWords];
  for (Index i = 0; i < kWords; ++i) {
    Value exact = int_exact(items->at(i));
    if (exact.is_absent()) return raise_type_error(thread, "an integer is required");
    u64 word;
    if (int_sign(exact) < 0) return raise_overflow_error(thread, "can't convert negative value to unsigned int");
    if (!int_to_u64(exact, &word)) return raise_overflow_error(thread, "Python int too large to convert to C unsigned long");
    words[i] = static_cast<u32>(word);
  }
  i64 position;
  Value exact = TRY(to_index(thread, items->at(kWords)));
  if (!int_to_i64(exact, &position)) return raise_overflow_error(thread, "Python int too large to convert to C long");
  if (position < 0 || position > kWords) return raise_value_error(thread, "invalid state");
  CriticalSection guard(thread, self);
  for (Index i = 0; i < kWords; ++i) self->twister().state()[i] = words[i];
  self->twister().set_position(static_cast<u32>(position));
  return ok;
}

static constinit NativeDef random_methods[] = {
    native_raw(random_new, "__new__(type, /, *args, **kwargs)",
               "Make an instance; the class's own help describes the arguments."),
    native_raw(random_init, "__init__($self, /, *args, **kwargs)",
               "Set up a new instance from the arguments its class documents."),
    native<random_random>("random($self, /)", "random() -> x in the interval [0, 1)."),
    native<random_seed>(
        "seed($self, n=None, /)",
        "seed([n]) -> None\n\nStart the sequence of numbers that belongs to n.\n\nWithout n, or with None, the start is random: "
        "taken from the operating\nsystem, or if that fails, made from the clock and the process ID."),
    native<random_getstate>("getstate($self, /)", "getstate() -> tuple containing the current state."),
    native<random_setstate>("setstate($self, state, /)", "setstate(state) -> None.  Restores generator state."),
    native<random_getrandbits>("getrandbits($self, k, /)", "getrandbits(k) -> x.  Generates an int with k random bits."),
};
static constinit TypeDef random_def = {
    .name = "_random.Random",
    .doc =
        "Random() -> random number generator\n\nA Mersenne Twister. What one instance is asked for does not influence "
        "the\nnumbers another gives.",
    .dynamic_kind = &DynamicKind<RandomObject>::value,
    .payload_size = sizeof(RandomObject),
    .flags = kTypeSubclassable,
    .methods = random_methods,
    .method_count = count_of(random_methods),
    .kind_info = {.name = "_random.Random"},
};

// What a subclass's __init__ takes is its own affair: arguments are looked at, and a seed is set, by __init__ only.
static Result<Value> random_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple*) {
  Type* type = TRY(check_new_type(thread, args, n, random_def.type));
  return Value(TRY(make_of<RandomObject>(thread, type)));
}

static Result<Value> random_init(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  if (n == 0 || !is<RandomObject>(args[0])) return raise_self_type_error(thread, def, n ? args[0] : kNone);
  if (type_of(args[0])->slot(Slot::init) == random_def.type->slot(Slot::init)) TRY(check_no_keywords(thread, "Random", kwnames));
  if (n > 2) return raise_type_error(thread, "Random() requires 0 or 1 argument");
  TRY(seed_with(thread, args[0].as<RandomObject>(), n == 2 ? args[1] : kNone));
  return kNone;
}

static TypeDef* const random_types[] = {&random_def};
constinit ModuleDef random_module = {
    .name = "_random",
    .doc = "Pseudo-random numbers from the Mersenne Twister.",
    .types = random_types,
    .type_count = 1,
};

}  // namespace baton
