// The error pass's grammar in the form its matcher walks. Built from error_grammar.def when first needed; immutable then.
#pragma once
#include <string_view>

#include "base/types.h"
#include "syntax/token.h"

namespace baton::syntax {

enum class ItemOp : u8 {
  Token,  // a: TokenKind
  Soft,   // a: index into soft_keywords
  SoftAny,
  Rule,      // a: rule
  Group,     // a: choice
  Optional,  // a: item
  Star,      // a: item
  Plus,      // a: item
  Gather,    // a: item, b: separator item
  And,       // a: item
  Not,       // a: item
  Cut,
  Forced,  // a: TokenKind
};

inline constexpr std::string_view soft_keywords[] = {"_", "case", "match"};

// What a matched alternative does. The ones with a fixed form first; the rest are member functions of the error pass.
#define BATON_ERROR_ACTIONS(A)                                                                                               \
  A(pass)                                                                                                                    \
  A(node)                                                                                                                    \
  A(known)                                                                                                                   \
  A(range)                                                                                                                   \
  A(from)                                                                                                                    \
  A(last)                                                                                                                    \
  A(block)                                                                                                                   \
  A(target) A(fail) A(future) A(real) A(imaginary) A(tuple) A(single_tuple) A(paren_tuple) A(elements) A(list) A(starred)    \
      A(compare) A(barry) A(literal) A(strings) A(async_clause) A(clause) A(args) A(kwargs) A(join) A(keyword) A(unpacking)  \
          A(generator_range) A(generator_in_call) A(generator_last_target) A(argument_order) A(assign_to_constant) A(legacy) \
              A(forgot_comma) A(key_without_value)

enum class Action : u8 {
  none,
#define A(name) name,
  BATON_ERROR_ACTIONS(A)
#undef A
};

struct GrammarItem {
  ItemOp op;
  u16 a;
  u16 b;
};
struct Alternative {
  u16 first_item;
  u8 item_count;
  Action action;
  u8 i, j;       // arguments of the action; for `node` i is the ExprKind
  bool guarded;  // a single invalid_ rule: only tried when mistakes are looked for
  std::string_view message;
  u8 version;  // feature_version it wants, 0: any
  std::string_view feature;
};
struct Choice {
  u16 first_alternative;
  u16 count;
};
struct GrammarRule {
  std::string_view name;
  u16 choice;
  bool memo, left_recursive, without_invalid;
};

class ErrorGrammar {
 public:
  static const ErrorGrammar& get();
  const GrammarRule& rule(u32 i) const { return rules_[i]; }
  const Choice& choice(u32 i) const { return choices_[i]; }
  const Alternative& alternative(u32 i) const { return alternatives_[i]; }
  const GrammarItem& item(u32 i) const { return items_[i]; }
  u16 find(std::string_view name) const;

 private:
  friend class GrammarReader;
  static constexpr u32 kMaxRules = 320, kMaxChoices = 640, kMaxAlternatives = 1280, kMaxItems = 4096;
  GrammarRule rules_[kMaxRules];
  Choice choices_[kMaxChoices];
  Alternative alternatives_[kMaxAlternatives];
  GrammarItem items_[kMaxItems];
  u32 rule_count_ = 0, choice_count_ = 0, alternative_count_ = 0, item_count_ = 0;
};

}  // namespace baton::syntax
