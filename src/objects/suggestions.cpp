// The name that was probably meant: the nearest by edit distance among the attributes of the object, or the names in scope.
//
// A change of case costs 1, any other edit 2; no more than a third of the characters involved may need changing.
#include "objects/suggestions.h"

#include "objects/dict.h"
#include "objects/exception_details.h"
#include "objects/frame.h"
#include "objects/list.h"
#include "objects/str.h"

namespace baton {

static constexpr i64 kMoveCost = 2, kCaseCost = 1;
static constexpr usize kMaxText = 40;
static constexpr Index kMaxCandidates = 750;

static i64 substitution_cost(char a, char b) {
  if (a == b) return 0;
  auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return lower(a) == lower(b) ? kCaseCost : kMoveCost;
}

// The distance, or any number above limit.
static i64 edit_distance(std::string_view a, std::string_view b, i64 limit) {
  if (a == b) return 0;
  while (!a.empty() && !b.empty() && a.front() == b.front()) {
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  while (!a.empty() && !b.empty() && a.back() == b.back()) {
    a.remove_suffix(1);
    b.remove_suffix(1);
  }
  if (a.empty() || b.empty()) return static_cast<i64>(a.size() + b.size()) * kMoveCost;
  if (a.size() > kMaxText || b.size() > kMaxText) return limit + 1;
  if (b.size() < a.size()) std::swap(a, b);
  if (static_cast<i64>(b.size() - a.size()) * kMoveCost > limit) return limit + 1;
  i64 row[kMaxText];
  for (usize i = 0; i < a.size(); ++i) row[i] = static_cast<i64>(i + 1) * kMoveCost;
  i64 result = 0;
  for (usize j = 0; j < b.size(); ++j) {
    i64 diagonal = result = static_cast<i64>(j) * kMoveCost;
    i64 minimum = INT64_MAX;
    for (usize i = 0; i < a.size(); ++i) {
      i64 substitute = diagonal + substitution_cost(b[j], a[i]);
      diagonal = row[i];
      i64 move = (result < diagonal ? result : diagonal) + kMoveCost;
      result = move < substitute ? move : substitute;
      row[i] = result;
      if (result < minimum) minimum = result;
    }
    if (minimum > limit) return limit + 1;
  }
  return result;
}

class NameSearch {
 public:
  explicit NameSearch(Thread& thread, Str* wanted) : thread_(thread), wanted_(wanted) {
    text_ = str_utf8_lossy(thread, wanted, &owner_);
  }
  void consider(Value candidate) {
    if (!is<Str>(candidate)) return;
    Str* name = candidate.as<Str>();
    if (str_equal(name, wanted_)) return;
    Value owner;
    std::string_view text = str_utf8_lossy(thread_, name, &owner);
    i64 limit = static_cast<i64>(text_.size() + text.size() + 3) * kMoveCost / 6;
    if (best_distance_ - 1 < limit) limit = best_distance_ - 1;
    i64 distance = edit_distance(text_, text, limit);
    if (distance > limit) return;
    best_ = name;
    best_distance_ = distance;
  }
  Str* best() const { return best_; }

 private:
  Thread& thread_;
  Str* wanted_;
  Value owner_;
  std::string_view text_;
  Str* best_ = nullptr;
  i64 best_distance_ = INT64_MAX;
};

static Result<Str*> suggest_attribute(Thread& thread, Str* name, Value object) {
  Value method = TRY(find_special(thread, object, names.dunder_dir));
  if (method == kNotFound) return names.empty;
  List* all = TRY(list_from_iterable(thread, TRY(call(thread, method))));
  TRY(list_sort_in_place(thread, all, kNone, false));
  if (all->length() >= kMaxCandidates) return names.empty;
  NameSearch search(thread, name);
  for (Index i = 0; i < all->length(); ++i) search.consider(all->try_at(i));
  return search.best() ? search.best() : names.empty;
}

static Str* suggest_among(Thread& thread, Str* name, Dict* dict) {
  if (!dict || dict->length() >= kMaxCandidates) return nullptr;
  NameSearch search(thread, name);
  Index position = 0;
  Value key, value;
  while (dict_next(dict, &position, &key, &value)) search.consider(key);
  return search.best();
}

static Str* suggest_in_scope(Thread& thread, Str* name, Traceback* traceback) {
  if (!traceback) return nullptr;
  while (traceback->next()) traceback = traceback->next();
  FrameObject* frame = traceback->frame();
  NameSearch locals(thread, name);
  Tuple* varnames = frame->code_->varnames();
  if (varnames->length() < kMaxCandidates)
    for (Index i = 0; i < varnames->length(); ++i) locals.consider(varnames->at(i));
  if (locals.best()) return locals.best();
  if (Str* found = suggest_among(thread, name, frame->globals_.get())) return found;
  return suggest_among(thread, name, frame->builtins_.get());
}

Str* suggest_name(Thread& thread, Exception* e) {
  Type* type = type_of(Value(e));
  if (type != exceptions.AttributeError && type != exceptions.NameError) return nullptr;
  Value name = detail_at(e, kDetailName);
  if (!is<Str>(name)) return nullptr;
  if (type == exceptions.NameError) return suggest_in_scope(thread, name.as<Str>(), e->traceback());
  Value object = detail_at(e, kDetailObj);
  if (object.is_absent()) return nullptr;
  Result<Str*> found = suggest_attribute(thread, name.as<Str>(), object);
  if (found.is_failed()) {
    thread.clear_pending();
    return nullptr;
  }
  return found.value()->length() ? found.value() : nullptr;
}

}  // namespace baton
