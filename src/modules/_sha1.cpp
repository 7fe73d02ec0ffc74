// _sha1: the SHA-1 digest.
#include "base/digest.h"
#include "modules/digest_object.h"

namespace baton {

struct Sha1Traits {
  using State = Sha1;
  static constexpr const char *kFullName = "_sha1.sha1", *kName = "sha1", *kTypeName = "SHA1Type";
  static State make() { return Sha1(); }
  static usize digest_size(const State& state) { return State::kDigestSize; }
  static usize block_size(const State&) { return State::kBlockSize; }
  static void finish(State& state, u8* out) { state.finish(out); }
};

static constinit NativeDef sha1_functions[] = {
    native<digest_function<Sha1Traits>>(
        "sha1($module, /, string=b'', *, usedforsecurity=True)",
        "Start a SHA-1 hash and return the object that computes it.\n\nThe bytes in string, if any, are hashed at once; update() "
        "adds more. Pass\nusedforsecurity=False if nothing depends on the digest for safety."),
};
constinit ModuleDef sha1_module = {
    .name = "_sha1",
    .functions = sha1_functions,
    .function_count = count_of(sha1_functions),
    .exec = digest_exec<Sha1Traits>,
};

}  // namespace baton
