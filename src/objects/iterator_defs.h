// The types of the iterators and views of built-in containers, for who makes such objects without a call.
#pragma once
#include "objects/native.h"

namespace baton {

extern TypeDef dict_key_iterator_def, dict_value_iterator_def, dict_item_iterator_def, set_iterator_def, str_iterator_def,
    str_ascii_iterator_def, bytes_iterator_def;
extern TypeDef dict_keys_def, dict_values_def, dict_items_def;

}  // namespace baton
