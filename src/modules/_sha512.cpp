// _sha512: the SHA-384 and SHA-512 digests.
#include "base/digest.h"
#include "modules/digest_object.h"

namespace baton {

struct Sha384Traits {
  using State = Sha512;
  static constexpr const char *kFullName = "_sha512.sha384", *kName = "sha384", *kTypeName = "SHA384Type";
  static State make() { return Sha512(true); }
  static usize digest_size(const State& state) { return state.digest_size(); }
  static usize block_size(const State&) { return State::kBlockSize; }
  static void finish(State& state, u8* out) { state.finish(out); }
};
struct Sha512Traits {
  using State = Sha512;
  static constexpr const char *kFullName = "_sha512.sha512", *kName = "sha512", *kTypeName = "SHA512Type";
  static State make() { return Sha512(); }
  static usize digest_size(const State& state) { return state.digest_size(); }
  static usize block_size(const State&) { return State::kBlockSize; }
  static void finish(State& state, u8* out) { state.finish(out); }
};

static constinit NativeDef sha512_functions[] = {
    native<digest_function<Sha384Traits>>(
        "sha384($module, /, string=b'', *, usedforsecurity=True)",
        "Start a SHA-384 hash and return the object that computes it.\n\nThe bytes in string, if any, are hashed at once; "
        "update() adds more. Pass\nusedforsecurity=False if nothing depends on the digest for safety."),
    native<digest_function<Sha512Traits>>(
        "sha512($module, /, string=b'', *, usedforsecurity=True)",
        "Start a SHA-512 hash and return the object that computes it.\n\nThe bytes in string, if any, are hashed at once; "
        "update() adds more. Pass\nusedforsecurity=False if nothing depends on the digest for safety."),
};
static Result<void> sha512_exec(Thread& thread, Module* module) {
  TRY(digest_exec<Sha384Traits>(thread, module));
  TRY(digest_exec<Sha512Traits>(thread, module));
  return ok;
}
constinit ModuleDef sha512_module = {
    .name = "_sha512",
    .functions = sha512_functions,
    .function_count = count_of(sha512_functions),
    .exec = sha512_exec,
};

}  // namespace baton
