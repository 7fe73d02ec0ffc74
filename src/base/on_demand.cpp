// Loading of the libraries declared with on_demand.h.
#include "base/on_demand.h"

#include <dlfcn.h>
#include <pthread.h>

#include "base/check.h"

extern "C" void baton_on_demand_not_loaded() {
  BATON_CHECK(false, "a function of a library that has not been loaded was called");
}

namespace baton {

static pthread_mutex_t load_mutex = PTHREAD_MUTEX_INITIALIZER;

const char* OnDemandLibrary::load() {
  if (__atomic_load_n(&ready_, __ATOMIC_ACQUIRE)) return nullptr;
  pthread_mutex_lock(&load_mutex);
  const char* error = nullptr;
  if (!ready_) {
    if (!handle_) handle_ = dlopen(soname_, RTLD_LAZY | RTLD_LOCAL);
    if (!handle_) error = dlerror();
    for (usize i = 0; i < count_ && !error; ++i) {
      void* address = dlsym(handle_, imports_[i].name);
      if (address)
        *imports_[i].slot = address;
      else
        error = dlerror();
    }
    if (!error) __atomic_store_n(&ready_, true, __ATOMIC_RELEASE);
  }
  pthread_mutex_unlock(&load_mutex);
  return error;
}

bool OnDemandLibrary::is_present() const {
  if (__atomic_load_n(&ready_, __ATOMIC_ACQUIRE)) return true;
  void* handle = dlopen(soname_, RTLD_LAZY | RTLD_NOLOAD);
  if (handle) dlclose(handle);
  return handle;
}

const char* OnDemandLibrary::path() const {
  Dl_info info;
  if (!__atomic_load_n(&ready_, __ATOMIC_ACQUIRE) || count_ == 0 || !dladdr(*imports_[0].slot, &info)) return nullptr;
  return info.dli_fname;
}

void* OnDemandLibrary::symbol(const char* name) const { return handle_ ? dlsym(handle_, name) : nullptr; }

}  // namespace baton
