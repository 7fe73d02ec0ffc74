// Substring search in text of kinds 1, 2 and 4. Needle and haystack are of one kind (a caller widens the needle; a needle that
// does not fit the haystack's kind can't occur). Linear in the worst case, a few characters a cycle in the common one.
#pragma once
#include "base/types.h"

namespace baton {

inline constexpr usize kTextNotFound = static_cast<usize>(-1);

// First and last occurrence, kTextNotFound if none. An empty needle is found at 0, respectively at the end.
template <class Char>
usize find_text(const Char* haystack, usize haystack_length, const Char* needle, usize needle_length);
template <class Char>
usize rfind_text(const Char* haystack, usize haystack_length, const Char* needle, usize needle_length);
// Occurrences that do not overlap, at most `limit`. An empty needle counts haystack_length + 1.
template <class Char>
usize count_text(const Char* haystack, usize haystack_length, const Char* needle, usize needle_length,
                 usize limit = kTextNotFound);

// Writes the text to `out`, another buffer, with the first `limit` occurrences of a needle replaced. An empty needle is in front
// of each character and at the end. Always `room` characters are written, whatever the text says that others write to meanwhile:
// zeros behind its end, nothing beyond.
template <class Char>
void replace_text(const Char* text, usize length, const Char* needle, usize needle_length, const Char* fresh, usize fresh_length,
                  usize limit, Char* out, usize room);

template <class Char>
usize find_char(const Char* text, usize length, Char wanted);
template <class Char>
usize rfind_char(const Char* text, usize length, Char wanted);
template <class Char>
usize count_char(const Char* text, usize length, Char wanted);

// The same by runtime kind (1, 2 or 4), which both texts have.
usize find_text(int kind, const void* haystack, usize haystack_length, const void* needle, usize needle_length);
usize rfind_text(int kind, const void* haystack, usize haystack_length, const void* needle, usize needle_length);
usize count_text(int kind, const void* haystack, usize haystack_length, const void* needle, usize needle_length,
                 usize limit = kTextNotFound);
void replace_text(int kind, const void* text, usize length, const void* needle, usize needle_length, const void* fresh,
                  usize fresh_length, usize limit, void* out, usize room);
// `wanted` may be too wide for the kind; then it does not occur.
usize find_char(int kind, const void* text, usize length, u32 wanted);
usize rfind_char(int kind, const void* text, usize length, u32 wanted);
usize count_char(int kind, const void* text, usize length, u32 wanted);

// Order by code points (-1, 0, 1), and equality, of texts of any kinds.
int compare_text(int kind_a, const void* a, usize length_a, int kind_b, const void* b, usize length_b);
bool equal_text(int kind_a, const void* a, int kind_b, const void* b, usize length);

}  // namespace baton
