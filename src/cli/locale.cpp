// Locale coercion at start-up, as CPython's (PEP 538).
#include "cli/locale.h"

#include <clocale>
#include <cstdlib>
#include <cstring>
#include <initializer_list>

namespace baton {

static bool in_c_locale = false;  // written by adopt_locale() only, before there are threads
bool started_in_c_locale() { return in_c_locale; }

void adopt_locale() {
  const char* locale = setlocale(LC_CTYPE, "");
  if (locale && strcmp(locale, "C") && strcmp(locale, "POSIX")) return;
  in_c_locale = true;
  const char *all = getenv("LC_ALL"), *choice = getenv("PYTHONCOERCECLOCALE");
  if ((all && *all) || (choice && !strcmp(choice, "0"))) return;
  for (const char* name : {"C.UTF-8", "C.utf8", "UTF-8"}) {
    if (!setlocale(LC_CTYPE, name)) continue;
    setenv("LC_CTYPE", name, 1);
    return;
  }
}

}  // namespace baton
