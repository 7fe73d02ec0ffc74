// What the constructors of int, float and complex share in reading text.
#pragma once
#include "objects/str.h"

namespace baton {

// ASCII rendering of text that may be a number: Unicode blanks become ' ', Unicode decimal digits their ASCII digits, anything
// else beyond ASCII '?'. malloc memory, so it may live across anything.
class AsciiNumber {
 public:
  AsciiNumber() = default;
  ~AsciiNumber();
  AsciiNumber(const AsciiNumber&) = delete;
  AsciiNumber& operator=(const AsciiNumber&) = delete;
  Result<void> load(Thread& thread, const Str* text);
  Result<void> load(Thread& thread, std::string_view bytes);
  std::string_view text() const { return {data_, size_}; }
  std::string_view stripped() const;  // without ASCII blanks at both ends
  // Removes the underscores of a float-like literal; false: one stands in a wrong place.
  bool remove_underscores();

 private:
  bool reserve(usize n);
  char inline_[128];
  char* data_ = inline_;
  usize size_ = 0;
};
inline bool is_ascii_blank(u8 c) { return c == ' ' || (c >= 9 && c <= 13); }

}  // namespace baton
