// Programs built to count what runs (tools/profile) write the counts when they end.
#pragma once

namespace baton {

#if BATON_RECORDS_PROFILE
extern "C" int __llvm_profile_write_file(void);
// For ways out that run no exit handlers.
inline void write_profile() { __llvm_profile_write_file(); }
#else
inline void write_profile() {}
#endif

}  // namespace baton
