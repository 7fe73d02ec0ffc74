// Code of the library's other modules, those that are found by way of sys.path: images in one mapped file, by which importing one
// needs neither its .pyc nor a copy of it.
//
//     head       magic  bytecode version  hash of the library's directory  optimisation level  number of entries
//     entries    where the path below the library's directory is, its bytes; mtime of the source, its size; where the image is,
//                its bytes. In the order of the paths.
//     paths, images
//
// SourceFileLoader gets a get_code of its own, which answers from the file what is there, belongs to the source as it is now and
// is asked for by a loader as importlib made it; SourceLoader's answers everything else. What came from there is added to the
// file when the process ends, if it is worth it. (A file is used as a whole or not at all; see cache_file.cpp and
// docs/startup.md.)
#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "compile/code_image.h"
#include "compile/op_info.h"
#include "modules/cache_file.h"
#include "modules/config.h"
#include "modules/frozen.h"
#include "modules/os_support.h"
#include "objects/audit.h"
#include "objects/code.h"
#include "objects/dict.h"
#include "objects/module.h"
#include "objects/native.h"
#include "objects/object.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/type.h"
#include "threads/mutex.h"

namespace baton {
namespace {

constexpr char kMagic[8] = {'B', 'A', 'T', 'O', 'N', 'L', 'B', '1'};
constexpr usize kWorthWriting = 8;  // modules that had to be taken from elsewhere: the whole file is written anew for them
constexpr usize kMostModules = 4000;

struct Head {
  char magic[8];
  u64 version, library;
  u32 optimize, count;
};
struct Entry {
  i64 mtime_ns;
  u64 source_size;
  u32 path_at, path_size, at, size;
};

// One module to be written.
struct Item {
  std::string_view path;
  i64 mtime_ns;
  u64 source_size;
  std::string_view image;
  bool is_known;  // from the file
};

// A module whose code came from elsewhere; its code object is in `missed_codes`, at the same place.
struct Missed {
  std::string path;
  i64 mtime_ns;
  u64 source_size;
};

Mutex mutex;
bool is_open = false;  // guarded by mutex, as are all below
CacheFile file;        // accepted, or not found
std::vector<Missed> missed;
RootVector* missed_codes = nullptr;

Root<Value>* usual = nullptr;  // SourceLoader.get_code
Root<Type>* loader_type = nullptr;
u32 loader_version = 0;  // of SourceFileLoader as importlib made it: another one may have methods that get_code should call

u64 library_hash() { return cache_file_hash(config.stdlib_dir.c_str()); }
std::string file_name() { return cache_file_name("library", library_hash()); }

i64 mtime_ns(const struct stat& st) { return i64{st.st_mtim.tv_sec} * 1000000000 + st.st_mtim.tv_nsec; }

Head head_of(std::string_view data) {
  Head head;
  memcpy(&head, data.data(), sizeof head);
  return head;
}
Entry entry_of(std::string_view data, usize number) {
  Entry entry;
  memcpy(&entry, data.data() + sizeof(Head) + number * sizeof entry, sizeof entry);
  return entry;
}

// Of the entries only that they lie within the file; images have checksums of their own.
bool is_usable(std::string_view data, void*) {
  if (data.size() < sizeof(Head)) return false;
  Head head = head_of(data);
  if (memcmp(head.magic, kMagic, sizeof kMagic) != 0 || head.version != bytecode_version_hash() ||
      head.library != library_hash() || head.optimize != static_cast<u32>(config.optimize) || head.count > kMostModules ||
      (data.size() - sizeof head) / sizeof(Entry) < head.count)
    return false;
  for (usize i = 0; i < head.count; ++i) {
    Entry entry = entry_of(data, i);
    if (entry.at > data.size() || entry.size > data.size() - entry.at || entry.path_at > data.size() ||
        entry.path_size > data.size() - entry.path_at)
      return false;
  }
  return true;
}

void open_file() {
  if (is_open) return;
  is_open = true;
  file = map_cache_file(file_name(), MapPages::WhenTouched, is_usable, nullptr);
}

bool find_entry(std::string_view path, Entry* found) {
  if (!file.is_found()) return false;
  usize low = 0, high = head_of(file.data).count;
  while (low < high) {
    usize middle = (low + high) / 2;
    Entry entry = entry_of(file.data, middle);
    int order = file.data.substr(entry.path_at, entry.path_size).compare(path);
    if (order == 0) {
      *found = entry;
      return true;
    }
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return false;
}

// What follows the library's directory, for modules that belong to the library; else empty. Tests are many, and run once.
std::string_view path_in_library(std::string_view path) {
  std::string_view directory = config.stdlib_dir;
  if (directory.empty() || path.size() <= directory.size() || !path.starts_with(directory) || path[directory.size()] != '/')
    return {};
  std::string_view inner = path.substr(directory.size() + 1);
  auto has = [inner](std::string_view part) { return inner.find(part) != std::string_view::npos; };
  bool is_other = inner.starts_with("test/") || has("/test/") || has("/tests/") || has("-packages/") || has("./") || has("//");
  return is_other || !inner.ends_with(".py") ? std::string_view() : inner;
}

// The source of a loader as importlib made it, asked for the module it was made for; else kNotFound.
Result<Value> plain_source(Thread& t, Value self, Value fullname) {
  if (has_audit_hooks) return kNotFound;  // they are told of each file that is opened
  if (type_of(self) != loader_type->get() || loader_type->get()->version() != loader_version || config.verbose ||
      !is<Str>(fullname))
    return kNotFound;
  Value name = TRY(find_attr(t, self, intern(t, "name"))), path = TRY(find_attr(t, self, intern(t, "path")));
  if (name == kNotFound || path == kNotFound || !is<Str>(name) || !is<Str>(path)) return kNotFound;
  if (!str_equal(name.as<Str>(), fullname.as<Str>()) || !path.as<Str>()->is_ascii()) return kNotFound;
  return path;
}

// The code that the file has for a source as it is now, or kNotFound.
Result<Value> code_from_file(Thread& t, std::string_view path, const struct stat& st) {
  Entry entry{};
  bool is_there;
  {
    Guard guard(mutex);
    open_file();
    is_there = find_entry(path, &entry);
  }
  if (!is_there || entry.mtime_ns != mtime_ns(st) || entry.source_size != static_cast<u64>(st.st_size)) return kNotFound;
  Result<Code*> code = read_code_image(t, file.data.substr(entry.at, entry.size), ImageBytes::Forever);
  if (!code.is_failed()) return Value(code.value());
  t.clear_pending();  // damaged
  return kNotFound;
}

Result<Value> get_code(Thread& t, Value self, Value fullname) {
  Value source = TRY(plain_source(t, self, fullname));
  std::string path;
  struct stat st;
  if (source != kNotFound) path = std::string(path_in_library(source.as<Str>()->ascii()));
  bool is_ours = !path.empty() && stat((config.stdlib_dir + "/" + path).c_str(), &st) == 0;
  if (!is_ours) return call(t, usual->get(), self, fullname);
  Value known = TRY(code_from_file(t, path, st));
  if (known != kNotFound) return known;
  Value code = TRY(call(t, usual->get(), self, fullname));
  if (!is<Code>(code) || config.no_debug_ranges) return code;
  Value is_forbidden = dict_find_str(runtime.sys->dict(), intern(t, "dont_write_bytecode"));
  if (is_forbidden.is_present() && TRY(truth(t, is_forbidden))) return code;
  Guard guard(mutex);
  if (missed.size() >= kMostModules) return code;
  if (!missed_codes) missed_codes = new RootVector;
  missed_codes->push(code);
  missed.push_back({path, mtime_ns(st), static_cast<u64>(st.st_size)});
  return code;
}

constinit NativeDef rows[] = {native<get_code>("get_code($self, fullname)",
                                               "Concrete implementation of InspectLoader.get_code.\n\n"
                                               "Code of the standard library may come from a file of code images.")};

std::string contents(const std::vector<Item>& items) {
  Head head{};
  memcpy(head.magic, kMagic, sizeof kMagic);
  head.version = bytecode_version_hash();
  head.library = library_hash();
  head.optimize = static_cast<u32>(config.optimize);
  head.count = static_cast<u32>(items.size());
  std::string text(reinterpret_cast<const char*>(&head), sizeof head);
  usize path_at = sizeof head + items.size() * sizeof(Entry), at = path_at;
  for (const Item& item : items) at += item.path.size();
  for (const Item& item : items) {
    Entry entry{item.mtime_ns,
                item.source_size,
                static_cast<u32>(path_at),
                static_cast<u32>(item.path.size()),
                static_cast<u32>(at),
                static_cast<u32>(item.image.size())};
    text.append(reinterpret_cast<const char*>(&entry), sizeof entry);
    path_at += item.path.size();
    at += item.image.size();
  }
  for (const Item& item : items) text.append(item.path);
  for (const Item& item : items) text.append(item.image);
  return text;
}

}  // namespace

Result<void> install_library_images(Thread& thread) {
  Value external = runtime.importlib_external;
  Value type = TRY(get_attr_ascii(thread, external, "SourceFileLoader"));
  Value base = TRY(get_attr_ascii(thread, external, "SourceLoader"));
  usual = new Root<Value>(TRY(get_attr_ascii(thread, base, "get_code")));
  loader_type = new Root<Type>(type.as<Type>());
  Value method(TRY(make<MethodDescriptor>(thread, &rows[0], type.as<Type>())));
  TRY(set_attr(thread, type, intern(thread, "get_code"), method));
  loader_version = type.as<Type>()->version();
  return ok;
}

bool is_library_source(std::string_view path) { return !path_in_library(path).empty(); }
bool library_file_has(std::string_view path) {
  path = path_in_library(path);
  Entry entry;
  Guard guard(mutex);
  open_file();
  return !path.empty() && find_entry(path, &entry);
}
Result<Value> library_file_code(Thread& thread, std::string_view path, const struct stat& st) {
  return code_from_file(thread, path_in_library(path), st);
}

void store_library_images(Thread& thread) {
  Guard guard(mutex);
  if (missed.size() < kWorthWriting) return;
  std::vector<Item> items;
  std::vector<std::string> images(missed.size());
  for (usize i = 0; i < missed.size(); ++i) {
    if (write_code_image(thread, (*missed_codes)[i].as<Code>(), images[i]))
      items.push_back({missed[i].path, missed[i].mtime_ns, missed[i].source_size, images[i], false});
  }
  for (usize i = 0, n = file.is_found() ? head_of(file.data).count : 0; i < n; ++i) {
    Entry entry = entry_of(file.data, i);
    items.push_back({file.data.substr(entry.path_at, entry.path_size), entry.mtime_ns, entry.source_size,
                     file.data.substr(entry.at, entry.size), true});
  }
  // Of several the first stays: what was made now comes before what is in the file.
  std::sort(items.begin(), items.end(), [](const Item& a, const Item& b) {
    int order = a.path.compare(b.path);
    return order != 0 ? order < 0 : a.is_known < b.is_known;
  });
  items.erase(std::unique(items.begin(), items.end(), [](const Item& a, const Item& b) { return a.path == b.path; }),
              items.end());
  if (items.size() <= kMostModules) replace_cache_file(file_name(), contents(items), file.place);
  missed.clear();
}

}  // namespace baton
