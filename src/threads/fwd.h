// Names of the threads layer, for headers that only point at them.
#pragma once
#include "base/types.h"

namespace baton {
class Mutator;
class Mutex;
class CondVar;
class Parker;
class StopTheWorld;
class ByteLock;
enum class BlockCause : u8;
enum class GilMode : u8;
enum class GilPolicyKind : u8;
struct ThreadAccount;
struct GilAccount;
}  // namespace baton
