// The file of frozen modules' images: where it is looked for, what is trusted, how it is replaced.
//
//     head       magic  bytecode version  hash of the library's directory and of the table  optimisation level  number of entries
//     entries    mtime of the source, its size, where the image is, its bytes (0: none)
//     images
//
// A file counts if it is a regular one, belongs to the effective user, to root or to the owner of this program, and nobody else
// may write it. Whatever does not fit is as if it were not there. Replaced by renaming a complete file: readers see
// the old one or the new one, and a mapped one never changes.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "compile/op_info.h"
#include "modules/config.h"
#include "modules/frozen.h"

namespace baton {

static constexpr char kMagic[8] = {'B', 'A', 'T', 'O', 'N', 'F', 'Z', '1'};

struct FrozenFileHead {
  char magic[8];
  u64 version, library;
  u32 optimize, count;
};
struct FrozenFileEntry {
  i64 mtime_ns;
  u64 source_size;
  u32 at, size;
};

static u64 library_hash() {
  u64 h = 0xCBF29CE484222325;
  auto add = [&h](const char* text) {
    for (const char* p = text; *p; ++p) h = (h ^ static_cast<u8>(*p)) * 0x100000001B3;
    h = (h ^ 0xFF) * 0x100000001B3;
  };
  add(config.stdlib_dir.c_str());
  for (usize i = 0; i < frozen_module_count(); ++i) add(frozen_module(i).path);
  return h;
}

static std::string file_name() {
  char name[80];
  snprintf(name, sizeof name, "frozen-%016llx-%016llx-%d.img", static_cast<unsigned long long>(bytecode_version_hash()),
           static_cast<unsigned long long>(library_hash()), config.optimize);
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

// Of the entries only that they lie within the file; images have checksums of their own.
static bool take_images(const char* data, usize size, FrozenImage* images, usize count) {
  FrozenFileHead head;
  if (size < sizeof head + count * sizeof(FrozenFileEntry)) return false;
  memcpy(&head, data, sizeof head);
  if (memcmp(head.magic, kMagic, sizeof kMagic) != 0 || head.version != bytecode_version_hash() ||
      head.library != library_hash() || head.optimize != static_cast<u32>(config.optimize) || head.count != count)
    return false;
  for (usize i = 0; i < count; ++i) {
    FrozenFileEntry entry;
    memcpy(&entry, data + sizeof head + i * sizeof entry, sizeof entry);
    if (entry.at > size || entry.size > size - entry.at) return false;
    images[i] = {entry.mtime_ns, entry.source_size, {data + entry.at, entry.size}};
  }
  return true;
}

static bool map_file(const std::string& path, FrozenImage* images, usize count) {
  int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return false;
  struct stat st;
  void* data = MAP_FAILED;
  if (fstat(fd, &st) == 0 && is_trusted(st) && st.st_size > 0)
    data = mmap(nullptr, static_cast<usize>(st.st_size), PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
  close(fd);
  if (data == MAP_FAILED) return false;
  if (take_images(static_cast<const char*>(data), static_cast<usize>(st.st_size), images, count)) return true;
  for (usize i = 0; i < count; ++i) images[i] = {};
  munmap(data, static_cast<usize>(st.st_size));
  return false;
}

bool map_frozen_file(FrozenImage* images, usize count) {
  std::string directories[kPlaces];
  usize n = places(directories);
  for (usize i = 0; i < n; ++i)
    if (map_file(directories[i] + "/" + file_name(), images, count)) return true;
  return false;
}

static std::string file_contents(const FrozenImage* images, usize count) {
  FrozenFileHead head{};
  memcpy(head.magic, kMagic, sizeof kMagic);
  head.version = bytecode_version_hash();
  head.library = library_hash();
  head.optimize = static_cast<u32>(config.optimize);
  head.count = static_cast<u32>(count);
  std::string text(reinterpret_cast<const char*>(&head), sizeof head);
  usize at = sizeof head + count * sizeof(FrozenFileEntry);
  for (usize i = 0; i < count; ++i) {
    u32 size = static_cast<u32>(images[i].image.size());
    FrozenFileEntry entry{images[i].mtime_ns, images[i].source_size, static_cast<u32>(at), size};
    text.append(reinterpret_cast<const char*>(&entry), sizeof entry);
    at += images[i].image.size();
  }
  for (usize i = 0; i < count; ++i) text.append(images[i].image);
  return text;
}

static void make_directories(const std::string& path) {
  for (usize slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1))
    mkdir(path.substr(0, slash).c_str(), 0700);
  mkdir(path.c_str(), 0700);
}

static bool write_all(int fd, const std::string& text) {
  usize done = 0;
  while (done < text.size()) {
    ssize_t n = write(fd, text.data() + done, text.size() - done);
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
void write_frozen_file(const FrozenImage* images, usize count) {
  if (geteuid() != getuid() || getegid() != getgid()) return;
  std::string directories[kPlaces];
  usize n = places(directories);
  std::string text = file_contents(images, count);
  for (usize i = 0; i < n; ++i) {
    if (i > 0) make_directories(directories[i]);
    if (replace_file(directories[i] + "/" + file_name(), text)) return;
  }
}

}  // namespace baton
