// Files of code images that are mapped: where they are looked for, what is trusted, how they are replaced.
//
// A file counts if it is a regular one, belongs to the effective user, to root or to the owner of this program, and nobody else
// may write it. Replaced by renaming a complete file: readers see the old one or the new one, and a mapped one never changes.
#include "modules/cache_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "compile/op_info.h"
#include "modules/config.h"

namespace baton {

u64 cache_file_hash(const char* text, u64 h) {
  for (const char* p = text; *p; ++p) h = (h ^ static_cast<u8>(*p)) * 0x100000001B3;
  return (h ^ 0xFF) * 0x100000001B3;
}

std::string cache_file_name(const char* kind, u64 library) {
  char name[80];
  snprintf(name, sizeof name, "%s-%016llx-%016llx-%d.img", kind, static_cast<unsigned long long>(bytecode_version_hash()),
           static_cast<unsigned long long>(library), config.optimize);
  return name;
}

// Not the home of somebody else, which sudo may leave in the environment.
static bool belongs_to_user(const char* directory) {
  struct stat st;
  return stat(directory, &st) == 0 && st.st_uid == geteuid();
}

std::string user_cache_directory() {
  const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
  if (cache && cache[0] == '/') return std::string(cache) + "/baton";
  if (home && home[0] == '/' && belongs_to_user(home)) return std::string(home) + "/.cache/baton";
  return "";
}

// Directories in the order they are looked into. The first is the installation's, used if it is there; the last the user's.
static constexpr usize kPlaces = 3;
static usize places(std::string (&out)[kPlaces]) {
  usize n = 0;
  out[n++] = config.base_executable.substr(0, config.base_executable.rfind('/') + 1) + "baton-cache";
  if (!config.pycache_prefix.empty()) {
    out[n++] = config.pycache_prefix + "/baton";
    return n;
  }
  std::string own = user_cache_directory();
  if (!own.empty()) out[n++] = own;
  return n;
}

static bool is_trusted(const struct stat& st) {
  if (!S_ISREG(st.st_mode) || (st.st_mode & (S_IWGRP | S_IWOTH))) return false;
  if (st.st_uid == geteuid() || st.st_uid == 0) return true;
  struct stat own;
  return stat(config.base_executable.c_str(), &own) == 0 && own.st_uid == st.st_uid;
}

static std::string_view map_file(const std::string& path, MapPages pages) {
  int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return {};
  struct stat st;
  void* data = MAP_FAILED;
  if (fstat(fd, &st) == 0 && is_trusted(st) && st.st_size > 0) {
    int flags = MAP_PRIVATE | (pages == MapPages::Now ? MAP_POPULATE : 0);
    data = mmap(nullptr, static_cast<usize>(st.st_size), PROT_READ, flags, fd, 0);
  }
  close(fd);
  if (data == MAP_FAILED) return {};
  return {static_cast<const char*>(data), static_cast<usize>(st.st_size)};
}

CacheFile map_cache_file(const std::string& name, MapPages pages, AcceptFile accept, void* context) {
  std::string directories[kPlaces];
  usize n = places(directories);
  for (usize i = 0; i < n; ++i) {
    std::string_view data = map_file(directories[i] + "/" + name, pages);
    if (data.empty()) continue;
    if (accept(data, context)) return {data, static_cast<int>(i)};
    munmap(const_cast<char*>(data.data()), data.size());
  }
  return {};
}

static void make_directories(const std::string& path) {
  for (usize slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1))
    mkdir(path.substr(0, slash).c_str(), 0700);
  mkdir(path.c_str(), 0700);
}

// By pieces: the page cache keeps what one call writes in folios of up to 2 MiB, and where a mapping is touched the kernel maps
// the whole folio. Written at once, 6 MB of the library's file counted as every process's memory, most of it never looked at.
static bool write_all(int fd, const std::string& text) {
  constexpr usize kPiece = usize{64} << 10;
  usize done = 0;
  while (done < text.size()) {
    ssize_t n = write(fd, text.data() + done, std::min(kPiece, text.size() - done));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    done += static_cast<usize>(n);
  }
  return true;
}

static bool replace_file(const std::string& path, const std::string& text) {
  char suffix[40];
  snprintf(suffix, sizeof suffix, ".%ld.XXXXXX", static_cast<long>(getpid()));
  std::string temporary = path + suffix;
  int fd = mkostemp(temporary.data(), O_CLOEXEC);
  if (fd < 0) return false;
  bool good = write_all(fd, text) && fchmod(fd, 0644) == 0;
  good = close(fd) == 0 && good;
  good = good && rename(temporary.c_str(), path.c_str()) == 0;
  if (!good) unlink(temporary.c_str());
  return good;
}

// Nothing depends on it: a file that cannot be written costs the next start the time to compile.
bool replace_cache_file(const std::string& name, const std::string& text, int only_place) {
  if (geteuid() != getuid() || getegid() != getgid()) return false;
  std::string directories[kPlaces];
  int n = static_cast<int>(places(directories));
  for (int i = 0; i < n; ++i) {
    if (only_place >= 0 && i != only_place) continue;
    if (i > 0) make_directories(directories[i]);
    if (replace_file(directories[i] + "/" + name, text)) return true;
  }
  return false;
}

}  // namespace baton
