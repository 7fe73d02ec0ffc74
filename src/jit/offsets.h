// Where machine code finds the fields it reads and writes.
#pragma once
#include <cstddef>

#include "heap/mutator_heap.h"
#include "interp/inline_cache.h"
#include "interp/interp.h"
#include "objects/async_generator.h"
#include "objects/bytes.h"
#include "objects/dict.h"
#include "objects/dict_views.h"
#include "objects/frame.h"
#include "objects/function.h"
#include "objects/iterators.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/range.h"
#include "objects/set.h"
#include "objects/str_internal.h"
#include "objects/super.h"
#include "objects/thread.h"
#include "objects/tuple.h"
#include "objects/type.h"
#include "objects/typed_array.h"
#include "threads/short_lock.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Winvalid-offsetof"
namespace baton::at {

// The header of a cell: see heap/cell.h.
inline constexpr i32 kShape = 0, kGcFlags = 4, kLockByte = 5, kKindWord = 6;

inline constexpr i32 kHeapState = offsetof(Thread, heap_state), kCursors = offsetof(MutatorHeap, cursors),
                     kCursorBump = offsetof(AllocationCursor, bump), kCursorLimit = offsetof(AllocationCursor, limit);
inline constexpr i32 kPoll = Mutator::kPollOffset, kHasBias = kHasBiasOffset, kInShortSection = kInShortSectionOffset,
                     kBiasCountdown = kBiasCountdownOffset;
inline constexpr i32 kTopFrame = offsetof(Thread, top_frame_), kNextFrame = offsetof(Thread, next_frame_),
                     kFramesLimit = offsetof(Thread, frames_limit_), kRegistersLimit = offsetof(Thread, registers_limit_),
                     kRecursionDepth = offsetof(Thread, recursion_depth_), kRecursionLimit = offsetof(Thread, recursion_limit_);

inline constexpr i32 kFramePrevious = offsetof(Frame, previous), kFrameFunction = offsetof(Frame, function),
                     kFrameCode = offsetof(Frame, code), kFrameRegisters = offsetof(Frame, registers),
                     kFramePc = offsetof(Frame, pc), kFrameCachesOffset = offsetof(Frame, caches_offset),
                     kFrameConsts = offsetof(Frame, consts), kFrameGlobals = offsetof(Frame, globals),
                     kFrameBuiltins = offsetof(Frame, builtins), kFrameLocals = offsetof(Frame, locals),
                     kFrameObject = offsetof(Frame, frame_object), kFrameGenerator = offsetof(Frame, generator),
                     kFrameStackTop = offsetof(Frame, stack_top), kFrameReturnRegister = offsetof(Frame, return_register),
                     kFrameEntry = offsetof(Frame, entry), kFrameTraceLine = offsetof(Frame, trace_line),
                     kFrameIsShown = offsetof(Frame, is_shown);
// entry, is_traced, owns_class_result and is_shown are read and written as one word.
static_assert(offsetof(Frame, is_traced) == offsetof(Frame, entry) + 1 &&
              offsetof(Frame, is_shown) == offsetof(Frame, entry) + 3);

inline constexpr i32 kFunctionCode = offsetof(Function, code_), kFunctionGlobals = offsetof(Function, globals_),
                     kFunctionBuiltins = offsetof(Function, builtins_), kFunctionDefaults = offsetof(Function, defaults_),
                     kFunctionClosure = offsetof(Function, closure_), kFunctionKwdefaults = offsetof(Function, kwdefaults_),
                     kFunctionModule = offsetof(Function, module_), kFunctionDoc = offsetof(Function, doc_),
                     kFunctionAnnotations = offsetof(Function, annotations_), kFunctionVersion = offsetof(Function, version_);
inline constexpr i32 kBoundFunction = sizeof(Cell), kBoundSelf = sizeof(Cell) + 8;
static_assert(sizeof(BoundMethod) == sizeof(Cell) + 16);
inline constexpr i32 kCodeSimpleArgcount = offsetof(Code, simple_argcount_), kCodeFlags = offsetof(Code, flags_),
                     kCodeCompiled = offsetof(Code, compiled_offset_), kCodeRegisterCount = offsetof(Code, register_count_),
                     kCodeFrameLocalCount = offsetof(Code, frame_local_count_), kCodeInstructions = offsetof(Code, instructions_),
                     kCodeCachesOffset = offsetof(Code, caches_offset_), kCodeConsts = offsetof(Code, consts_);

inline constexpr i32 kSuperThisClass = offsetof(Super, this_class_), kSuperSelf = offsetof(Super, self_),
                     kSuperSelfClass = offsetof(Super, self_class_);
inline constexpr i32 kListLength = offsetof(List, length_), kListStorage = offsetof(List, storage_);
inline constexpr i32 kArrayCapacity = offsetof(ValueArray, capacity_), kArrayItems = sizeof(ValueArray);
inline constexpr i32 kTupleLength = sizeof(Cell), kTupleItems = sizeof(Tuple);
static_assert(sizeof(Tuple) == sizeof(Cell) + 8);
inline constexpr i32 kBigIntSize = sizeof(Cell), kBigIntLimbs = sizeof(BigInt);
static_assert(sizeof(BigInt) == sizeof(Cell) + 8);
inline constexpr i32 kClosureCellValue = sizeof(Cell);
static_assert(sizeof(ClosureCell) == sizeof(Cell) + 8);
inline constexpr i32 kDictTable = offsetof(Dict, table_), kTableEntryCount = offsetof(DictTable, entry_count_);
inline constexpr i32 kTypeVersion = offsetof(Type, version_), kTypeMro = offsetof(Type, mro_), kTypeDict = offsetof(Type, dict_),
                     kTypeFlags = offsetof(Type, flags_), kTypeFindAttribute = offsetof(Type, find_attribute_),
                     kTypeName = offsetof(Type, name_), kTypeInstanceShape = offsetof(Type, instance_shape_),
                     kShapeType = offsetof(Shape, type_);
constexpr i32 slot_of(Slot slot) { return offsetof(Type, slots_) + static_cast<i32>(slot) * static_cast<i32>(sizeof(Value)); }
inline constexpr i32 kModuleDict = offsetof(Module, dict_);

inline constexpr i32 kIteratorSource = offsetof(Iterator, source_), kIteratorPosition = offsetof(Iterator, position_),
                     kIteratorAux = offsetof(Iterator, aux_), kIteratorForm = offsetof(Iterator, form_),
                     kIteratorExtra = offsetof(Iterator, extra_);
inline constexpr i32 kRangeStart = offsetof(Range, small_start_), kRangeStep = offsetof(Range, small_step_),
                     kRangeLength = offsetof(Range, small_length_), kRangeStartValue = offsetof(Range, start_),
                     kRangeIsSmall = offsetof(Range, is_small_);

inline constexpr i32 kGeneratorFrame = offsetof(Generator, frame_), kGeneratorState = offsetof(Generator, state_),
                     kGeneratorHandled = offsetof(Generator, handled_),
                     kGeneratorFrameObject = offsetof(Generator, frame_object_),
                     kGeneratorFunction = offsetof(Generator, function_), kGeneratorCode = offsetof(Generator, code_),
                     kGeneratorName = offsetof(Generator, name_), kGeneratorQualname = offsetof(Generator, qualname_),
                     kGeneratorDelegate = offsetof(Generator, yield_from_), kGeneratorOrigin = offsetof(Generator, origin_),
                     kGeneratorFinalizer = offsetof(Generator, finalizer_),
                     kGeneratorRegisterCount = offsetof(Generator, register_count_),
                     kGeneratorHooksInited = offsetof(Generator, hooks_inited_),
                     kGeneratorRunningAsync = offsetof(Generator, running_async_),
                     kAsyncSendGenerator = offsetof(AsyncSend, generator_), kAsyncSendValue = offsetof(AsyncSend, value_),
                     kAsyncSendState = offsetof(AsyncSend, state_),
                     kCoroutineOriginDepth = offsetof(Thread, coroutine_origin_depth_), kFunctionName = offsetof(Function, name_),
                     kFunctionQualname = offsetof(Function, qualname_);
inline constexpr i32 kInterpState = offsetof(Thread, interp_state_),
                     kGeneratorReturned = offsetof(InterpState, generator_returned),
                     kPrivateInstance = offsetof(InterpState, private_instance),
                     kPendingCount = offsetof(InterpState, pending_count),
                     kPendingRegisters = offsetof(InterpState, pending_registers),
                     kPendingFloats = offsetof(InterpState, pending_floats);
inline constexpr i32 kHandled = offsetof(Thread, handled_), kFrameInheritedHandled = offsetof(Frame, inherited_handled);
// A native callable's definition is behind its header; lengths of what len() asks for.
inline constexpr i32 kNativeDef = sizeof(Cell), kMethodOwner = sizeof(Cell) + 8, kNativeSelf = sizeof(Cell) + 8,
                     kStrLengthAndFlags = sizeof(Cell), kDictLength = offsetof(Dict, length_);
inline constexpr i32 kStrData = offsetof(Str, data_), kStrHash = offsetof(Str, hash_), kBytesLength = offsetof(Bytes, length_),
                     kBytesData = offsetof(Bytes, data_), kBytesHash = offsetof(Bytes, hash_);
inline constexpr i32 kDictViewDict = sizeof(Cell), kTableAllStr = offsetof(DictTable, all_str_);
static_assert(sizeof(DictView) == sizeof(Cell) + 8);
inline constexpr i32 kByteArrayLength = offsetof(ByteArray, length_), kByteArrayStart = offsetof(ByteArray, start_),
                     kByteArrayStorage = offsetof(ByteArray, storage_), kByteArrayIsShared = offsetof(ByteArray, is_shared_),
                     kComplexParts = sizeof(Cell);
static_assert(sizeof(ByteArray::length_) == 8 && sizeof(Complex) == sizeof(Cell) + 16);
static_assert(offsetof(Set, length_) % 8 == 0 && sizeof(Str) == sizeof(Cell) + 24);
inline constexpr i32 kTypedArrayItem = offsetof(Array, item_), kTypedArrayLength = offsetof(Array, length_),
                     kTypedArrayStorage = offsetof(Array, storage_), kRawBytesCapacity = sizeof(Cell);
static_assert(sizeof(RawBytes) == sizeof(Cell) + 8);
inline constexpr i32 kSetTable = offsetof(Set, table_), kSetLength = offsetof(Set, length_), kSetMask = offsetof(SetTable, mask_),
                     kSetEntries = sizeof(SetTable), kSetFill = offsetof(SetTable, fill_), kSetAdds = offsetof(SetTable, adds_),
                     kSetKey = offsetof(SetEntry, key), kSetHash = offsetof(SetEntry, hash_);
static_assert(sizeof(SetEntry) == 16);
inline constexpr i32 kTableEntries = sizeof(DictTable), kEntrySize = sizeof(DictEntry), kEntryKey = offsetof(DictEntry, key),
                     kEntryValue = offsetof(DictEntry, value), kEntryHash = offsetof(DictEntry, hash),
                     kTableIndexMask = offsetof(DictTable, index_mask_), kTableFirstLive = offsetof(DictTable, first_live_),
                     kTableEntryCapacity = offsetof(DictTable, entry_capacity_);
static_assert(sizeof(MethodDescriptor) == sizeof(Cell) + 16 && sizeof(NativeFunction) == sizeof(Cell) + 24);

inline constexpr i32 kRecordTable = offsetof(CacheRecord, table_), kRecordSecondTable = offsetof(CacheRecord, second_table_),
                     kRecordPlace = offsetof(CacheRecord, place_), kRecordForm = offsetof(CacheRecord, form_),
                     kRecordEntryCount = offsetof(CacheRecord, entry_count_), kRecordShape = offsetof(CacheRecord, shape_),
                     kRecordValue = offsetof(CacheRecord, value_), kRecordOffset = offsetof(CacheRecord, offset_),
                     kRecordTypeVersion = offsetof(CacheRecord, type_version_);

}  // namespace baton::at
#pragma clang diagnostic pop
