// The file of frozen modules' images: its form. (Where it is looked for, what is trusted, how it is replaced: cache_file.cpp.)
//
//     head       magic  bytecode version  hash of the library's directory and of the table  optimisation level  number of entries
//     entries    mtime of the source, its size, where the image is, its bytes (0: none)
//     images
//
// Whatever does not fit is as if it were not there.
#include <cstring>

#include "compile/op_info.h"
#include "modules/cache_file.h"
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
  u64 h = cache_file_hash(config.stdlib_dir.c_str());
  for (usize i = 0; i < frozen_module_count(); ++i) h = cache_file_hash(frozen_module(i).path, h);
  return h;
}

static std::string file_name() { return cache_file_name("frozen", library_hash()); }

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

bool map_frozen_file(FrozenImage* images, usize count) {
  struct Target {
    FrozenImage* images;
    usize count;
  } target{images, count};
  auto accept = [](std::string_view data, void* context) {
    auto* t = static_cast<Target*>(context);
    if (take_images(data.data(), data.size(), t->images, t->count)) return true;
    for (usize i = 0; i < t->count; ++i) t->images[i] = {};
    return false;
  };
  return map_cache_file(file_name(), MapPages::Now, accept, &target).is_found();
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

void write_frozen_file(const FrozenImage* images, usize count) { replace_cache_file(file_name(), file_contents(images, count)); }

}  // namespace baton
