// What ctypes.pythonapi has of CPython's C API, by parts. See ctypes_python_api.cpp.
#pragma once
#include <span>

#include "base/types.h"

namespace baton {

struct PythonApiRow {
  const char* name;
  void* function;
};
template <class R, class... A>
PythonApiRow python_api_row(const char* name, R (*function)(A...)) {
  return {name, reinterpret_cast<void*>(function)};
}

std::span<const PythonApiRow> capsule_api();  // ctypes_capsule.cpp
std::span<const PythonApiRow> object_api();   // ctypes_object_api.cpp

}  // namespace baton
