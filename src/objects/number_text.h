// Digits of ints and doubles as ASCII text in a small buffer, for the formatting code of this folder.
#pragma once
#include <cstdlib>
#include <string_view>

#include "objects/numbers.h"

namespace baton {

// Text of a number: inline for the usual lengths, else malloc'ed or a str kept alive here.
class NumberText {
 public:
  NumberText() = default;
  ~NumberText() { free(heap_); }
  NumberText(const NumberText&) = delete;
  NumberText& operator=(const NumberText&) = delete;
  // v: exact int; digits with '-' in front, without a prefix. Raises the digit limit's ValueError for base 10.
  Result<void> set_int(Thread& thread, Value v, int base);
  // As float_format of base/float_text.h.
  Result<void> set_float(Thread& thread, double value, char code, int precision, u32 flags);
  std::string_view view() const { return {text_, size_}; }
  void make_upper();

 private:
  char* room(usize n);  // null: no memory
  char* text_ = inline_;
  usize size_ = 0;
  char* heap_ = nullptr;
  char inline_[72];
};

}  // namespace baton
