// From the interpreter to machine code and back.
//
// The interpreter counts a code object's calls and loop iterations; at compile_threshold the code is compiled as a whole. Machine
// code keeps the interpreter's state in the interpreter's registers (Thread, pc, registers, Frame, dispatch table) and has all
// values in the frame when it leaves, at an instruction's boundary, so leaving it is a jump to a handler, and what it has no
// template for is the handler's. A handler that was entered from machine code has compiled_handlers as its table: the dispatch of
// the next instruction goes back into machine code, if the frame's code has some. Machine code calls nothing and polls nothing
// (it leaves to the handler that does), so no thread is inside it in a stopped world.
#pragma once
#include <iterator>

#include "objects/code.h"
#include "objects/iterators.h"
#include "objects/thread.h"
#include "threads/relaxed.h"

namespace baton {

struct TierHooks {
  // Makes machine code of frame->code, or answers false: there can be none. Raises nothing. frame: one that runs it, for hints.
  bool (*compile)(Thread& thread, Frame* frame) = nullptr;
  // The code's machine code depends on a cell that the full collection under way found dead.
  bool (*has_dead_dependency)(Code* code) = nullptr;
};
extern TierHooks tier_hooks;
inline constexpr i32 kNeverCompiled = -(1 << 30);
extern Relaxed<i32> compile_threshold;
// Turns compilation on; before the first code runs.
void enable_compilation(const TierHooks& hooks, i32 threshold);

// What the interpreter notes in the cache word of arithmetic and comparisons, as a small int: what has been there besides ints.
enum OperandsSeen : i64 {
  kFloatsSeen = 1,   // two immediate floats
  kOthersSeen = 2,   // anything but two ints, or two floats that are immediate
  kIntsSeen = 4,     // ints, too: noted only where machine code for floats was left often
  kTuplesSeen = 8,   // a tuple first, in a comparison
  kBytesSeen = 32,   // a bytes object first, in a comparison or an addition
  kSetsSeen = 64,    // a set or frozenset first, in a comparison
  kMethodSeen = 16,  // an object whose class has a Python method for it
  kWideSeen = 128,   // two ints, of which one isn't small
};

// In that of a LoadItem, LoadItemInt or StoreItem: it had a dict; and a bit for each item type of array.array that it had.
inline constexpr i64 kDictSeen = 1;
constexpr i64 array_seen(u32 item_number) { return i64{2} << item_number; }
// An object whose class has a Python method for it: in those, too; and in that of a GetIter, GetYieldFromIter, GetAwaitable or
// GetANext.
inline constexpr i64 kItemMethodSeen = i64{1} << 40;
// In those: an instance of a subclass of dict that has its items as a dict has. In that of an UnpackSequence: of one of tuple.
inline constexpr i64 kSubclassSeen = i64{1} << 41;
// In that of a Send: an awaitable of an async generator.
inline constexpr i64 kAsyncSendSeen = 1;

// In that of a JumpIfTrue, JumpIfFalse or UnaryNot: what was tested besides bools, None and small ints. A bit for each kind of
// built-in container that has a length (sized_kinds), one for floats, and one for all else.
inline constexpr u16 kSizedKinds[] = {kKindList, kKindStr, kKindTuple, kKindDict, kKindSet, kKindBytes, kKindByteArray};
// And kMethodSeen: an object whose truth a Python method tells, in that of a jump; the method is __len__, there being no
// __bool__.
inline constexpr i64 kLengthTested = i64{1} << 22;
constexpr i64 sized_tested(usize number) { return i64{1} << (8 + number); }
inline constexpr i64 kSizedTested = sized_tested(std::size(kSizedKinds)) - sized_tested(0);
inline constexpr i64 kFloatTested = i64{1} << 20, kOtherTested = i64{1} << 21;

// In that of a FormatValue: a small int.
inline constexpr i64 kIntFormatted = 1;

// In that of a Contains or NotContains: what has been searched.
enum SearchedSeen : i64 { kTablesSearched = 1, kTextsSearched = 2, kItemsSearched = 4, kMethodSearched = 8 };

// In that of a LoadSlice: what slices were taken of, and whether by -1.
enum SlicesSeen : i64 { kListSliced = 1, kTupleSliced = 2, kStrSliced = 4, kBytesSliced = 8, kSlicedBackwards = 16 };

// What it notes in the cache word of ForIter: a bit for each form of built-in iterator, but lists' and ranges', and one for
// generators.
constexpr i64 iterator_seen(IteratorForm form) { return i64{1} << static_cast<u8>(form); }
inline constexpr i64 kGeneratorSeen = i64{1} << 40;

// Addresses for machine code: the handler of an opcode; where to go with pc and table when the frame may have no machine code.
u64 handler_address(u16 op);
u64 resume_address();
// Of what does a Call whose pc is saved in the frame and whose callee is known to be of this kind (see ops_call.inc).
enum class CompiledCall { NativeMethod, NativeFunction, AnyNativeFunction, Construct };
u64 call_address(CompiledCall call);
// For a ReturnGenerator: the new generator, whose bits are in the pc's register, is yet to be told the heap as one to be
// finalised.
u64 return_generator_address();
u64 recompile_address();
// Where machine code goes with pc instead of to that instruction's handler, or to recompile_address(), when it has put into the
// thread's InterpState what it has in xmm registers only: that is stored into the frame first.
u64 write_back_address();
u64 write_back_and_recompile_address();
// For a store whose object, in register a, machine code has locked by its byte (without counting it as held): it is done, or left
// to its handler.
u64 end_store_address();
u64 retry_store_address();
// The same for a Call of list.append() or set.add(), whose container is in register a + 1.
u64 end_append_address();
u64 retry_append_address();

}  // namespace baton
