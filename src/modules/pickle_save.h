// _pickle: the state of one dump().
#pragma once
#include "modules/pickle_output.h"
#include "objects/set.h"

namespace baton {

class PickleSaver {
 public:
  PickleSaver(Thread& thread, Pickler* self);
  Result<Value> dump(Value object);

 private:
  // How an instance of a shape is taken apart when nothing about its class is special. One of a few, found again by shape.
  enum class PlanKind : u8 { General, Attributes, Reduce };
  struct Plan {
    Shape* shape = nullptr;
    u32 version = 0;                      // of the type, when the plan was made
    u32 dispatch_entries = 0;             // of copyreg.dispatch_table, which had no entry for the type then
    DictTable* dispatch_table = nullptr;  // its table then
    Value reduce;                         // Reduce: the class's own __reduce__
    PlanKind kind = PlanKind::General;
  };
  static constexpr usize kPlanCount = 16;

  // pickle_save.cpp
  Result<void> save(Value v);
  Result<void> save_without_persistent_id(Value v);
  // Between two objects: a full frame ends here.
  Result<void> boundary() {
    ++steps_;
    if (out_.frame_is_full() || out_.failed() || (steps_ & 0xFFFF) == 0) [[unlikely]]
      return slow_boundary();
    return ok;
  }
  Result<void> slow_boundary();
  Result<void> save_nested(Value v);
  Result<bool> save_persistent(Value v);
  void write_constant(Value v);
  Result<void> save_small_int(i64 v);
  Result<void> save_long(Value v);
  Result<void> save_float(double d);
  Result<void> save_str(Str* s);
  void save_unicode_line(Str* s);
  Result<void> save_bytes(Bytes* b);
  Result<void> save_bytes_data(Value owner, const u8* data, usize n);
  Result<void> save_bytearray(ByteArray* b);
  Result<void> save_bytearray_data(Value owner, const u8* data, usize n);
  Result<void> save_pickle_buffer(PickleBuffer* buffer);
  Result<void> save_tuple(Tuple* t);
  Result<void> save_list(List* list);
  Result<void> save_dict(Dict* dict);
  Result<void> save_set(Set* set);
  Result<void> save_frozenset(Set* set);
  Result<void> save_set_items(Set* set);
  Result<void> save_set_by_list(Set* set);
  Result<void> batch_list(List* list);
  Result<void> batch_dict(Dict* dict);
  Result<void> batch_items(Value iterator);       // APPEND(S)
  Result<void> batch_dict_items(Value iterator);  // SETITEM(S)
  Result<void> save_pair(Value pair);
  Result<void> write_payload(const u8* header, usize header_size, const u8* data, usize n, Value payload);
  Result<void> flush();
  Result<void> memoize(Value v);  // absent: a number that stands for nothing
  void write_get(i64 number);
  Result<bool> write_get_if_known(Value v);
  Result<void> fast_enter(Value v);
  void fast_leave(Value v);

  // pickle_save_object.cpp
  Result<void> save_object(Value v);
  Result<void> save_reduced(Value reduced, Value object);
  Result<void> save_reduce(Tuple* parts, Value object);
  Result<void> save_call(Value callable, Tuple* args, Value object);
  Result<void> save_newobj(Tuple* args, Value object);
  Result<void> save_newobj_ex(Tuple* args);
  Result<void> save_state(Value state, Value setter, Value object);
  Result<Value> find_reducer(Type* type);  // kNotFound
  const Plan& plan_for(Value v);
  Result<void> make_plan(Plan& plan, Value v);
  Result<bool> has_plain_attributes(Type* type);
  Result<void> save_plain_object(Value v);
  Result<void> save_shape_attributes(Cell* object, Shape* shape);

  // pickle_save_global.cpp
  Result<void> save_type(Type* type);
  Result<void> save_global(Value v, Value name = Value());
  Result<bool> save_extension(Value v, Value module_name, Value name);
  Result<void> save_global_lines(Value module_name, Value name);
  Result<void> save_identifier_line(Value text, const char* what);

  PickleMemo* memo() const { return self_->memo_.get(); }

  Thread& thread_;
  Pickler* self_;
  int protocol_;
  bool bin_, fast_, fix_imports_;
  Value persistent_id_, reducer_override_, dispatch_table_, write_, buffer_callback_;  // absent: none
  Dict* fast_memo_ = nullptr;
  int fast_nesting_ = 0;
  u32 steps_ = 0;  // since the last look whether the world is to be stopped
  Plan plans_[kPlanCount];
  PickleOutput out_;
};

}  // namespace baton
