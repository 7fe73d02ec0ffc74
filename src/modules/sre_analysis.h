// What is worked out for a compiled pattern that is used more than a few times: which characters its classes hold, which ones the
// rest of a match can begin with behind a repeat or in an alternative, and which ones may stand at the first places of a match.
//
//     words           what
//     8               Header
//     64 a depth      search filter: bytes [place][character below 256]: bit i, the i-th alternative (of at most eight, others
//     share
//                     the eighth) may have the character there
//     n               for each word of the code a note, 0 if there's nothing to say
//     8 a set         bitmaps of characters below 256
//     BranchWords     for each BRANCH with a note: which alternatives may begin with a character, and where they are
//
// A note's upper 29 bits are the number of a set (from 1), the lower three say more of it. It belongs, by the instruction, to
//     IN and its kin                 the class (before lowering)
//     REPEAT_ONE, MIN_REPEAT_ONE     what follows can't match the empty text, and begins with one of the set
//     REPEAT                         the same of its body
//     BRANCH                         the number of its BranchWords (from 1)
// Sets that depend on the locale are unknown. Characters from 256 on have one bit, kOthers: some may be in the set.
#pragma once
#include "base/types.h"

namespace baton::sre {

inline constexpr u32 kOthers = 1;         // of a note: some characters from 256 on are in the set
inline constexpr u32 kDisjointBelow = 2;  // of a repeat: no character below 256 is both repeated and in the set
inline constexpr u32 kDisjoint = 4;       // no character at all is
inline constexpr u32 kBitmapWords = 8;
inline constexpr u32 kMaxFilterDepth = 4;  // places
inline constexpr u32 kMaxAlternatives = 32;

struct AnalysisHeader {
  u32 first_known;                        // a match isn't empty
  u32 first_others;                       // and may begin with some character from 256 on
  u32 filter_depth;                       // 0 if it may be empty
  u32 notes_at, bitmaps_at, branches_at;  // in words from here
  u32 unused[2];
};

// Bit i of a mask: the i-th alternative is worth trying.
struct BranchWords {
  u32 masks[256];
  u32 mask_of_others, mask_at_end;
  u32 alternatives[kMaxAlternatives];  // where they begin in the code
};

// How many words the analysis of this code takes. Code that re._compiler doesn't make ends the walk: what isn't in the analysis
// is decided by the engine.
usize analysis_size(const u32* code, usize n);
// Fills them. The code must be followed by a word FAILURE.
void analyse(const u32* code, usize n, u32* words);

}  // namespace baton::sre
