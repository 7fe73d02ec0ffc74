// Identifiers of one parse: NFKC-normalised, equal names share their text. Internal to the layer.
#pragma once
#include <string_view>

#include "syntax/arena.h"

namespace baton::syntax {

class NameTable {
 public:
  explicit NameTable(Arena& arena) : arena_(arena) {}
  NameTable(const NameTable&) = delete;
  NameTable& operator=(const NameTable&) = delete;
  ~NameTable();
  // `text` must stay valid as long as the table (it is part of the source) and be readable 8 bytes beyond its end.
  std::string_view intern(std::string_view text);

 private:
  struct Entry {
    const char* data;
    u32 size;
    u32 hash;
  };
  std::string_view normalized(std::string_view text);
  void grow();

  Arena& arena_;
  Entry* entries_ = nullptr;
  u32 mask_ = 0;
  u32 used_ = 0;
};

}  // namespace baton::syntax
