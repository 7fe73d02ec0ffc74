// In a byte of an exception table, bit 6 says that the number goes on, and bit 7 that an entry begins, which only who looks for
// the beginning of one by halving asks. So a byte with bit 6 set has room for seven bits, six below and one above it, and the
// last byte of the entries, which ends a number, is the last without it.
#include "objects/code_tables.h"

namespace baton {

CodeTablesHooks code_tables_hooks;

static constexpr u32 kGoesOn = 0x40;

std::string_view exception_entries_of(std::string_view table) {
  usize n = table.size();
  while (n > 0 && (static_cast<u8>(table[n - 1]) & kGoesOn)) --n;
  return table.substr(0, n);
}

void append_code_tables(Thread& thread, const Code* code, std::string& table) {
  std::string plain;
  code_tables_hooks.write(thread, code, plain);
  u32 waiting = 0, count = 0;  // bits, lowest first
  auto put = [&table](u32 seven) { table += static_cast<char>((seven & 0x3F) | kGoesOn | (seven & 0x40) << 1); };
  for (char c : plain) {
    waiting |= u32{static_cast<u8>(c)} << count;
    for (count += 8; count >= 7; count -= 7, waiting >>= 7) put(waiting & 0x7F);
  }
  if (count) put(waiting);
}

std::string code_tables_of(std::string_view table) {
  std::string plain;
  u32 waiting = 0, count = 0;
  for (char c : table.substr(exception_entries_of(table).size())) {
    u32 byte = static_cast<u8>(c);
    waiting |= ((byte & 0x3F) | (byte >> 1 & 0x40)) << count;
    count += 7;
    if (count < 8) continue;
    plain += static_cast<char>(waiting & 0xFF);
    waiting >>= 8;
    count -= 8;
  }
  return plain;
}

}  // namespace baton
