// _sha256: the SHA-224 and SHA-256 digests.
#include "base/digest.h"
#include "modules/digest_object.h"

namespace baton {

struct Sha224Traits {
  using State = Sha256;
  static constexpr const char *kFullName = "_sha256.sha224", *kName = "sha224", *kTypeName = "SHA224Type";
  static State make() { return Sha256(true); }
  static usize digest_size(const State& state) { return state.digest_size(); }
  static usize block_size(const State&) { return State::kBlockSize; }
  static void finish(State& state, u8* out) { state.finish(out); }
};
struct Sha256Traits {
  using State = Sha256;
  static constexpr const char *kFullName = "_sha256.sha256", *kName = "sha256", *kTypeName = "SHA256Type";
  static State make() { return Sha256(); }
  static usize digest_size(const State& state) { return state.digest_size(); }
  static usize block_size(const State&) { return State::kBlockSize; }
  static void finish(State& state, u8* out) { state.finish(out); }
};

static constinit NativeDef sha256_functions[] = {
    native<digest_function<Sha224Traits>>(
        "sha224($module, /, string=b'', *, usedforsecurity=True)",
        "Start a SHA-224 hash and return the object that computes it.\n\nThe bytes in string, if any, are hashed at once; "
        "update() adds more. Pass\nusedforsecurity=False if nothing depends on the digest for safety."),
    native<digest_function<Sha256Traits>>(
        "sha256($module, /, string=b'', *, usedforsecurity=True)",
        "Start a SHA-256 hash and return the object that computes it.\n\nThe bytes in string, if any, are hashed at once; "
        "update() adds more. Pass\nusedforsecurity=False if nothing depends on the digest for safety."),
};
static Result<void> sha256_exec(Thread& thread, Module* module) {
  TRY(digest_exec<Sha224Traits>(thread, module));
  TRY(digest_exec<Sha256Traits>(thread, module));
  return ok;
}
constinit ModuleDef sha256_module = {
    .name = "_sha256",
    .functions = sha256_functions,
    .function_count = count_of(sha256_functions),
    .exec = sha256_exec,
};

}  // namespace baton
