// Reads error_grammar.def. The text is ours, so a mistake in it stops the process.
#include "syntax/error_grammar.h"

#include <cstring>

#include "base/check.h"
#include "syntax/ast.h"

namespace baton::syntax {

static constexpr std::string_view grammar_text =
#include "syntax/error_grammar.def"
    ;

class GrammarReader {
 public:
  explicit GrammarReader(ErrorGrammar& grammar) : g_(grammar), p_(grammar_text.data()), end_(p_ + grammar_text.size()) {}

  void read() {
    collect_rules();
    p_ = grammar_text.data();
    for (u32 i = 0; i < g_.rule_count_; ++i) {
      blanks();
      word();
      while (*p_ != ':') ++p_;
      ++p_;
      g_.rules_[i].choice = read_choice();
    }
  }

 private:
  static bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c >= '0' && c <= '9'); }

  void blanks() {
    while (p_ < end_ && (*p_ == ' ' || *p_ == '\n')) ++p_;
  }
  bool at(char c) {
    blanks();
    return p_ < end_ && *p_ == c;
  }
  bool accept(char c) {
    if (!at(c)) return false;
    ++p_;
    return true;
  }
  std::string_view word() {
    const char* start = p_;
    while (p_ < end_ && is_word(*p_)) ++p_;
    return {start, static_cast<usize>(p_ - start)};
  }

  // A rule begins with a name in the first column.
  void collect_rules() {
    bool line_start = true;
    for (; p_ < end_; ++p_) {
      if (line_start && is_word(*p_)) {
        BATON_CHECK(g_.rule_count_ < ErrorGrammar::kMaxRules, "room for all grammar rules");
        GrammarRule& rule = g_.rules_[g_.rule_count_++];
        rule = {};
        rule.name = word();
        if (*p_ == '!') {
          ++p_;
          std::string_view mark = word();
          rule.memo = mark == "memo";
          rule.left_recursive = mark == "left";
        }
        rule.without_invalid = rule.name == "expression_without_invalid";
        BATON_CHECK(*p_ == ':', "a colon behind the rule's name");
      }
      line_start = *p_ == '\n';
    }
  }

  u16 read_choice() {
    Alternative found[24];
    u32 count = 0;
    do {
      BATON_CHECK(count < 24, "room for the alternatives of a choice");
      found[count++] = read_alternative();
    } while (accept('|'));
    BATON_CHECK(g_.alternative_count_ + count <= ErrorGrammar::kMaxAlternatives && g_.choice_count_ < ErrorGrammar::kMaxChoices,
                "room for the grammar");
    g_.choices_[g_.choice_count_] = {static_cast<u16>(g_.alternative_count_), static_cast<u16>(count)};
    for (u32 i = 0; i < count; ++i) g_.alternatives_[g_.alternative_count_++] = found[i];
    return static_cast<u16>(g_.choice_count_++);
  }

  bool at_item() {
    blanks();
    if (p_ >= end_) return false;
    // A word in the first column begins the next rule.
    if (is_word(*p_)) return p_[-1] != '\n';
    return *p_ == '\'' || *p_ == '"' || *p_ == '(' || *p_ == '[' || *p_ == '&' || *p_ == '!' || *p_ == '~';
  }

  Alternative read_alternative() {
    GrammarItem found[16];
    u32 count = 0;
    while (at_item()) {
      BATON_CHECK(count < 16, "room for the items of an alternative");
      found[count++] = read_item();
    }
    BATON_CHECK(count > 0, "an alternative has items");
    Alternative alternative{};
    alternative.first_item = add_items(found, count);
    alternative.item_count = static_cast<u8>(count);
    alternative.guarded = count == 1 && found[0].op == ItemOp::Rule && g_.rules_[found[0].a].name.substr(0, 8) == "invalid_";
    if (accept('{')) read_action(alternative);
    return alternative;
  }

  u16 add_items(const GrammarItem* items, u32 count) {
    BATON_CHECK(g_.item_count_ + count <= ErrorGrammar::kMaxItems, "room for the grammar");
    u32 first = g_.item_count_;
    for (u32 i = 0; i < count; ++i) g_.items_[g_.item_count_++] = items[i];
    return static_cast<u16>(first);
  }

  GrammarItem read_item() {
    if (*p_ == '~') return ++p_, GrammarItem{ItemOp::Cut, 0, 0};
    if (*p_ == '&' && p_[1] == '&') {
      p_ += 2;
      GrammarItem token = read_atom();
      return {ItemOp::Forced, token.a, 0};
    }
    if (*p_ == '&' || *p_ == '!') {
      ItemOp op = *p_++ == '&' ? ItemOp::And : ItemOp::Not;
      GrammarItem inner = read_atom();
      return {op, add_items(&inner, 1), 0};
    }
    GrammarItem atom = read_atom();
    if (*p_ == '*' || *p_ == '+') {
      ItemOp op = *p_++ == '*' ? ItemOp::Star : ItemOp::Plus;
      return {op, add_items(&atom, 1), 0};
    }
    if (*p_ == '.') {
      ++p_;
      GrammarItem element = read_atom();
      BATON_CHECK(*p_ == '+', "a separated sequence ends in +");
      ++p_;
      u16 separator = add_items(&atom, 1);
      return {ItemOp::Gather, add_items(&element, 1), separator};
    }
    return atom;
  }

  GrammarItem read_atom() {
    char c = *p_;
    if (c == '(' || c == '[') {
      ++p_;
      GrammarItem group{ItemOp::Group, read_choice(), 0};
      bool closed = accept(c == '(' ? ')' : ']');
      BATON_CHECK(closed, "brackets match");
      if (c == '(') return group;
      return {ItemOp::Optional, add_items(&group, 1), 0};
    }
    if (c == '\'' || c == '"') {
      const char* start = ++p_;
      while (*p_ != c) ++p_;
      std::string_view text(start, p_ - start);
      ++p_;
      if (c == '\'') return {ItemOp::Token, token_kind(text), 0};
      for (u16 i = 0; i < 3; ++i) {
        if (soft_keywords[i] == text) return {ItemOp::Soft, i, 0};
      }
      BATON_UNREACHABLE("a soft keyword");
    }
    std::string_view name = word();
    if (name == "SOFT_KEYWORD") return {ItemOp::SoftAny, 0, 0};
    if (name[0] >= 'A' && name[0] <= 'Z') return {ItemOp::Token, token_class(name), 0};
    return {ItemOp::Rule, g_.find(name), 0};
  }

  static u16 token_kind(std::string_view text) {
#define T(name, spelling) \
  if (text == spelling) return static_cast<u16>(TokenKind::name);
    BATON_OPERATOR_TOKENS(T)
    BATON_KEYWORD_TOKENS(T)
#undef T
    BATON_UNREACHABLE("a token in the grammar");
  }

  static u16 token_class(std::string_view name) {
    struct Entry {
      const char* name;
      TokenKind kind;
    };
    static constexpr Entry entries[] = {{"NAME", TokenKind::Name},           {"NUMBER", TokenKind::Number},
                                        {"STRING", TokenKind::String},       {"NEWLINE", TokenKind::Newline},
                                        {"INDENT", TokenKind::Indent},       {"DEDENT", TokenKind::Dedent},
                                        {"ENDMARKER", TokenKind::EndMarker}, {"TYPE_COMMENT", TokenKind::TypeComment},
                                        {"ASYNC", TokenKind::KwAsync},       {"AWAIT", TokenKind::KwAwait}};
    for (const Entry& entry : entries) {
      if (name == entry.name) return static_cast<u16>(entry.kind);
    }
    BATON_UNREACHABLE("a token class in the grammar");
  }

  std::string_view quoted() {
    char quote = *p_;
    const char* start = ++p_;
    while (*p_ != quote) ++p_;
    return {start, static_cast<usize>(p_++ - start)};
  }

  void read_action(Alternative& alternative) {
    blanks();
    std::string_view name = word();
    if (name[0] == 'v' && name[1] >= '0' && name[1] <= '9') {
      for (char digit : name.substr(1)) alternative.version = static_cast<u8>(alternative.version * 10 + (digit - '0'));
      blanks();
      alternative.feature = quoted();
      if (accept('}')) return;
      name = word();
    }
    alternative.action = Action::none;
#define A(known_action) \
  if (name == #known_action) alternative.action = Action::known_action;
    BATON_ERROR_ACTIONS(A)
#undef A
    BATON_CHECK(alternative.action != Action::none, "an action the error pass knows");
    blanks();
    if (alternative.action == Action::node) {
      alternative.i = expression_kind(word());
    } else {
      u8* next = &alternative.i;
      while (blanks(), *p_ >= '0' && *p_ <= '9') {
        *next = static_cast<u8>(*p_++ - '0');
        next = &alternative.j;
      }
    }
    blanks();
    if (*p_ == '"' || *p_ == '`') alternative.message = quoted();
    bool closed = accept('}');
    BATON_CHECK(closed, "an action ends with a brace");
  }

  static u8 expression_kind(std::string_view name) {
    for (int i = static_cast<int>(ast::NodeType::BoolOp); i <= static_cast<int>(ast::NodeType::Slice); ++i) {
      if (name == ast::node_infos[i].name) return static_cast<u8>(i - static_cast<int>(ast::NodeType::BoolOp));
    }
    BATON_UNREACHABLE("an expression kind in the grammar");
  }

  ErrorGrammar& g_;
  const char* p_;
  const char* end_;
};

u16 ErrorGrammar::find(std::string_view name) const {
  for (u32 i = 0; i < rule_count_; ++i) {
    if (rules_[i].name == name) return static_cast<u16>(i);
  }
  check_failed(__FILE__, __LINE__, "find", "a rule of the grammar");
}

const ErrorGrammar& ErrorGrammar::get() {
  static const ErrorGrammar* const grammar = [] {
    auto* built = new ErrorGrammar;
    GrammarReader(*built).read();
    return built;
  }();
  return *grammar;
}

}  // namespace baton::syntax
