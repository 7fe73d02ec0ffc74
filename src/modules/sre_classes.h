// What is worked out once for a compiled pattern: bitmaps of its character classes, and which characters a match can begin with.
//
//     words   what
//     n       for each code word: 0, or the number of the bitmap of the class that stands there
//     8       bitmap 0: first characters below 256
//     8 each  bitmaps 1...: characters below 256 of a class
//
// Classes that depend on the locale have no bitmap. The engine asks the code itself about characters from 256 on.
#pragma once
#include "base/types.h"

namespace baton::sre {

struct FirstCharacters {
  bool known = false;  // a match is not empty, and begins with a character of bitmap 0 or, if others, one from 256 on
  bool others = false;
};

class ClassTable {
 public:
  static constexpr usize kBitmapWords = 8;
  static usize words_for(usize code_size, usize classes) { return code_size + kBitmapWords * (classes + 1); }
  // How many classes the code has.
  static usize count_classes(const u32* code, usize n);
  // Fills the words.
  static FirstCharacters fill(const u32* code, usize n, u32* words);
};

}  // namespace baton::sre
