// _md5: the MD5 digest.
#include "base/digest.h"
#include "modules/digest_object.h"

namespace baton {

struct Md5Traits {
  using State = Md5;
  static constexpr const char *kFullName = "_md5.md5", *kName = "md5", *kTypeName = "MD5Type";
  static State make() { return Md5(); }
  static usize digest_size(const State& state) { return State::kDigestSize; }
  static usize block_size(const State&) { return State::kBlockSize; }
  static void finish(State& state, u8* out) { state.finish(out); }
};

static constinit NativeDef md5_functions[] = {
    native<digest_function<Md5Traits>>(
        "md5($module, /, string=b'', *, usedforsecurity=True)",
        "Start an MD5 hash and return the object that computes it.\n\nThe bytes in string, if any, are hashed at once; update() "
        "adds more. Pass\nusedforsecurity=False if nothing depends on the digest for safety."),
};
constinit ModuleDef md5_module = {
    .name = "_md5",
    .functions = md5_functions,
    .function_count = count_of(md5_functions),
    .exec = digest_exec<Md5Traits>,
};

}  // namespace baton
