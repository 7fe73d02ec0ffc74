// A small line editor: cursor movement, history, completion by Tab, and the usual control keys. ASCII control sequences of VT100,
// which every terminal on Linux understands. Columns are counted in code points.
#include "cli/line_editor.h"

#include <errno.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "objects/module.h"
#include "objects/object.h"
#include "objects/str.h"
#include "threads/mutator.h"

namespace baton {

enum Key { kKeyUp = 1000, kKeyDown, kKeyLeft, kKeyRight, kKeyHome, kKeyEnd, kKeyDelete, kKeyNone };

LineEditor::LineEditor(bool terminal) : terminal_(terminal) {
  const char* home = getenv("HOME");
  if (!terminal || !home) return;
  history_file_ = std::string(home) + "/.baton_history";
  if (FILE* f = fopen(history_file_.c_str(), "r")) {
    char buffer[4096];
    while (fgets(buffer, sizeof buffer, f)) {
      std::string line = buffer;
      while (!line.empty() && line.back() == '\n') line.pop_back();
      if (!line.empty()) history_.push_back(line);
    }
    fclose(f);
  }
}

LineEditor::~LineEditor() {
  if (history_file_.empty()) return;
  FILE* f = fopen(history_file_.c_str(), "w");
  if (!f) return;
  usize first = history_.size() > 1000 ? history_.size() - 1000 : 0;
  for (usize i = first; i < history_.size(); ++i) fprintf(f, "%s\n", history_[i].c_str());
  fclose(f);
  chmod(history_file_.c_str(), 0600);
}

LineEditor::Status LineEditor::read(Thread& thread, const std::string& prompt, std::string* line) {
  const char* term = getenv("TERM");
  bool dumb = !term || std::string(term) == "dumb";
  if (!terminal_ || dumb || !isatty(1)) return read_plain(thread, prompt, line);
  Status status = edit(thread, prompt, line);
  if (status == Line && !line->empty() && (history_.empty() || history_.back() != *line)) history_.push_back(*line);
  return status;
}

LineEditor::Status LineEditor::read_plain(Thread& thread, const std::string& prompt, std::string* line) {
  fputs(prompt.c_str(), stderr);
  fflush(stderr);
  for (;;) {
    char c;
    ssize_t n = blocking(thread, [&] { return ::read(0, &c, 1); });
    if (n == 0) return line->empty() ? End : Line;
    if (n < 0) {
      if (errno == EINTR) return Interrupted;
      return End;
    }
    if (c == '\n') return Line;
    *line += c;
  }
}

int LineEditor::read_key(Thread& thread) {
  unsigned char c;
  ssize_t n = blocking(thread, [&] { return ::read(0, &c, 1); });
  if (n == 0) return -1;
  if (n < 0) return errno == EINTR ? 3 : -1;
  if (c != 27) return c;
  unsigned char sequence[3] = {};
  if (::read(0, &sequence[0], 1) <= 0 || ::read(0, &sequence[1], 1) <= 0) return kKeyNone;
  if (sequence[0] != '[' && sequence[0] != 'O') return kKeyNone;
  switch (sequence[1]) {
    case 'A': return kKeyUp;
    case 'B': return kKeyDown;
    case 'C': return kKeyRight;
    case 'D': return kKeyLeft;
    case 'H': return kKeyHome;
    case 'F': return kKeyEnd;
    default: break;
  }
  if (sequence[1] >= '0' && sequence[1] <= '9' && ::read(0, &sequence[2], 1) > 0 && sequence[2] == '~') {
    if (sequence[1] == '3') return kKeyDelete;
    if (sequence[1] == '1' || sequence[1] == '7') return kKeyHome;
    if (sequence[1] == '4' || sequence[1] == '8') return kKeyEnd;
  }
  return kKeyNone;
}

static bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }
static usize columns(const std::string& s, usize bytes) {
  usize n = 0;
  for (usize i = 0; i < bytes; ++i) n += !continues(s[i]);
  return n;
}

LineEditor::Status LineEditor::edit(Thread& thread, const std::string& prompt, std::string* line) {
  termios saved, raw;
  if (tcgetattr(0, &saved) != 0) return read_plain(thread, prompt, line);
  raw = saved;
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG);
  raw.c_iflag &= ~static_cast<tcflag_t>(ICRNL | IXON);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  tcsetattr(0, TCSADRAIN, &raw);
  usize at = 0, entry = history_.size();
  std::string draft;
  auto redraw = [&] {
    std::string out = "\r" + prompt + *line + "\x1b[K";
    usize behind = columns(*line, line->size()) - columns(*line, at);
    if (behind) out += "\x1b[" + std::to_string(behind) + "D";
    (void)!write(1, out.data(), out.size());
  };
  auto left = [&] {
    if (at) do
        --at;
      while (at && continues((*line)[at]));
  };
  auto right = [&] {
    if (at < line->size()) do
        ++at;
      while (at < line->size() && continues((*line)[at]));
  };
  redraw();
  Status status = Line;
  for (bool done = false; !done;) {
    int key = read_key(thread);
    switch (key) {
      case -1:
        status = End;
        done = true;
        break;
      case '\r':
      case '\n': done = true; break;
      case 3:
        status = Interrupted;
        done = true;
        break;  // Ctrl-C
      case 4:   // Ctrl-D
        if (line->empty()) {
          status = End;
          done = true;
          break;
        }
        [[fallthrough]];
      case kKeyDelete:
        if (at < line->size()) {
          usize from = at;
          right();
          line->erase(from, at - from);
          at = from;
        }
        break;
      case 1:
      case kKeyHome: at = 0; break;
      case 5:
      case kKeyEnd: at = line->size(); break;
      case 2:
      case kKeyLeft: left(); break;
      case 6:
      case kKeyRight: right(); break;
      case 8:
      case 127:
        if (at) {
          usize to = at;
          left();
          line->erase(at, to - at);
        }
        break;
      case 11: line->resize(at); break;  // Ctrl-K
      case 21:
        line->erase(0, at);
        at = 0;
        break;                                              // Ctrl-U
      case 12: (void)!write(1, "\x1b[H\x1b[2J", 7); break;  // Ctrl-L
      case 23: {                                            // Ctrl-W
        usize to = at;
        while (at && (*line)[at - 1] == ' ') --at;
        while (at && (*line)[at - 1] != ' ') --at;
        line->erase(at, to - at);
        break;
      }
      case 16:
      case kKeyUp:
        if (entry > 0) {
          if (entry == history_.size()) draft = *line;
          *line = history_[--entry];
          at = line->size();
        }
        break;
      case 14:
      case kKeyDown:
        if (entry < history_.size()) {
          ++entry;
          *line = entry == history_.size() ? draft : history_[entry];
          at = line->size();
        }
        break;
      case '\t': {
        usize start = at;
        while (start && (isalnum(static_cast<unsigned char>((*line)[start - 1])) || (*line)[start - 1] == '_' ||
                         (*line)[start - 1] == '.' || continues((*line)[start - 1])))
          --start;
        if (start == at) {
          line->insert(at, "    ");
          at += 4;
          break;
        }
        std::vector<std::string> found = complete_name(thread, line->substr(start, at - start));
        if (found.empty()) break;
        std::string common = found[0];
        for (const std::string& f : found) {
          usize n = 0;
          while (n < common.size() && n < f.size() && common[n] == f[n]) ++n;
          common.resize(n);
        }
        if (common.size() > at - start) {
          line->replace(start, at - start, common);
          at = start + common.size();
        } else if (found.size() > 1) {
          std::string out = "\r\n";
          for (const std::string& f : found) out += f + "  ";
          out += "\r\n";
          (void)!write(1, out.data(), out.size());
        }
        break;
      }
      default:
        if (key >= 32 && key < 256) {
          line->insert(at, 1, static_cast<char>(key));
          ++at;
        }
        break;
    }
    redraw();
  }
  tcsetattr(0, TCSADRAIN, &saved);
  (void)!write(1, "\r\n", 2);
  return status;
}

static Result<void> collect_completions(Thread& t, const std::string& text, std::vector<std::string>* found) {
  Value module = TRY(import_module(t, "rlcompleter"));
  Value completer = TRY(call(t, TRY(get_attr_ascii(t, module, "Completer"))));
  Value complete = TRY(get_attr_ascii(t, completer, "complete"));
  Value prefix(TRY(str_from_utf8(t, text)));
  for (int i = 0; i < 200; ++i) {
    Value v = TRY(call(t, complete, prefix, Value::of_small_int(i)));
    if (!is<Str>(v)) return ok;
    Value owner;
    found->push_back(std::string(str_utf8_lossy(t, v.as<Str>(), &owner)));
  }
  return ok;
}

std::vector<std::string> complete_name(Thread& t, const std::string& text) {
  std::vector<std::string> found;
  if (collect_completions(t, text, &found).is_failed())
    t.clear_pending();  // completion is a convenience: no error breaks the line
  return found;
}

}  // namespace baton
