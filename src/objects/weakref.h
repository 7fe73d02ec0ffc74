// Weak references: a WeakList per weakly referenced object, and the references and proxies that share it.
//
//     heap's weak table:  target ---> WeakList <=== WeakRef, WeakRef, proxy ...   (===: strong)
//     WeakList: raw pointers to the target (cleared when it dies) and to its references, newest first
//
// References keep the list alive, so the table may hold it weakly; a dead reference unlinks itself before it is swept.
#pragma once
#include "objects/native.h"
#include "objects/thread.h"

namespace baton {

class WeakRef;
class WeakProxy;

// What references and proxies have in common. Links are raw: guarded by weak_links_mutex or a stopped world.
class WeakLink : public Cell {
 public:
  Cell* target() const;                               // null once dead
  Value callback() const { return callback_.get(); }  // None: none
  void visit_edges(EdgeVisitor& visit) const;
  void finalize_native();  // unlinks

  Field<Cell> list_;  // the WeakList
  Field<Value> callback_;
  WeakLink *previous_, *next_;
};

class WeakList final : public Cell {
 public:
  static constexpr u16 kKind = kKindWeakList;
  Cell* target_;  // atomic; null once dead
  WeakLink* first_;
};
inline Cell* WeakLink::target() const { return __atomic_load_n(&static_cast<WeakList*>(list_.get())->target_, __ATOMIC_ACQUIRE); }
inline void WeakLink::visit_edges(EdgeVisitor& visit) const { visit(list_, callback_); }

class WeakRef final : public WeakLink {
 public:
  static constexpr u16 kKind = kKindWeakRef;
  static Type* type() { return types.weakref; }
  void init(WeakList* list, Value callback) {
    list_.init(list);
    callback_.init(callback);
    previous_ = next_ = nullptr;
    hash_ = 0;
    hashed_ = false;
  }
  // The referent, or None.
  Value get() const {
    Cell* c = target();
    return c ? Value(c) : kNone;
  }
  u64 hash_;
  bool hashed_;
};

class WeakProxy final : public WeakLink {
 public:
  void init(WeakList* list, Value callback) {
    list_.init(list);
    callback_.init(callback);
    previous_ = next_ = nullptr;
  }
};

// weakref.ref(target[, callback]) as `type`; callback: None for none. Exact references without a callback are shared.
Result<Value> make_weakref(Thread& thread, Type* type, Value target, Value callback);
Result<Value> make_weakref(Thread& thread, Value target, Value callback = kNone);
// The shared reference to an object if there is one, else absent.
Value existing_weakref(Value target);
Result<Value> make_weak_proxy(Thread& thread, Value target, Value callback);
// Live references and proxies to an object, newest first.
void weak_links_of(Value target, RootVector& links);
// The heap's hook.
void on_weak_target_dead(Cell* target, Cell* head);
// Runs queued callbacks; their exceptions are reported.
Result<void> run_queued_weakref_callbacks(Thread& thread);
bool has_queued_weakref_callbacks();
extern TypeDef weak_proxy_def, callable_weak_proxy_def;

}  // namespace baton
