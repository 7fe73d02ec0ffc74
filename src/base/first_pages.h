// The pages that every start writes to, asked for together instead of one fault at a time.
#pragma once

namespace baton {

// For the first lines of main(), with one thread. Changes nothing but when memory is had; a kernel that can't (before 5.14) does
// as it always did. Teaches the C library's allocator, too: see there.
void prepare_first_pages();

}  // namespace baton
