// The note about libcrypto's digests: its form, and when it holds.
//
//     BATONDG1 HASH                      of all that follows
//     path, state                        of the library, of the loader's cache and of OpenSSL's configuration: two lines each
//     constructors                       in hexadecimal
//     names                              a line each
//
// State is what stat tells: a file that is another, or was changed, has another one. The note is neither made nor used where
// something else has a say: environment variables of the loader and of OpenSSL, a FIPS kernel, providers besides the built-in
// one, configuration that includes other files.
#include "modules/digest_list.h"

#include <fcntl.h>
#include <openssl/conf.h>
#include <openssl/crypto.h>
#include <openssl/provider.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "modules/cache_file.h"
#include "modules/openssl_support.h"

namespace baton {
namespace {

constexpr std::string_view kMagic = "BATONDG1 ";
constexpr const char* kLoaderCache = "/etc/ld.so.cache";

std::string file_name() { return cache_file_name("digests", cache_file_hash(BATON_SONAME_CRYPTO)); }

std::string hash_line(const char* text) {
  char line[32];
  snprintf(line, sizeof line, "%016llx\n", static_cast<unsigned long long>(cache_file_hash(text)));
  return line;
}

std::string state_of(const char* path) {
  struct stat st;
  if (stat(path, &st) != 0) return "none";
  char text[120];
  snprintf(text, sizeof text, "%lld.%09ld %lld %llu %llu", static_cast<long long>(st.st_mtim.tv_sec), st.st_mtim.tv_nsec,
           static_cast<long long>(st.st_size), static_cast<unsigned long long>(st.st_ino),
           static_cast<unsigned long long>(st.st_dev));
  return text;
}

bool is_kernel_fips() {
  int fd = open("/proc/sys/crypto/fips_enabled", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  char digit = '0';
  bool is_on = read(fd, &digit, 1) == 1 && digit != '0';
  close(fd);
  return is_on;
}

bool is_environment_plain() {
  for (const char* name :
       {"LD_LIBRARY_PATH", "LD_PRELOAD", "LD_AUDIT", "OPENSSL_CONF", "OPENSSL_CONF_INCLUDE", "OPENSSL_MODULES"})
    if (getenv(name)) return false;
  return !is_kernel_fips();
}

// The next line, without its end, taken off the text.
std::string_view take_line(std::string_view& text) {
  usize end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

bool read_note(std::string_view text, DigestList* list) {
  if (!text.starts_with(kMagic)) return false;
  text.remove_prefix(kMagic.size());
  std::string hash = std::string(take_line(text)) + "\n", rest(text);
  if (hash != hash_line(rest.c_str()) || rest.size() != strlen(rest.c_str())) return false;
  for (int i = 0; i < 3; ++i) {
    std::string path(take_line(text));
    if (take_line(text) != state_of(path.c_str())) return false;
  }
  list->constructors = strtoull(std::string(take_line(text)).c_str(), nullptr, 16);
  list->names = text;
  return true;
}

// All that a process that reads the note can't see by looking at three files.
bool is_configuration_simple(const char* path) {
  int others = 0;
  OSSL_PROVIDER_do_all(
      nullptr,
      [](OSSL_PROVIDER* provider, void* count) {
        if (strcmp(OSSL_PROVIDER_get0_name(provider), "default") != 0) ++*static_cast<int*>(count);
        return 1;
      },
      &others);
  if (others) return false;
  FILE* file = fopen(path, "re");
  if (!file) return true;
  char line[512];
  bool is_simple = true;
  while (fgets(line, sizeof line, file))
    if (strncmp(line + strspn(line, " \t"), ".include", 8) == 0) is_simple = false;
  fclose(file);
  return is_simple;
}

}  // namespace

bool recall_digest_list(DigestList* list) {
  if (!is_environment_plain()) return false;
  auto accept = [](std::string_view data, void* context) { return read_note(data, static_cast<DigestList*>(context)); };
  return map_cache_file(file_name(), MapPages::WhenTouched, accept, list).is_found();
}

void note_digest_list(const DigestList& list) {
  char* configuration = CONF_get1_default_config_file();
  const char* library = libcrypto_path();
  if (library && configuration && is_environment_plain() && is_configuration_simple(configuration)) {
    std::string text;
    for (const char* path : {library, kLoaderCache, static_cast<const char*>(configuration)})
      text += std::string(path) + "\n" + state_of(path) + "\n";
    char constructors[32];
    snprintf(constructors, sizeof constructors, "%llx\n", static_cast<unsigned long long>(list.constructors));
    text += constructors + list.names;
    replace_cache_file(file_name(), std::string(kMagic) + hash_line(text.c_str()) + text);
  }
  CRYPTO_free(configuration, __FILE__, __LINE__);
}

}  // namespace baton
