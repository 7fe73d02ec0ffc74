// See the header.
#include "modules/environment.h"

#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <unordered_set>

#include "threads/mutex.h"

extern char** environ;

namespace baton {

namespace {

// Held without safepoints: nobody holds it in a stopped world, so a forked child finds it free.
constinit Mutex environment_mutex;
constinit char** own_list = nullptr;  // what `environ` is, unless the program around us has set it
constinit usize own_room = 0;         // entries, the null at the end not counted

// All entries ever set: they stay, as others may read them, and an equal one is used again.
std::unordered_set<std::string_view>& known_entries() {
  static auto* entries = new std::unordered_set<std::string_view>;
  return *entries;
}

// The entry "name=value"; null: no memory.
char* make_entry(std::string_view name, std::string_view value) {
  usize size = name.size() + 1 + value.size();
  auto text = static_cast<char*>(malloc(size + 1));
  if (!text) return nullptr;
  memcpy(text, name.data(), name.size());
  text[name.size()] = '=';
  memcpy(text + name.size() + 1, value.data(), value.size());
  text[size] = '\0';
  auto [at, is_new] = known_entries().insert({text, size});
  if (!is_new) free(text);
  return const_cast<char*>(at->data());
}

bool names(const char* entry, std::string_view name) {
  return strncmp(entry, name.data(), name.size()) == 0 && entry[name.size()] == '=';
}

void store_entry(char** at, char* entry) { __atomic_store_n(at, entry, __ATOMIC_RELEASE); }

// Room for one entry more behind the first `count`.
bool reserve(usize count) {
  if (environ == own_list && count < own_room) return true;
  usize room = count < 32 ? 64 : 2 * count;
  auto list = static_cast<char**>(calloc(room + 1, sizeof(char*)));
  if (!list) return false;
  if (count) memcpy(list, environ, count * sizeof(char*));
  own_list = list;
  own_room = room;
  __atomic_store_n(&environ, list, __ATOMIC_RELEASE);  // the old list is left to those who read it
  return true;
}

}  // namespace

bool set_environment_variable(std::string_view name, std::string_view value) {
  environment_mutex.lock();
  char* made = make_entry(name, value);
  usize at = 0;
  while (environ && environ[at] && !names(environ[at], name)) ++at;
  bool is_set = made && ((environ && environ[at]) || reserve(at));
  if (is_set) store_entry(environ + at, made);
  environment_mutex.unlock();
  return is_set;
}

void remove_environment_variable(std::string_view name) {
  environment_mutex.lock();
  char** to = environ;
  for (char** from = environ; from && *from; ++from) {
    if (names(*from, name)) continue;
    if (to != from) store_entry(to, *from);
    ++to;
  }
  for (; to && *to; ++to) store_entry(to, nullptr);  // so that the next one appended is the last
  environment_mutex.unlock();
}

}  // namespace baton
