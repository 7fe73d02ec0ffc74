// The table behind made_at_run_time.h. Asked for on errors, for __flags__ and where an attribute of a native type is set only:
// types need no bit for it.
#include "objects/made_at_run_time.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "objects/function.h"

namespace baton {

// Sorted, as both are searched.
static constexpr std::string_view kOpen[] = {
    "ExceptionGroup",
    "_abc._abc_data",
    "_curses_panel.panel",
    "_json.Encoder",
    "_json.Scanner",
    "_lsprof.profiler_entry",
    "_lsprof.profiler_subentry",
    "_random.Random",
    "_thread._ExceptHookArgs",
    "curses.ncurses_version",
    "grp.struct_group",
    "os.stat_result",
    "os.statvfs_result",
    "os.terminal_size",
    "posix.DirEntry",
    "posix.sched_param",
    "posix.times_result",
    "posix.uname_result",
    "posix.waitid_result",
    "pwd.struct_passwd",
    "resource.struct_rusage",
    "select.epoll",
    "signal.struct_siginfo",
    "spwd.struct_spwd",
    "time.struct_time",
};
static constexpr std::string_view kClosed[] = {
    "_blake2.blake2b",
    "_blake2.blake2s",
    "_bz2.BZ2Compressor",
    "_bz2.BZ2Decompressor",
    "_csv.Dialect",
    "_csv.reader",
    "_csv.writer",
    "_hashlib.HASH",
    "_hashlib.HASHXOF",
    "_hashlib.HMAC",
    "_lsprof.Profiler",
    "_lzma.LZMACompressor",
    "_lzma.LZMADecompressor",
    "_md5.md5",
    "_multibytecodec.MultibyteIncrementalDecoder",
    "_multibytecodec.MultibyteIncrementalEncoder",
    "_multibytecodec.MultibyteStreamReader",
    "_multibytecodec.MultibyteStreamWriter",
    "_queue.SimpleQueue",
    "_sha1.sha1",
    "_sha256.sha224",
    "_sha256.sha256",
    "_sha3.sha3_224",
    "_sha3.sha3_256",
    "_sha3.sha3_384",
    "_sha3.sha3_512",
    "_sha3.shake_128",
    "_sha3.shake_256",
    "_sha512.sha384",
    "_sha512.sha512",
    "_sre.SRE_Scanner",
    "_ssl.Certificate",
    "_ssl.MemoryBIO",
    "_ssl.SSLSession",
    "_ssl._SSLContext",
    "_ssl._SSLSocket",
    "_struct.Struct",
    "_thread.RLock",
    "_thread._local",
    "_thread.lock",
    "_tokenize.TokenizerIter",
    "array.array",
    "ast.AST",
    "functools._lru_cache_wrapper",
    "functools.partial",
    "mmap.mmap",
    "operator.attrgetter",
    "operator.itemgetter",
    "operator.methodcaller",
    "pyexpat.xmlparser",
    "re.Match",
    "re.Pattern",
    "sqlite3.Blob",
    "sqlite3.Connection",
    "sqlite3.Cursor",
    "sqlite3.PrepareProtocol",
    "sqlite3.Row",
    "ssl.SSLError",
    "unicodedata.UCD",
};
static_assert(std::is_sorted(std::begin(kOpen), std::end(kOpen)) && std::is_sorted(std::begin(kClosed), std::end(kClosed)));

static bool is_native(const Type* type) { return !type->has_flag(kTypeHeap) && type->def(); }

bool takes_attributes(const Type* type) {
  return is_native(type) && std::binary_search(std::begin(kOpen), std::end(kOpen), std::string_view(type->def()->name));
}

bool is_made_at_run_time(const Type* type) {
  return takes_attributes(type) ||
         (is_native(type) && std::binary_search(std::begin(kClosed), std::end(kClosed), std::string_view(type->def()->name)));
}

bool has_mapping_items(Value v) {
  Value slot = type_of(v)->slot(Slot::getitem);
  if (slot.is_absent()) return false;
  const auto* native = cast<MethodDescriptor>(slot);
  return !native || std::string_view(native->def()->owner->name) != "collections.deque";
}

}  // namespace baton
