// _pickle: the state of one load().
#pragma once
#include "modules/pickle_input.h"

namespace baton {

class PickleLoader {
 public:
  PickleLoader(Thread& thread, Unpickler* self) : thread_(thread), self_(self), in_(thread, self) {}
  PickleLoader(Thread& thread, Unpickler* self, std::string_view memory)
      : thread_(thread), self_(self), in_(thread, self, memory) {}
  Result<Value> load();

 private:
  // pickle_load.cpp
  Result<Value> run();
  Failed raise_underflow();
  Failed raise_bad_key(u8 key);
  Result<Value> pop() {
    if (stack_.size() <= fence_) [[unlikely]]
      return raise_underflow();
    return stack_.pop();
  }
  Result<Value> top() {
    if (stack_.size() <= fence_) [[unlikely]]
      return raise_underflow();
    return stack_.back();
  }
  void push(Value v) { stack_.push(v); }
  // Place in the stack of the last MARK, which is taken away.
  Result<usize> pop_mark();
  void push_mark();
  Result<u64> take_u64(const char* what);  // OverflowError when it is no size
  Result<void> load_int_line();
  Result<void> load_long_line();
  Result<void> load_counted_long(i64 n);
  Result<void> load_float_line();
  Result<void> load_string_line();
  Result<void> load_counted_string(usize n);
  Result<void> push_decoded(std::string_view bytes);
  Result<void> load_unicode_line();
  Result<void> load_counted_unicode(usize n);
  Result<void> load_bytes(usize n);
  Result<void> load_bytearray(usize n);
  Result<void> load_next_buffer();
  Result<void> load_readonly_buffer();
  Result<void> load_counted_tuple(usize n);
  Result<void> load_tuple();
  Result<void> load_list();
  Result<void> load_dict();
  Result<void> load_frozenset();
  Result<void> load_appends(usize from);
  Result<void> load_set_items(usize from);
  Result<void> load_add_items();
  Result<void> load_pop();
  enum class LineNumberOf : u8 { Get, Put };  // of a Put, which wants something on the stack before it reads the number
  Result<i64> line_number(LineNumberOf what);
  Result<void> load_get(u64 number);
  Result<void> load_get_line();
  Result<void> load_put(u64 number);
  Result<void> load_put_line();
  Result<void> load_memoize();
  Result<void> load_frame();
  Result<void> load_protocol();

  // pickle_build.cpp
  Result<Value> find_class(Value module_name, Value global_name);
  Result<Value> line_as_text(bool ascii_only);
  Result<void> load_global();
  Result<void> load_stack_global();
  Result<void> load_extension(i64 code);
  Result<void> load_persistent_line();
  Result<void> load_persistent();
  Result<Value> call_persistent_load(Value id);
  Result<Value> instantiate(Value cls, const Value* args, usize n);
  Result<void> load_inst();
  Result<void> load_obj();
  Result<void> load_newobj();
  Result<void> load_newobj_ex();
  Result<Value> construct(const char* op, Value cls, Value args, Value kwargs);
  Result<void> load_reduce();
  Result<void> load_build();
  Result<void> set_attributes(Value object, Dict* state);
  Result<void> set_slots(Value object, Value slot_state);
  Result<Str*> interned_name(Str* name);

  Thread& thread_;
  Unpickler* self_;
  PickleInput in_;
  RootVector stack_, marks_;  // marks_: fence_ before each MARK, as small ints
  usize fence_ = 0;           // what lies below belongs to objects that are not finished
  // Names seen lately and their interned equals: the names of attributes repeat.
  static constexpr usize kNameCache = 64;
  Str *seen_[kNameCache] = {}, *interned_[kNameCache] = {};
};

}  // namespace baton
