// termios: terminal attributes.
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cstring>

#include "modules/os_support.h"
#include "objects/dict.h"
#include "objects/list.h"
#include "objects/tuple.h"

namespace baton {

static Root<Type>* termios_error;

static Failed raise_termios(Thread& t) {
  int error = errno;
  char buffer[256];
  Value args[2] = {Value::of_small_int(error), Value(TRY(str_from_utf8(t, ::strerror_r(error, buffer, sizeof buffer))))};
  return raise_object(t, TRY(call_values(t, Value(termios_error->get()), args, 2)));
}
template <class F>
static Result<void> checked(Thread& t, F&& call) {
  if (blocking(t, call) < 0) return raise_termios(t);
  return ok;
}

// [iflag, oflag, cflag, lflag, ispeed, ospeed, cc]; cc are bytes objects of length 1, but MIN and TIME numbers outside canonical
// mode.
static Result<Value> termios_tcgetattr(Thread& t, FdArg fd) {
  struct termios mode;
  TRY(checked(t, [&] { return ::tcgetattr(fd.fd, &mode); }));
  List* cc = TRY(make_list(t));
  for (int i = 0; i < NCCS; ++i) {
    bool number = !(mode.c_lflag & ICANON) && (i == VMIN || i == VTIME);
    TRY(list_append(t, cc, number ? Value::of_small_int(mode.c_cc[i]) : Value(TRY(bytes_from(t, &mode.c_cc[i], 1)))));
  }
  Value items[7] = {Value::of_small_int(mode.c_iflag),
                    Value::of_small_int(mode.c_oflag),
                    Value::of_small_int(mode.c_cflag),
                    Value::of_small_int(mode.c_lflag),
                    Value::of_small_int(::cfgetispeed(&mode)),
                    Value::of_small_int(::cfgetospeed(&mode)),
                    Value(cc)};
  return TRY(make_list(t, items, 7));
}

static Result<void> termios_tcsetattr(Thread& t, FdArg fd, int when, Value attributes) {
  if (!is<List>(attributes) || attributes.as<List>()->length() != 7)
    return raise_type_error(t, "tcsetattr, arg 3: must be 7 element list");
  List* list = attributes.as<List>();
  struct termios mode;
  TRY(checked(t, [&] { return ::tcgetattr(fd.fd, &mode); }));
  i64 numbers[6];
  for (int i = 0; i < 6; ++i) {
    Value v = list->try_at(i);
    if (v.is_absent()) return raise_index_error(t, "list index out of range");  // it shrank
    if (!int_to_i64(TRY(to_index(t, v)), &numbers[i]))
      return raise_overflow_error(t, "Python int too large to convert to C long");
  }
  mode.c_iflag = static_cast<tcflag_t>(numbers[0]);
  mode.c_oflag = static_cast<tcflag_t>(numbers[1]);
  mode.c_cflag = static_cast<tcflag_t>(numbers[2]);
  mode.c_lflag = static_cast<tcflag_t>(numbers[3]);
  Value cc = list->try_at(6);
  if (!is<List>(cc) || cc.as<List>()->length() != NCCS)
    return raise_type_error(t, "tcsetattr: attributes[6] must be {} element list", NCCS);
  for (int i = 0; i < NCCS; ++i) {
    Value v = cc.as<List>()->try_at(i);
    if (is<Bytes>(v) && v.as<Bytes>()->length() == 1) {
      mode.c_cc[i] = v.as<Bytes>()->data()[0];
    } else if (v.is_present() && is_int(v)) {
      i64 n;
      int_to_i64(int_exact(v), &n);
      mode.c_cc[i] = static_cast<cc_t>(n);
    } else {
      return raise_type_error(t, "tcsetattr: elements of attributes must be characters or integers");
    }
  }
  if (::cfsetispeed(&mode, static_cast<speed_t>(numbers[4])) < 0) return raise_termios(t);
  if (::cfsetospeed(&mode, static_cast<speed_t>(numbers[5])) < 0) return raise_termios(t);
  return checked(t, [&] { return ::tcsetattr(fd.fd, when, &mode); });
}

static Result<void> termios_tcsendbreak(Thread& t, FdArg fd, int duration) {
  return checked(t, [&] { return ::tcsendbreak(fd.fd, duration); });
}
static Result<void> termios_tcdrain(Thread& t, FdArg fd) {
  return checked(t, [&] { return ::tcdrain(fd.fd); });
}
static Result<void> termios_tcflush(Thread& t, FdArg fd, int queue) {
  return checked(t, [&] { return ::tcflush(fd.fd, queue); });
}
static Result<void> termios_tcflow(Thread& t, FdArg fd, int action) {
  return checked(t, [&] { return ::tcflow(fd.fd, action); });
}

static Result<Value> termios_tcgetwinsize(Thread& t, FdArg fd) {
  winsize size;
  TRY(checked(t, [&] { return ::ioctl(fd.fd, TIOCGWINSZ, &size); }));
  return TRY(tuple_of(t, Value::of_small_int(size.ws_row), Value::of_small_int(size.ws_col)));
}
static Result<void> termios_tcsetwinsize(Thread& t, FdArg fd, Value dimensions) {
  if (type_of(dimensions)->slot(Slot::getitem).is_absent() || type_of(dimensions)->flags() & kTypeIsDict ||
      TRY(length_of(t, dimensions)) != 2)
    return raise_type_error(t, "tcsetwinsize, arg 2: must be a two-item sequence");
  i64 numbers[2];
  for (int i = 0; i < 2; ++i) {
    int_to_i64(TRY(to_index(t, TRY(get_item(t, dimensions, Value::of_small_int(i))))), &numbers[i]);
    if (numbers[i] < 0 || numbers[i] > 0xffff) return raise_overflow_error(t, "winsize value(s) out of range.");
  }
  winsize size;
  TRY(checked(t, [&] { return ::ioctl(fd.fd, TIOCGWINSZ, &size); }));
  size.ws_row = static_cast<u16>(numbers[0]);
  size.ws_col = static_cast<u16>(numbers[1]);
  return checked(t, [&] { return ::ioctl(fd.fd, TIOCSWINSZ, &size); });
}

static constinit NativeDef termios_functions[] = {
    native<termios_tcgetattr>(
        "tcgetattr($module, fd, /)",
        "Read the settings of the terminal fd.\n\nThe result is a list [iflag, oflag, cflag, lflag, ispeed, ospeed, cc]:\nfour "
        "sets of flags, the speeds of input and output, and a list of special\ncharacters. Each of these is a bytes object of "
        "length one, save that VMIN\nand VTIME are integers where they have a meaning. Constants of this module\nname the flags, "
        "the speeds and the positions in cc."),
    native<termios_tcsetattr>(
        "tcsetattr($module, fd, when, attributes, /)",
        "Change the settings of the terminal fd.\n\n  when\n    The moment for it: termios.TCSANOW is now, termios.TCSADRAIN is "
        "as\n    soon as pending output is out, and termios.TCSAFLUSH is the same but\n    throws away pending input too.\n  "
        "attributes\n    The settings, as a list in the form that tcgetattr() returns."),
    native<termios_tcsendbreak>("tcsendbreak($module, fd, duration, /)",
                                "Transmit a break through the terminal fd.\n\nWith 0 as the duration, it lasts between 0.25 and "
                                "0.5 seconds. What other\nnumbers mean is up to the system."),
    native<termios_tcdrain>("tcdrain($module, fd, /)", "Wait for all that was written to the terminal fd to go out."),
    native<termios_tcflush>("tcflush($module, fd, queue, /)",
                            "Throw away data that is waiting at the terminal fd.\n\nqueue is termios.TCIFLUSH for input that is "
                            "yet to be read,\ntermios.TCOFLUSH for output that is yet to go out, termios.TCIOFLUSH for\nboth."),
    native<termios_tcflow>(
        "tcflow($module, fd, action, /)",
        "Stop or restart the flow of data through the terminal fd.\n\naction is one of these:\n  termios.TCOOFF  stop output\n  "
        "termios.TCOON   let output go on\n  termios.TCIOFF  stop input\n  termios.TCION   let input go on"),
    native<termios_tcgetwinsize>("tcgetwinsize($module, fd, /)",
                                 "Tell how large the window of the terminal fd is: (ws_row, ws_col)."),
    native<termios_tcsetwinsize>(
        "tcsetwinsize($module, fd, winsize, /)",
        "Tell the terminal fd how large its window is.\n\nwinsize is a pair (ws_row, ws_col), as tcgetwinsize() returns it."),
};

// As Linux numbers them.
static constexpr ModuleConstant kConstants[] = {
    {"B0", 0},
    {"B1000000", 4104},
    {"B110", 3},
    {"B115200", 4098},
    {"B1152000", 4105},
    {"B1200", 9},
    {"B134", 4},
    {"B150", 5},
    {"B1500000", 4106},
    {"B1800", 10},
    {"B19200", 14},
    {"B200", 6},
    {"B2000000", 4107},
    {"B230400", 4099},
    {"B2400", 11},
    {"B2500000", 4108},
    {"B300", 7},
    {"B3000000", 4109},
    {"B3500000", 4110},
    {"B38400", 15},
    {"B4000000", 4111},
    {"B460800", 4100},
    {"B4800", 12},
    {"B50", 1},
    {"B500000", 4101},
    {"B57600", 4097},
    {"B576000", 4102},
    {"B600", 8},
    {"B75", 2},
    {"B921600", 4103},
    {"B9600", 13},
    {"BRKINT", 2},
    {"BS0", 0},
    {"BS1", 8192},
    {"BSDLY", 8192},
    {"CBAUD", 4111},
    {"CBAUDEX", 4096},
    {"CDSUSP", 25},
    {"CEOF", 4},
    {"CEOL", 0},
    {"CEOT", 4},
    {"CERASE", 127},
    {"CFLUSH", 15},
    {"CIBAUD", 269418496},
    {"CINTR", 3},
    {"CKILL", 21},
    {"CLNEXT", 22},
    {"CLOCAL", 2048},
    {"CQUIT", 28},
    {"CR0", 0},
    {"CR1", 512},
    {"CR2", 1024},
    {"CR3", 1536},
    {"CRDLY", 1536},
    {"CREAD", 128},
    {"CRPRNT", 18},
    {"CRTSCTS", 2147483648},
    {"CS5", 0},
    {"CS6", 16},
    {"CS7", 32},
    {"CS8", 48},
    {"CSIZE", 48},
    {"CSTART", 17},
    {"CSTOP", 19},
    {"CSTOPB", 64},
    {"CSUSP", 26},
    {"CWERASE", 23},
    {"ECHO", 8},
    {"ECHOCTL", 512},
    {"ECHOE", 16},
    {"ECHOK", 32},
    {"ECHOKE", 2048},
    {"ECHONL", 64},
    {"ECHOPRT", 1024},
    {"EXTA", 14},
    {"EXTB", 15},
    {"FF0", 0},
    {"FF1", 32768},
    {"FFDLY", 32768},
    {"FIOASYNC", 21586},
    {"FIOCLEX", 21585},
    {"FIONBIO", 21537},
    {"FIONCLEX", 21584},
    {"FIONREAD", 21531},
    {"FLUSHO", 4096},
    {"HUPCL", 1024},
    {"ICANON", 2},
    {"ICRNL", 256},
    {"IEXTEN", 32768},
    {"IGNBRK", 1},
    {"IGNCR", 128},
    {"IGNPAR", 4},
    {"IMAXBEL", 8192},
    {"INLCR", 64},
    {"INPCK", 16},
    {"IOCSIZE_MASK", 1073676288},
    {"IOCSIZE_SHIFT", 16},
    {"ISIG", 1},
    {"ISTRIP", 32},
    {"IUCLC", 512},
    {"IXANY", 2048},
    {"IXOFF", 4096},
    {"IXON", 1024},
    {"NCC", 8},
    {"NCCS", 32},
    {"NL0", 0},
    {"NL1", 256},
    {"NLDLY", 256},
    {"NOFLSH", 128},
    {"N_MOUSE", 2},
    {"N_PPP", 3},
    {"N_SLIP", 1},
    {"N_STRIP", 4},
    {"N_TTY", 0},
    {"OCRNL", 8},
    {"OFDEL", 128},
    {"OFILL", 64},
    {"OLCUC", 2},
    {"ONLCR", 4},
    {"ONLRET", 32},
    {"ONOCR", 16},
    {"OPOST", 1},
    {"PARENB", 256},
    {"PARMRK", 8},
    {"PARODD", 512},
    {"PENDIN", 16384},
    {"TAB0", 0},
    {"TAB1", 2048},
    {"TAB2", 4096},
    {"TAB3", 6144},
    {"TABDLY", 6144},
    {"TCFLSH", 21515},
    {"TCGETA", 21509},
    {"TCGETS", 21505},
    {"TCIFLUSH", 0},
    {"TCIOFF", 2},
    {"TCIOFLUSH", 2},
    {"TCION", 3},
    {"TCOFLUSH", 1},
    {"TCOOFF", 0},
    {"TCOON", 1},
    {"TCSADRAIN", 1},
    {"TCSAFLUSH", 2},
    {"TCSANOW", 0},
    {"TCSBRK", 21513},
    {"TCSBRKP", 21541},
    {"TCSETA", 21510},
    {"TCSETAF", 21512},
    {"TCSETAW", 21511},
    {"TCSETS", 21506},
    {"TCSETSF", 21508},
    {"TCSETSW", 21507},
    {"TCXONC", 21514},
    {"TIOCCONS", 21533},
    {"TIOCEXCL", 21516},
    {"TIOCGETD", 21540},
    {"TIOCGICOUNT", 21597},
    {"TIOCGLCKTRMIOS", 21590},
    {"TIOCGPGRP", 21519},
    {"TIOCGSERIAL", 21534},
    {"TIOCGSOFTCAR", 21529},
    {"TIOCGWINSZ", 21523},
    {"TIOCINQ", 21531},
    {"TIOCLINUX", 21532},
    {"TIOCMBIC", 21527},
    {"TIOCMBIS", 21526},
    {"TIOCMGET", 21525},
    {"TIOCMIWAIT", 21596},
    {"TIOCMSET", 21528},
    {"TIOCM_CAR", 64},
    {"TIOCM_CD", 64},
    {"TIOCM_CTS", 32},
    {"TIOCM_DSR", 256},
    {"TIOCM_DTR", 2},
    {"TIOCM_LE", 1},
    {"TIOCM_RI", 128},
    {"TIOCM_RNG", 128},
    {"TIOCM_RTS", 4},
    {"TIOCM_SR", 16},
    {"TIOCM_ST", 8},
    {"TIOCNOTTY", 21538},
    {"TIOCNXCL", 21517},
    {"TIOCOUTQ", 21521},
    {"TIOCPKT", 21536},
    {"TIOCPKT_DATA", 0},
    {"TIOCPKT_DOSTOP", 32},
    {"TIOCPKT_FLUSHREAD", 1},
    {"TIOCPKT_FLUSHWRITE", 2},
    {"TIOCPKT_NOSTOP", 16},
    {"TIOCPKT_START", 8},
    {"TIOCPKT_STOP", 4},
    {"TIOCSCTTY", 21518},
    {"TIOCSERCONFIG", 21587},
    {"TIOCSERGETLSR", 21593},
    {"TIOCSERGETMULTI", 21594},
    {"TIOCSERGSTRUCT", 21592},
    {"TIOCSERGWILD", 21588},
    {"TIOCSERSETMULTI", 21595},
    {"TIOCSERSWILD", 21589},
    {"TIOCSER_TEMT", 1},
    {"TIOCSETD", 21539},
    {"TIOCSLCKTRMIOS", 21591},
    {"TIOCSPGRP", 21520},
    {"TIOCSSERIAL", 21535},
    {"TIOCSSOFTCAR", 21530},
    {"TIOCSTI", 21522},
    {"TIOCSWINSZ", 21524},
    {"TOSTOP", 256},
    {"VDISCARD", 13},
    {"VEOF", 4},
    {"VEOL", 11},
    {"VEOL2", 16},
    {"VERASE", 2},
    {"VINTR", 0},
    {"VKILL", 3},
    {"VLNEXT", 15},
    {"VMIN", 6},
    {"VQUIT", 1},
    {"VREPRINT", 12},
    {"VSTART", 8},
    {"VSTOP", 9},
    {"VSUSP", 10},
    {"VSWTC", 7},
    {"VSWTCH", 7},
    {"VT0", 0},
    {"VT1", 16384},
    {"VTDLY", 16384},
    {"VTIME", 5},
    {"VWERASE", 14},
    {"XCASE", 4},
    {"XTABS", 6144},
};

static Result<void> termios_exec(Thread& t, Module* module) {
  if (!termios_error) {
    Dict* dict = TRY(make_dict(t));
    TRY(dict_set_str(t, dict, names.dunder_module, Value(intern(t, "termios"))));
    termios_error = new Root<Type>(TRY(make_heap_type(t, types.type, intern(t, "error"),
                                                      TRY(tuple_of(t, Value(exceptions.Exception))), dict, nullptr, nullptr)));
  }
  return module_set(t, module, "error", Value(termios_error->get()));
}
ModuleDef termios_module = {
    .name = "termios",
    .doc =
        "Control of terminals through the termios calls of POSIX.\n\nEvery function takes the terminal as its first argument, "
        "fd: a descriptor\nnumber or a file object, for example sys.stdin or sys.stdin.fileno().\n\nThe module exists on Unix "
        "systems with these calls, provided that it was\nincluded when Python was installed. What the calls do in detail is in "
        "the\nmanual pages of the system.",
    .functions = termios_functions,
    .function_count = count_of(termios_functions),
    .constants = kConstants,
    .constant_count = sizeof kConstants / sizeof *kConstants,
    .exec = termios_exec};

}  // namespace baton
