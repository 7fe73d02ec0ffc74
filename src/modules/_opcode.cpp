// _opcode: stack effects of the instructions that the library's opcode module lists, which are CPython 3.11's.
//
// Baton's own instructions work on registers and have no stack effect; the numbers of opcode.opmap are what programs know.
#include "objects/module.h"
#include "objects/object.h"

namespace baton {

// How the effect depends on the argument n.
enum class Effect : u8 {
  Constant,
  Less,       // base - n
  LessTwice,  // base - 2n
  More,       // base + n
  LowBit,     // base + (n & 1)
  LowBitLess,
  Unpack,    // n & 0xFF names before the starred one, n >> 8 behind it
  Function,  // one object for each of the four low bits
  Slice,     // one more object when n is 3
  Format,    // one more object with bit 2
  Jump,      // base without a jump, base + 1 with one
  ForIter,   // gone with the jump
  Send,
};
struct Instruction {
  u8 code;
  i8 base;
  Effect effect;
};
static constexpr u8 kHaveArgument = 90;
static constexpr Instruction kInstructions[] = {
    {0, 0, Effect::Constant},    {1, -1, Effect::Constant},   {2, 1, Effect::Constant},      {9, 0, Effect::Constant},
    {10, 0, Effect::Constant},   {11, 0, Effect::Constant},   {12, 0, Effect::Constant},     {15, 0, Effect::Constant},
    {25, -1, Effect::Constant},  {30, 1, Effect::Constant},   {31, 1, Effect::Constant},     {32, 1, Effect::Constant},
    {33, 1, Effect::Constant},   {35, 1, Effect::Constant},   {36, 0, Effect::Constant},     {37, 0, Effect::Constant},
    {49, 1, Effect::Constant},   {50, 0, Effect::Constant},   {51, 1, Effect::Constant},     {52, 1, Effect::Constant},
    {53, 1, Effect::Constant},   {54, -2, Effect::Constant},  {60, -3, Effect::Constant},    {61, -2, Effect::Constant},
    {68, 0, Effect::Constant},   {69, 0, Effect::Constant},   {70, -1, Effect::Constant},    {71, 1, Effect::Constant},
    {74, 1, Effect::Constant},   {75, 0, Effect::Constant},   {82, 0, Effect::Constant},     {83, -1, Effect::Constant},
    {84, -1, Effect::Constant},  {85, 0, Effect::Constant},   {86, 0, Effect::Constant},     {87, 0, Effect::Constant},
    {88, -1, Effect::Constant},  {89, -1, Effect::Constant},  {90, -1, Effect::Constant},    {91, 0, Effect::Constant},
    {92, -1, Effect::More},      {93, 1, Effect::ForIter},    {94, 0, Effect::Unpack},       {95, -2, Effect::Constant},
    {96, -1, Effect::Constant},  {97, -1, Effect::Constant},  {98, 0, Effect::Constant},     {99, 0, Effect::Constant},
    {100, 1, Effect::Constant},  {101, 1, Effect::Constant},  {102, 1, Effect::Less},        {103, 1, Effect::Less},
    {104, 1, Effect::Less},      {105, 1, Effect::LessTwice}, {106, 0, Effect::Constant},    {107, -1, Effect::Constant},
    {108, -1, Effect::Constant}, {109, 1, Effect::Constant},  {110, 0, Effect::Constant},    {111, -1, Effect::Jump},
    {112, -1, Effect::Jump},     {114, -1, Effect::Constant}, {115, -1, Effect::Constant},   {116, 1, Effect::LowBit},
    {117, -1, Effect::Constant}, {118, -1, Effect::Constant}, {119, -1, Effect::Constant},   {120, 1, Effect::Constant},
    {122, -1, Effect::Constant}, {123, 0, Effect::Send},      {124, 1, Effect::Constant},    {125, -1, Effect::Constant},
    {126, 0, Effect::Constant},  {128, -1, Effect::Constant}, {129, -1, Effect::Constant},   {130, 0, Effect::Less},
    {131, 0, Effect::Constant},  {132, 0, Effect::Function},  {133, -1, Effect::Slice},      {134, 0, Effect::Constant},
    {135, 0, Effect::Constant},  {136, 1, Effect::Constant},  {137, 1, Effect::Constant},    {138, -1, Effect::Constant},
    {139, 0, Effect::Constant},  {140, 0, Effect::Constant},  {142, -2, Effect::LowBitLess}, {144, 0, Effect::Constant},
    {145, -1, Effect::Constant}, {146, -1, Effect::Constant}, {147, -2, Effect::Constant},   {148, 1, Effect::Constant},
    {149, 0, Effect::Constant},  {151, 0, Effect::Constant},  {152, -2, Effect::Constant},   {155, 0, Effect::Format},
    {156, 0, Effect::Less},      {157, 1, Effect::Less},      {160, 1, Effect::Constant},    {162, -1, Effect::Constant},
    {163, -1, Effect::Constant}, {164, -1, Effect::Constant}, {165, -1, Effect::Constant},   {166, 0, Effect::Less},
    {171, -1, Effect::Constant}, {172, 0, Effect::Constant},  {173, -1, Effect::Constant},   {174, -1, Effect::Constant},
    {175, -1, Effect::Constant}, {176, -1, Effect::Constant},
};

enum class JumpTaken : u8 { No, Yes, Either };  // Either: the greater effect

static i64 effect_of(const Instruction& op, i64 n, JumpTaken jump) {
  switch (op.effect) {
    case Effect::Constant: return op.base;
    case Effect::Less: return op.base - n;
    case Effect::LessTwice: return op.base - 2 * n;
    case Effect::More: return op.base + n;
    case Effect::LowBit: return op.base + (n & 1);
    case Effect::LowBitLess: return op.base - (n & 1);
    case Effect::Unpack: return (n & 0xFF) + (n >> 8);
    case Effect::Function: return op.base - __builtin_popcountll(static_cast<u64>(n & 15));
    case Effect::Slice: return op.base - (n == 3);
    case Effect::Format: return op.base - ((n & 4) != 0);
    case Effect::Jump: return jump == JumpTaken::No ? op.base : op.base + 1;
    case Effect::ForIter: return jump == JumpTaken::Yes ? -1 : 1;
    case Effect::Send: return jump == JumpTaken::Yes ? -1 : 0;
  }
  return op.base;
}

static Result<i64> opcode_stack_effect(Thread& thread, int opcode, Value oparg, Value jump) {
  i64 n = 0;
  if (opcode < kHaveArgument) {
    if (!oparg.is_none()) return raise_value_error(thread, "stack_effect: opcode does not permit oparg but oparg was specified");
  } else {
    if (oparg.is_none()) return raise_value_error(thread, "stack_effect: opcode requires oparg but oparg was not specified");
    int argument;
    if (!convert_int(thread, oparg, &argument)) return failed;
    n = argument;
  }
  JumpTaken taken = JumpTaken::Either;
  if (jump.is_true())
    taken = JumpTaken::Yes;
  else if (jump.is_false())
    taken = JumpTaken::No;
  else if (!jump.is_none())
    return raise_value_error(thread, "stack_effect: jump must be False, True or None");
  for (const Instruction& op : kInstructions)
    if (op.code == opcode) return effect_of(op, n, taken);
  return raise_value_error(thread, "invalid opcode or oparg");
}

// CPython's answer too, unless it was built to count.
static Result<Value> opcode_specialization_stats(Thread&) { return kNone; }

static constinit NativeDef opcode_functions[] = {
    native<opcode_stack_effect>("stack_effect($module, opcode, oparg=None, /, *, jump=None)",
                                "Compute the stack effect of the opcode."),
    native<opcode_specialization_stats>("get_specialization_stats($module, /)", "Return the specialization stats"),
};
constinit ModuleDef opcode_module = {.name = "_opcode",
                                     .doc = "Opcode support module.",
                                     .functions = opcode_functions,
                                     .function_count = count_of(opcode_functions)};

}  // namespace baton
