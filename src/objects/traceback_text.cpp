// The text of exceptions as the interpreter prints them: tracebacks with carets, causes and contexts, notes, trees of groups.
#include "base/utf8.h"
#include "objects/dict.h"
#include "objects/exception_details.h"
#include "objects/exception_group.h"
#include "objects/frame.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/source_lines.h"
#include "objects/stack_code.h"
#include "objects/suggestions.h"
#include "syntax/parse.h"

namespace baton {

static constexpr Index kMaxGroupWidth = 15;
static constexpr int kMaxGroupDepth = 10;
static constexpr i64 kShownRepeats = 3;

static bool is_blank(u32 c) { return c == ' ' || c == '\t' || c == '\f' || c == '\n' || c == '\r'; }

class ExceptionPrinter {
 public:
  explicit ExceptionPrinter(Thread& thread) : thread_(thread) {}
  Result<void> print(Exception* e);
  Result<void> print_ignored(Value type, Value value, Value tb);
  Result<Str*> text() { return out_.build(thread_); }

 private:
  Result<void> print_one(Exception* e);
  Result<void> print_group(Exception* e);
  Result<void> print_traceback(Traceback* first, const char* header, char margin);
  Result<void> print_entry(Traceback* tb, i32 line);
  void print_carets(Traceback* tb, Str* line, Index indent);
  Result<void> print_message(Exception* e);
  Result<void> print_syntax_location(Exception* e);
  Result<void> print_notes(Exception* e);
  void indent() { out_.append_repeated(' ', 2 * depth_); }
  void margin(char c = '|') {
    indent();
    if (depth_) {
      out_.append(static_cast<u8>(c));
      out_.append(' ');
    }
  }
  // Text that may have several lines, each behind the margin.
  void emit(const Str* s) {
    for (Index i = 0; i < s->length();) {
      margin();
      while (i < s->length()) {
        u32 c = s->at(i++);
        out_.append(c);
        if (c == '\n') break;
      }
    }
  }
  void emit_line(std::string_view ascii) {
    margin();
    out_.append_ascii(ascii);
    out_.append('\n');
  }
  // str(v), or "<what str() failed>".
  Str* safe_text(Value v, const char* what, bool as_repr);

  Thread& thread_;
  StrBuilder out_;
  SourceLines source_;
  RootVector seen_;
  int depth_ = 0;  // of groups
  bool need_close_ = false;
};

Str* ExceptionPrinter::safe_text(Value v, const char* what, bool as_repr) {
  Result<Str*> s = as_repr ? repr(thread_, v) : str_of(thread_, v);
  if (!s.is_failed()) return s.value();
  thread_.clear_pending();
  s = format_message(thread_, "<{} {}() failed>", what, as_repr ? "repr" : "str");
  if (!s.is_failed()) return s.value();
  thread_.clear_pending();
  return names.empty;
}

// ---------------------------------------------------------------------------------------------------------------- carets

struct Anchors {
  Index left = -1, right = -1;  // of the operator or the subscript, in characters from the segment's start
};

// Character offset of a byte offset in the UTF-8 text of s.
static Index character_offset(Thread& thread, Str* s, i64 bytes) {
  if (s->is_ascii()) return bytes;
  Value owner;
  std::string_view text = str_utf8_lossy(thread, s, &owner);
  Index n = 0;
  for (usize i = 0; i < text.size() && i < static_cast<usize>(bytes); ++i) n += (static_cast<u8>(text[i]) & 0xC0) != 0x80;
  return n;
}

// Parses the failing piece of the line: binary operations and subscripts get their operator marked. As in CPython 3.11 the
// operator is what stands behind the left operand's node, whose end doesn't include parentheses around it: "(a) + b" is marked at
// the ')'.
static Anchors find_anchors(Thread& thread, Str* line, Index start, Index end) {
  Anchors anchors;
  Result<Str*> segment = str_slice(thread, line, start, end);
  if (segment.is_failed()) {
    thread.clear_pending();
    return anchors;
  }
  Str* s = segment.value();
  Value owner;
  std::string_view text = str_utf8_lossy(thread, s, &owner);
  syntax::Arena arena;
  syntax::ParseOptions options;
  options.stack_limit = thread.native_stack_limit_;
  syntax::ParseResult parsed = syntax::parse(arena, text, "", options);
  if (!parsed.mod || parsed.mod->kind != ast::ModKind::Module) return anchors;
  auto& body = parsed.mod->as<ast::Module>()->body;
  if (body.size != 1 || body[0]->kind != ast::StmtKind::Expr) return anchors;
  ast::ExprNode* expression = body[0]->as<ast::Expr>()->value;
  auto offset = [&](i32 bytes) { return character_offset(thread, s, bytes); };
  if (expression->kind == ast::ExprKind::BinOp) {
    auto* node = expression->as<ast::BinOp>();
    if (node->left->span.end_lineno != node->right->span.lineno) return anchors;
    Index stop = offset(node->right->span.col_offset);
    for (Index i = offset(node->left->span.end_col_offset); i < stop; ++i) {
      u32 c = s->at(i);
      if (is_blank(c)) continue;
      anchors.left = i;
      anchors.right = i + 1;
      if (i + 1 < stop && !is_blank(s->at(i + 1))) ++anchors.right;
      break;
    }
  } else if (expression->kind == ast::ExprKind::Subscript) {
    auto* node = expression->as<ast::Subscript>();
    anchors.left = offset(node->value->span.end_col_offset);
    anchors.right = offset(node->slice->span.end_col_offset) + 1;
  }
  return anchors;
}

void ExceptionPrinter::print_carets(Traceback* tb, Str* line, Index indent) {
  Code* code = tb->frame()->code_.get();
  Result<i64> pc = traceback_pc(thread_, tb);
  if (pc.is_failed()) thread_.clear_pending();  // out of memory: no marks
  if (pc.is_failed() || pc.value() < 0) return;
  Position p = code->position_at(static_cast<u32>(pc.value()));
  if (p.line < 0 || p.end_line < 0 || p.column < 0 || p.end_column < 0) return;
  Index start = character_offset(thread_, line, p.column), end;
  Anchors anchors;
  if (p.line == p.end_line) {
    end = character_offset(thread_, line, p.end_column);
    if (end > line->length()) end = line->length();
    if (start < end) anchors = find_anchors(thread_, line, start, end);
  } else {  // of several lines the first is shown, marked to its end
    end = line->length();
    while (end > 0 && is_blank(line->at(end - 1))) --end;
  }
  if (end <= start || start < indent) return;
  bool anchored = anchors.left >= 0;
  if (end - start == line->length() - indent && !anchored) return;  // the whole line: marks say nothing
  margin();
  out_.append_ascii("    ");
  out_.append_repeated(' ', start - indent);
  for (Index i = 0; i < end - start; ++i) {
    bool operator_here = i >= anchors.left && i < anchors.right;
    out_.append(anchored && !operator_here ? '~' : '^');
  }
  out_.append('\n');
}

// ---------------------------------------------------------------------------------------------------------------- tracebacks

Result<void> ExceptionPrinter::print_entry(Traceback* tb, i32 number) {
  Code* code = tb->frame()->code_.get();
  margin();
  out_.append_ascii("  File \"");
  out_.append(code->filename());
  out_.append_ascii("\", line ");
  out_.append(TRY(format_message(thread_, "{}", number)));
  out_.append_ascii(", in ");
  out_.append(code->name());
  out_.append('\n');
  Str* line = source_.line(thread_, code->filename(), number);
  if (!line) return ok;
  Index start = 0, end = line->length();
  while (start < end && is_blank(line->at(start))) ++start;
  margin();
  out_.append_ascii("    ");
  out_.append(line, start, end);  // blanks at the end included, unlike in texts of the traceback module
  out_.append('\n');
  print_carets(tb, line, start);
  return ok;
}

Result<void> ExceptionPrinter::print_traceback(Traceback* first, const char* header, char mark) {
  i64 limit = 1000;
  Value wanted = runtime.sys ? dict_find_str(runtime.sys->dict(), intern(thread_, "tracebacklimit")) : Value();
  if (wanted.is_present() && is_int(wanted)) {
    int_to_i64(int_exact(wanted), &limit);
    if (limit <= 0) return ok;
  }
  margin(mark);
  out_.append_ascii(header);
  out_.append('\n');
  i64 count = 0;
  for (Traceback* t = first; t; t = t->next()) ++count;
  Str *last_file = nullptr, *last_name = nullptr;
  i32 last_line = -1;
  i64 repeats = 0;
  auto print_repeated = [&]() -> Result<void> {
    if (repeats <= kShownRepeats) return ok;
    i64 more = repeats - kShownRepeats;
    emit(TRY(format_message(thread_, "  [Previous line repeated {} more time{}]\n", more, more > 1 ? "s" : "")));
    return ok;
  };
  for (Traceback* t = first; t; t = t->next(), --count) {
    if (count > limit) continue;
    Code* code = t->frame()->code_.get();
    i32 line = traceback_line(t);
    if (!last_file || !str_equal(last_file, code->filename()) || line != last_line || !str_equal(last_name, code->name())) {
      TRY(print_repeated());
      last_file = code->filename();
      last_name = code->name();
      last_line = line;
      repeats = 0;
    }
    if (++repeats <= kShownRepeats) TRY(print_entry(t, line));
  }
  return print_repeated();
}

// ---------------------------------------------------------------------------------------------------------------- the message

static Result<Str*> shown_type(Thread& thread, Type* type) {
  Value module = TRY(find_attr(thread, Value(type), names.dunder_module));
  Str* name = type->has_flag(kTypeHeap) ? type->qualname_.get() : type->name();
  if (!is<Str>(module)) return format_message(thread, "<unknown>.{}", name);
  Str* m = module.as<Str>();
  if (str_equals_ascii(m, "builtins") || str_equals_ascii(m, "__main__")) return name;
  return format_message(thread, "{}.{}", m, name);
}

// File, line, text and carets of a SyntaxError. What can't be understood is left out.
Result<void> ExceptionPrinter::print_syntax_location(Exception* e) {
  auto number = [&](u32 index, i64* out) {
    Value v = detail_at(e, index);
    Value exact = v.is_present() ? int_exact(v) : Value();
    return exact.is_present() && int_to_i64(exact, out);
  };
  i64 line = 0, offset = 0, end_line = 0, end_offset = 0;
  Value filename = detail_or_none(e, kSyntaxFilename);
  if (!number(kSyntaxLineno, &line)) return ok;
  emit(TRY(format_message(thread_, "  File \"{}\", line {}\n", filename.is_none() ? Value(intern(thread_, "<string>")) : filename,
                          line)));
  Value text_value = detail_at(e, kSyntaxText);
  if (!is<Str>(text_value)) return ok;
  bool has_offset = number(kSyntaxOffset, &offset);
  number(kSyntaxEndOffset, &end_offset);
  // The text is measured in bytes here, as in CPython, though the offsets count characters: what is clipped, and which of
  // several lines is shown, depends on it.
  Value owner;
  std::string_view shown = str_utf8_lossy(thread_, text_value.as<Str>(), &owner);
  KeepAlive keep(owner);
  i64 size = static_cast<i64>(shown.size());
  // An error of several lines is marked to the end of its first; other than plain SyntaxErrors have one mark.
  if (number(kSyntaxEndLineno, &end_line) && end_line > line) end_offset = size;
  if (type_of(Value(e)) != exceptions.SyntaxError) end_offset = offset;
  if (end_offset > size + 1) end_offset = size + 1;
  i64 marks = end_offset > 0 && end_offset > offset ? end_offset - offset : 1;
  i64 column = offset - 1;
  usize indent = shown.find_first_not_of(" \t\f");
  if (indent == shown.npos) indent = shown.size();
  shown.remove_prefix(indent);
  column -= static_cast<i64>(indent);
  i64 line_size = static_cast<i64>(shown.size()) - shown.ends_with('\n');
  if (column > line_size) column = line_size;
  // Of several lines those before the marked one are left out.
  for (usize newline; (newline = shown.find('\n')) != shown.npos && static_cast<i64>(newline) < column;) {
    shown.remove_prefix(newline + 1);
    column -= static_cast<i64>(newline) + 1;
    line_size -= static_cast<i64>(newline) + 1;
  }
  margin();
  out_.append_ascii("    ");
  out_.append(TRY(str_from_utf8(thread_, shown)));
  if (line_size == static_cast<i64>(shown.size())) out_.append('\n');
  if (!has_offset || column < 0) return ok;
  margin();
  out_.append_ascii("    ");
  out_.append_repeated(' ', column);
  out_.append_repeated('^', marks);
  out_.append('\n');
  return ok;
}

Result<void> ExceptionPrinter::print_message(Exception* e) {
  Value self(e);
  Str* type = TRY(shown_type(thread_, type_of(self)));
  StrBuilder line;
  bool syntax = is_instance_of_type(self, exceptions.SyntaxError);
  line.append(type);
  if (syntax) {
    TRY(print_syntax_location(e));
    Value message = detail_or_none(e, kSyntaxMsg);
    line.append_ascii(": ");
    line.append(safe_text(message, "exception", false));
    i64 unused;
    Value number = detail_at(e, kSyntaxLineno), filename = detail_or_none(e, kSyntaxFilename);
    bool has_line = number.is_present() && int_exact(number).is_present() && int_to_i64(int_exact(number), &unused);
    if (!has_line && !filename.is_none()) {
      line.append_ascii(" (");
      line.append(safe_text(filename, "exception", false));
      line.append_ascii(")");
    }
  } else {
    Str* message = safe_text(self, "exception", false);
    if (message->length()) {
      line.append_ascii(": ");
      line.append(message);
    }
    if (Str* suggestion = suggest_name(thread_, e)) {
      line.append_ascii(". Did you mean: '");
      line.append(suggestion);
      line.append_ascii("'?");
    }
  }
  line.append('\n');
  margin();  // once: further lines of a message stand as they are
  out_.append(TRY(line.build(thread_)));
  return print_notes(e);
}

Result<void> ExceptionPrinter::print_notes(Exception* e) {
  Result<Value> found = find_attr(thread_, Value(e), names.dunder_notes);
  if (found.is_failed()) {
    thread_.clear_pending();
    return ok;
  }
  Value notes = found.value();
  if (notes == kNotFound || notes.is_none()) return ok;
  auto line = [&](Str* s) -> Result<void> {
    StrBuilder with_end;
    with_end.append(s);
    with_end.append('\n');
    emit(TRY(with_end.build(thread_)));
    return ok;
  };
  if (!is<List>(notes) && !is<Tuple>(notes)) {
    margin();
    out_.append(safe_text(notes, "__notes__", true));
    return ok;
  }
  Tuple* list = TRY(tuple_from_iterable(thread_, notes));
  for (Index i = 0; i < list->length(); ++i) {
    Str* note = safe_text(list->at(i), "note", false);
    if (note->length() == 0)
      out_.append('\n');  // without the margin of its group
    else
      TRY(line(note));
  }
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- chains and
// groups

Result<void> ExceptionPrinter::print(Exception* e) {
  // The chain from the exception back to its first cause, then printed in the order of events.
  RootVector chain;
  RootVector kinds;  // of the link between chain[i + 1] and chain[i]: True cause, False context
  auto is_seen = [&](Value v) {
    for (usize i = 0; i < seen_.size(); ++i)
      if (seen_[i] == v) return true;
    return false;
  };
  for (Exception* at = e; at;) {
    chain.push(Value(at));
    seen_.push(Value(at));
    Value cause = at->cause_.get(), context = at->context_.get();
    at = nullptr;
    auto* current = chain.back().as<Exception>();
    if (is<Exception>(cause)) {
      if (!is_seen(cause)) {
        at = cause.as<Exception>();
        kinds.push(kTrue);
      }
    } else if (is<Exception>(context) && !current->suppress_context_ && !is_seen(context)) {
      at = context.as<Exception>();
      kinds.push(kFalse);
    }
  }
  for (usize i = chain.size(); i-- > 0;) {
    bool close = need_close_;
    TRY(print_one(chain[i].as<Exception>()));
    if (i == 0) break;
    need_close_ = close;
    margin();
    out_.append('\n');
    emit_line(kinds[i - 1].is_true() ? "The above exception was the direct cause of the following exception:"
                                     : "During handling of the above exception, another exception occurred:");
    margin();
    out_.append('\n');
  }
  return ok;
}

Result<void> ExceptionPrinter::print_one(Exception* e) {
  if (is_exception_group(Value(e))) return print_group(e);
  if (e->traceback()) TRY(print_traceback(e->traceback(), "Traceback (most recent call last):", '|'));
  return print_message(e);
}

Result<void> ExceptionPrinter::print_group(Exception* e) {
  if (depth_ > kMaxGroupDepth) {
    emit(TRY(format_message(thread_, "... (max_group_depth is {})\n", kMaxGroupDepth)));
    return ok;
  }
  bool top = depth_ == 0;
  if (top) depth_ = 1;
  if (e->traceback()) TRY(print_traceback(e->traceback(), "Exception Group Traceback (most recent call last):", top ? '+' : '|'));
  TRY(print_message(e));
  Tuple* members = exception_group_members(e);
  Index n = members->length(), shown = n <= kMaxGroupWidth ? n : kMaxGroupWidth + 1;
  need_close_ = false;
  for (Index i = 0; i < shown; ++i) {
    bool last = i == shown - 1, truncated = i >= kMaxGroupWidth;
    if (last) need_close_ = true;
    indent();
    out_.append_ascii(i == 0 ? "+-" : "  ");
    if (truncated)
      out_.append_ascii("+---------------- ... ----------------\n");
    else
      out_.append(TRY(format_message(thread_, "+---------------- {} ----------------\n", i + 1)));
    ++depth_;
    if (truncated) {
      Index more = n - kMaxGroupWidth;
      emit(TRY(format_message(thread_, "and {} more exception{}\n", more, more > 1 ? "s" : "")));
    } else {
      TRY(print(members->at(i).as<Exception>()));
    }
    if (last && need_close_) {
      indent();
      out_.append_ascii("+------------------------------------\n");
      need_close_ = false;
    }
    --depth_;
  }
  if (top) depth_ = 0;
  return ok;
}

// Only the traceback, the type and the message: no chain, no notes; the colon stands before an empty message too.
Result<void> ExceptionPrinter::print_ignored(Value type, Value value, Value tb) {
  if (is<Traceback>(tb)) TRY(print_traceback(tb.as<Traceback>(), "Traceback (most recent call last):", '|'));
  if (!is<Type>(type)) return ok;
  out_.append(TRY(shown_type(thread_, type.as<Type>())));
  if (!value.is_none()) {
    out_.append_ascii(": ");
    out_.append(safe_text(value, "exception", false));
  }
  out_.append('\n');
  return ok;
}

Result<Str*> ignored_exception_text(Thread& thread, Value type, Value value, Value tb) {
  ExceptionPrinter printer(thread);
  TRY(printer.print_ignored(type, value, tb));
  return printer.text();
}

Result<Str*> format_exception_text(Thread& thread, Value exception) {
  if (!is<Exception>(exception)) {
    return format_message(thread, "TypeError: print_exception(): Exception expected for value, {!t} found\n", exception);
  }
  ExceptionPrinter printer(thread);
  TRY(printer.print(exception.as<Exception>()));
  return printer.text();
}

Result<void> print_exception(Thread& thread, Value exception, Value file) {
  if (file.is_absent() || file.is_none()) return ok;
  Str* text = TRY(format_exception_text(thread, exception));
  Result<Value> written = call_method(thread, file, names.write, Value(text));
  if (written.is_failed()) {
    if (!clear_pending_if(thread, exceptions.UnicodeEncodeError)) return failed;
    Str* plain = TRY(str_ascii_repr(thread, text));  // an output that can't take the text gets it escaped
    StrBuilder unquoted;
    for (Index i = 1; i + 1 < plain->length(); ++i) {
      bool newline = plain->at(i) == '\\' && i + 2 < plain->length() && plain->at(i + 1) == 'n';
      unquoted.append(newline ? u32{'\n'} : plain->at(i));
      if (newline) ++i;
    }
    TRY(call_method(thread, file, names.write, Value(TRY(unquoted.build(thread)))));
  }
  Value flush = TRY(find_attr(thread, file, names.flush));
  if (flush != kNotFound && call(thread, flush).is_failed()) thread.clear_pending();
  return ok;
}

}  // namespace baton
