// _socket: names and numbers: hosts, services, protocols, interfaces, byte order.
#include <arpa/inet.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <unistd.h>

#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "modules/c_database.h"
#include "modules/socket_internal.h"
#include "objects/audit.h"
#include "objects/dict.h"
#include "objects/exception.h"
#include "objects/list.h"

namespace baton {

static Root<Type>*host_error, *gai_error;

static Result<Root<Type>*> make_exception_type(Thread& t, const char* name) {
  Dict* dict = TRY(make_dict(t));
  TRY(dict_set_str(t, dict, names.dunder_module, Value(intern(t, "socket"))));
  Type* type =
      TRY(make_heap_type(t, types.type, intern(t, name), TRY(tuple_of(t, Value(exceptions.OSError))), dict, nullptr, nullptr));
  return new Root<Type>(type);
}
Result<void> add_socket_exceptions(Thread& t, Module* module) {
  if (!host_error) host_error = TRY(make_exception_type(t, "herror"));
  if (!gai_error) gai_error = TRY(make_exception_type(t, "gaierror"));
  TRY(module_set(t, module, "herror", Value(host_error->get())));
  return module_set(t, module, "gaierror", Value(gai_error->get()));
}

Failed raise_gai_error(Thread& t, int code) {
  if (code == EAI_SYSTEM) return raise_errno(t);
  Value args[2] = {Value::of_small_int(code), Value(TRY(str_from_utf8(t, ::gai_strerror(code))))};
  return raise_object(t, TRY(call_values(t, Value(gai_error->get()), args, 2)));
}
Failed raise_host_error(Thread& t, int code) {
  Value args[2] = {Value::of_small_int(code), Value(TRY(str_from_utf8(t, ::hstrerror(code))))};
  return raise_object(t, TRY(call_values(t, Value(host_error->get()), args, 2)));
}

// ---------------------------------------------------------------------------------------------------------------- hosts

static Result<Value> numeric_text(Thread& t, const SocketAddress& a) {
  Value value = TRY(address_value(t, a, sizeof a, 0));
  return value.as<Tuple>()->at(0);
}
static Result<Value> socket_gethostbyname(Thread& t, Value host) {
  Bytes* name = TRY(name_bytes(t, host, "gethostbyname"));
  TRY(audit(t, "socket.gethostbyname", host));
  SocketAddress a;
  TRY(resolve_host(t, c_text(name), &a, sizeof(sockaddr_in), AF_INET));
  return numeric_text(t, a);
}

static Result<Value> host_entry(Thread& t, const hostent* entry, int family) {
  if (entry->h_addrtype != family) return raise_os_error(t, EAFNOSUPPORT);
  List* aliases = TRY(make_list(t));
  for (char** alias = entry->h_aliases; alias && *alias; ++alias)
    TRY(list_append(t, aliases, Value(TRY(file_system_text(t, *alias)))));
  List* addresses = TRY(make_list(t));
  for (char** address = entry->h_addr_list; address && *address; ++address) {
    char text[INET6_ADDRSTRLEN];
    if (!::inet_ntop(family, *address, text, sizeof text)) return raise_errno(t);
    TRY(list_append(t, addresses, Value(TRY(str_from_ascii(t, text)))));
  }
  return TRY(tuple_of(t, Value(TRY(file_system_text(t, entry->h_name))), Value(aliases), Value(addresses)));
}
// Runs look_up(buffer, size, &entry, &code) with growing buffers.
template <class F>
static Result<Value> host_lookup(Thread& t, int family, F&& look_up) {
  for (usize size = 16384;; size *= 2) {
    char* buffer = static_cast<char*>(malloc(size));
    if (!buffer) return raise_memory_error(t);
    hostent storage, *entry = nullptr;
    int code = 0;
    int r = blocking(t, [&] { return look_up(&storage, buffer, size, &entry, &code); });
    if (r == ERANGE && size < (usize{1} << 22)) {
      free(buffer);
      continue;
    }
    Result<Value> result = entry ? host_entry(t, entry, family) : Result<Value>(raise_host_error(t, code));
    free(buffer);
    return result;
  }
}
static Result<Value> socket_gethostbyname_ex(Thread& t, Value host) {
  Bytes* name = TRY(name_bytes(t, host, "gethostbyname_ex"));
  TRY(audit(t, "socket.gethostbyname", host));
  SocketAddress a;
  TRY(resolve_host(t, c_text(name), &a, sizeof(sockaddr_in), AF_INET));
  return host_lookup(t, AF_INET, [&](hostent* h, char* b, usize n, hostent** e, int* code) {
    return ::gethostbyname_r(c_text(name), h, b, n, e, code);
  });
}
static Result<Value> socket_gethostbyaddr(Thread& t, Value host) {
  Bytes* name = TRY(name_bytes(t, host, "gethostbyaddr"));
  TRY(audit(t, "socket.gethostbyaddr", host));
  SocketAddress a;
  TRY(resolve_host(t, c_text(name), &a, sizeof a, AF_UNSPEC));
  const void* address;
  socklen_t length;
  int family = a.plain.sa_family;
  if (family == AF_INET) {
    address = &reinterpret_cast<sockaddr_in*>(&a)->sin_addr;
    length = sizeof(in_addr);
  } else if (family == AF_INET6) {
    address = &reinterpret_cast<sockaddr_in6*>(&a)->sin6_addr;
    length = sizeof(in6_addr);
  } else {
    return raise(t, exceptions.OSError, "unsupported address family");
  }
  return host_lookup(t, family, [&](hostent* h, char* b, usize n, hostent** e, int* code) {
    return ::gethostbyaddr_r(address, length, family, h, b, n, e, code);
  });
}
static Result<Value> socket_gethostname(Thread& t) {
  TRY(audit(t, "socket.gethostname"));
  char name[1024];
  if (blocking(t, [&] { return ::gethostname(name, sizeof name - 1); }) < 0) return raise_errno(t);
  name[sizeof name - 1] = 0;
  return file_system_text(t, name);
}
static Result<void> socket_sethostname(Thread& t, Value name) {
  Bytes* text = TRY(file_system_bytes(t, name));
  TRY(audit(t, "socket.sethostname", Value(text)));
  if (::sethostname(c_text(text), static_cast<usize>(text->length())) < 0) return raise_errno(t);
  return ok;
}

static Result<Value> address_infos(Thread& t, const addrinfo* first) {
  List* list = TRY(make_list(t));
  for (const addrinfo* info = first; info; info = info->ai_next) {
    SocketAddress a;
    memset(&a, 0, sizeof a);
    memcpy(&a, info->ai_addr, info->ai_addrlen < sizeof a ? info->ai_addrlen : sizeof a);
    Value address = TRY(address_value(t, a, info->ai_addrlen, info->ai_protocol));
    Value name(TRY(file_system_text(t, info->ai_canonname ? info->ai_canonname : "")));
    Value entry(TRY(tuple_of(t, Value::of_small_int(info->ai_family), Value::of_small_int(info->ai_socktype),
                             Value::of_small_int(info->ai_protocol), name, address)));
    TRY(list_append(t, list, entry));
  }
  return list;
}
static Result<Value> socket_getaddrinfo(Thread& t, Value host, Value port, int family, int type, int proto, int flags) {
  const char* host_text = nullptr;
  Bytes* host_kept = nullptr;
  if (!host.is_none()) {
    if (!is<Str>(host) && !is<Bytes>(host)) return raise_type_error(t, "getaddrinfo() argument 1 must be string or None");
    if (is<Str>(host))
      host_kept = TRY(name_bytes(t, host, nullptr));
    else
      host_kept = TRY(bytes_from(t, host.as<Bytes>()->text()));
    host_text = c_text(host_kept);
  }
  const char* port_text = nullptr;
  Bytes* port_kept = nullptr;
  if (is_int(port)) {
    Str* digits = TRY(int_to_text(t, int_exact(port), 10, false));
    port_kept = TRY(bytes_from(t, digits->ascii()));
  } else if (is<Str>(port)) {
    Value owner;
    port_kept = TRY(bytes_from(t, TRY(str_utf8(t, port.as<Str>(), &owner))));
  } else if (is<Bytes>(port)) {
    port_kept = TRY(bytes_from(t, port.as<Bytes>()->text()));
  } else if (!port.is_none()) {
    return raise(t, exceptions.OSError, "Int or String expected");
  }
  if (port_kept) port_text = c_text(port_kept);
  TRY(audit(t, "socket.getaddrinfo", host, port, Value::of_small_int(family), Value::of_small_int(type),
            Value::of_small_int(proto)));
  addrinfo hints = {}, *found = nullptr;
  hints.ai_family = family;
  hints.ai_socktype = type;
  hints.ai_protocol = proto;
  hints.ai_flags = flags;
  int error = blocking(t, [&] { return ::getaddrinfo(host_text, port_text, &hints, &found); });
  KeepAlive keep_host{Value(host_kept)}, keep_port{Value(port_kept)};
  if (error) return raise_gai_error(t, error);
  Result<Value> result = address_infos(t, found);
  ::freeaddrinfo(found);
  return result;
}
static Result<Value> socket_getnameinfo(Thread& t, Value sockaddr_value, int flags) {
  if (!is<Tuple>(sockaddr_value)) return raise_type_error(t, "getnameinfo() argument 1 must be a tuple");
  Tuple* items = sockaddr_value.as<Tuple>();
  Index n = items->length();
  if (n < 2 || n > 4 || !is<Str>(items->at(0))) return raise_type_error(t, "getnameinfo(): illegal sockaddr argument");
  Bytes* host = TRY(host_bytes(t, items->at(0)));
  int port;
  i64 flow = 0, scope = 0;
  if (!convert_int(t, items->at(1), &port)) return failed;
  if (n > 2 && !convert_index(t, items->at(2), &flow)) return failed;
  if (n > 3 && !convert_index(t, items->at(3), &scope)) return failed;
  if (flow < 0 || flow > 0xfffff) return raise_overflow_error(t, "getnameinfo(): flowinfo must be 0-1048575.");
  TRY(audit(t, "socket.getnameinfo", sockaddr_value));
  char port_text[32];
  snprintf(port_text, sizeof port_text, "%d", port);
  addrinfo hints = {}, *found = nullptr;
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_DGRAM;
  hints.ai_flags = AI_NUMERICHOST;
  int error = blocking(t, [&] { return ::getaddrinfo(c_text(host), port_text, &hints, &found); });
  if (error) return raise_gai_error(t, error);
  SocketAddress a;
  socklen_t length = found->ai_addrlen;
  bool several = found->ai_next;
  memcpy(&a, found->ai_addr, length);
  ::freeaddrinfo(found);
  if (several) return raise(t, exceptions.OSError, "sockaddr resolved to multiple addresses");
  if (a.plain.sa_family == AF_INET && n != 2) return raise(t, exceptions.OSError, "IPv4 sockaddr must be 2 tuple");
  if (a.plain.sa_family == AF_INET6) {
    auto* in6 = reinterpret_cast<sockaddr_in6*>(&a);
    in6->sin6_flowinfo = htonl(static_cast<u32>(flow));
    in6->sin6_scope_id = static_cast<u32>(scope);
  }
  char host_text[NI_MAXHOST], service[NI_MAXSERV];
  error =
      blocking(t, [&] { return ::getnameinfo(&a.plain, length, host_text, sizeof host_text, service, sizeof service, flags); });
  if (error) return raise_gai_error(t, error);
  return TRY(tuple_of(t, Value(TRY(file_system_text(t, host_text))), Value(TRY(file_system_text(t, service)))));
}

// ---------------------------------------------------------------------------------------------------------------- services,
// protocols, interfaces

static Result<Bytes*> optional_text(Thread& t, Optional<Str*> v) {
  if (!v.has_value()) return bytes_from(t, nullptr, 0);
  return file_system_bytes(t, Value(v.value));
}
static Result<Value> socket_getservbyname(Thread& t, Str* name, Optional<Str*> protocol) {
  Bytes* text = TRY(file_system_bytes(t, Value(name)));
  Bytes* proto = TRY(optional_text(t, protocol));
  TRY(audit(t, "socket.getservbyname", Value(name), protocol.has_value() ? Value(protocol.value) : kNone));
  auto port_of = [](Thread&, const servent& s) { return Result<Value>(Value::of_small_int(ntohs(static_cast<u16>(s.s_port)))); };
  Value port = TRY(look_up_entry<servent>(t, port_of, [&](servent* e, char* b, usize n, servent** r) {
    return ::getservbyname_r(c_text(text), protocol.has_value() ? c_text(proto) : nullptr, e, b, n, r);
  }));
  if (port == kNotFound) return raise(t, exceptions.OSError, "service/proto not found");
  return port;
}
static Result<Value> socket_getservbyport(Thread& t, int port, Optional<Str*> protocol) {
  if (port < 0 || port > 0xffff) return raise_overflow_error(t, "getservbyport: port must be 0-65535.");
  Bytes* proto = TRY(optional_text(t, protocol));
  TRY(audit(t, "socket.getservbyport", Value::of_small_int(port), protocol.has_value() ? Value(protocol.value) : kNone));
  auto name_of = [](Thread& thread, const servent& s) { return Result<Value>(file_system_text(thread, s.s_name)); };
  Value name = TRY(look_up_entry<servent>(t, name_of, [&](servent* e, char* b, usize n, servent** r) {
    return ::getservbyport_r(htons(static_cast<u16>(port)), protocol.has_value() ? c_text(proto) : nullptr, e, b, n, r);
  }));
  if (name == kNotFound) return raise(t, exceptions.OSError, "port/proto not found");
  return name;
}
static Result<Value> socket_getprotobyname(Thread& t, Str* name) {
  Bytes* text = TRY(file_system_bytes(t, Value(name)));
  auto number_of = [](Thread&, const protoent& p) { return Result<Value>(Value::of_small_int(p.p_proto)); };
  Value number = TRY(look_up_entry<protoent>(
      t, number_of, [&](protoent* e, char* b, usize n, protoent** r) { return ::getprotobyname_r(c_text(text), e, b, n, r); }));
  if (number == kNotFound) return raise(t, exceptions.OSError, "protocol not found");
  return number;
}
static Result<Value> socket_if_nameindex(Thread& t) {
  struct if_nameindex* all = ::if_nameindex();
  if (!all) return raise_errno(t);
  Result<List*> list = make_list(t);
  bool good = !list.is_failed();
  for (auto* i = all; good && i->if_index && i->if_name; ++i) {
    Result<Str*> name = file_system_text(t, i->if_name);
    Result<Tuple*> pair = failed;
    if (!name.is_failed()) pair = tuple_of(t, Value::of_small_int(i->if_index), Value(name.value()));
    good = !pair.is_failed() && !list_append(t, list.value(), Value(pair.value())).is_failed();
  }
  ::if_freenameindex(all);
  if (!good) return failed;
  return list.value();
}
static Result<int> socket_if_nametoindex(Thread& t, Value name) {
  u32 index = ::if_nametoindex(c_text(TRY(file_system_bytes(t, name))));
  if (!index) return raise(t, exceptions.OSError, "no interface with this name");
  return static_cast<int>(index);
}
static Result<Value> socket_if_indextoname(Thread& t, Value index) {
  if (!is_int(index)) return raise_type_error(t, "an integer is required");
  i64 n;
  int_to_i64(int_exact(index), &n);
  char name[IF_NAMESIZE + 1];
  if (!::if_indextoname(static_cast<u32>(n), name)) return raise_errno(t);
  return file_system_text(t, name);
}

// ---------------------------------------------------------------------------------------------------------------- byte order and
// notation

static Result<int> swap16(Thread& t, Value v, const char* function) {
  Value index = TRY(to_index(t, v));
  i64 n;
  bool fits = int_to_i64(index, &n);
  if (n < 0) return raise_overflow_error(t, "{}: can't convert negative Python int to C 16-bit unsigned integer", function);
  if (!fits || n > 0xffff)
    return raise_overflow_error(t, "{}: Python int too large to convert to C 16-bit unsigned integer", function);
  return static_cast<int>(ntohs(static_cast<u16>(n)));
}
static Result<Value> swap32(Thread& t, Value v) {
  if (!is_int(v)) return raise_type_error(t, "expected int, {!t} found", v);
  i64 n;
  bool fits = int_to_i64(int_exact(v), &n);
  if (n < 0) return raise_overflow_error(t, "can't convert negative value to unsigned int");
  if (!fits) return raise_overflow_error(t, "Python int too large to convert to C unsigned long");
  if (n > UINT32_MAX) return raise_overflow_error(t, "int larger than 32 bits");
  return Value::of_small_int(ntohl(static_cast<u32>(n)));
}
static Result<int> socket_ntohs(Thread& t, Value v) { return swap16(t, v, "ntohs"); }
static Result<int> socket_htons(Thread& t, Value v) { return swap16(t, v, "htons"); }
static Result<Value> socket_ntohl(Thread& t, Value v) { return swap32(t, v); }
static Result<Value> socket_htonl(Thread& t, Value v) { return swap32(t, v); }

static Result<Value> socket_inet_aton(Thread& t, Str* text) {
  in_addr address;
  if (!::inet_aton(c_text(TRY(file_system_bytes(t, Value(text)))), &address))
    return raise(t, exceptions.OSError, "illegal IP address string passed to inet_aton");
  return bytes_from(t, &address, sizeof address);
}
static Result<Value> socket_inet_ntoa(Thread& t, BufferView packed) {
  if (packed.size != sizeof(in_addr)) return raise(t, exceptions.OSError, "packed IP wrong length for inet_ntoa");
  char text[INET_ADDRSTRLEN];
  ::inet_ntop(AF_INET, packed.data, text, sizeof text);
  return Value(TRY(str_from_ascii(t, text)));
}
static Result<Value> socket_inet_pton(Thread& t, int family, Str* text) {
  char packed[sizeof(in6_addr)];
  int r = ::inet_pton(family, c_text(TRY(file_system_bytes(t, Value(text)))), packed);
  if (r < 0) return raise_errno(t);
  if (r == 0) return raise(t, exceptions.OSError, "illegal IP address string passed to inet_pton");
  if (family == AF_INET) return bytes_from(t, packed, sizeof(in_addr));
  if (family == AF_INET6) return bytes_from(t, packed, sizeof(in6_addr));
  return raise(t, exceptions.OSError, "unknown address family");
}
static Result<Value> socket_inet_ntop(Thread& t, int family, BufferView packed) {
  if (family != AF_INET && family != AF_INET6) return raise_value_error(t, "unknown address family {}", family);
  if (packed.size != (family == AF_INET ? sizeof(in_addr) : sizeof(in6_addr)))
    return raise_value_error(t, "invalid length of packed IP address string");
  char text[INET6_ADDRSTRLEN];
  if (!::inet_ntop(family, packed.data, text, sizeof text)) return raise_errno(t);
  return Value(TRY(str_from_ascii(t, text)));
}

static constexpr i64 kSocketLengthLimit = 0x7fffffff;
static Result<i64> socket_CMSG_LEN(Thread& t, i64 length) {
  if (length < 0 || length > kSocketLengthLimit - static_cast<i64>(CMSG_LEN(0)))
    return raise_overflow_error(t, "CMSG_LEN() argument out of range");
  return static_cast<i64>(CMSG_LEN(static_cast<usize>(length)));
}
static Result<i64> socket_CMSG_SPACE(Thread& t, i64 length) {
  // CMSG_SPACE(1): the padding on both sides of the data counts.
  if (length < 0 || length > kSocketLengthLimit - static_cast<i64>(CMSG_SPACE(1)))
    return raise_overflow_error(t, "CMSG_SPACE() argument out of range");
  return static_cast<i64>(CMSG_SPACE(static_cast<usize>(length)));
}

static constinit NativeDef rows[] = {
    native<socket_gethostbyname>(
        "gethostbyname(host, /)",
        "Look up the IPv4 address of a host.\n\nThe result is a string of four decimal numbers such as '192.0.2.17'."),
    native<socket_gethostbyname_ex>(
        "gethostbyname_ex(host, /)",
        "Look up the names and IPv4 addresses of a host.\n\nhost is a name or an address, as a string. The result is a tuple of "
        "three: the\nprimary name, a list of other names, and a list of addresses."),
    native<socket_gethostbyaddr>(
        "gethostbyaddr(host, /)",
        "Find out what a host is called, usually from its IP address.\n\nhost is an IPv4 or IPv6 address or a name, as a string. "
        "The result is a tuple\nof three: the primary name, a list of other names, and a list of addresses."),
    native<socket_gethostname>("gethostname($module, /)", "gethostname() -> string\n\nReturn the current host name."),
    native<socket_sethostname>("sethostname(name, /)", "sethostname(name)\n\nSets the hostname to name."),
    native<socket_getaddrinfo>(
        "getaddrinfo(host, port, family=0, type=0, proto=0, flags=0)",
        "Find all the ways to reach a service on a host.\n\nhost and port may be names, numbers or None. The optional family, "
        "type, proto\nand flags narrow the search; 0 leaves them open. Each item of the resulting\nlist is a tuple (family, "
        "type, proto, canonname, sockaddr): the first three\nare for creating a socket, sockaddr is for connecting it."),
    native<socket_getnameinfo>("getnameinfo(sockaddr, flags, /)",
                               "Translate a socket address into a pair of strings, host and service.\n\nsockaddr is a tuple as "
                               "used for IPv4 or IPv6 sockets, and flags is 0 or a\ncombination of NI_ constants."),
    native<socket_getservbyname>("getservbyname(servicename, protocolname=<any>, /)",
                                 "getservbyname(servicename[, protocolname]) -> int\n\nFind the port number of a service, for "
                                 "instance 80 for 'http'.\n\nA second argument, 'tcp' or 'udp', restricts the search to that "
                                 "protocol.\nRaises OSError for an unknown service."),
    native<socket_getservbyport>("getservbyport(port, protocolname=<any>, /)",
                                 "getservbyport(port[, protocolname]) -> str\n\nFind the name of the service at a port, for "
                                 "instance 'http' for 80.\n\nA second argument, 'tcp' or 'udp', restricts the search to that "
                                 "protocol.\nRaises OSError for a port that has no known service."),
    native<socket_getprotobyname>("getprotobyname(name, /)",
                                  "Find the number of an internet protocol such as 'icmp'.\n\nSuch numbers serve as the third "
                                  "argument when creating a raw socket, so few\nprograms need this."),
    native<socket_if_nameindex>("if_nameindex($module, /)", "List the network interfaces as pairs of index number and name."),
    native<socket_if_nametoindex>(
        "if_nametoindex(if_name, /)",
        "Return the index number of a network interface, given its name.\n\nRaises OSError when there is no such interface."),
    native<socket_if_indextoname>(
        "if_indextoname(if_index, /)",
        "Return the name of a network interface, given its index number.\n\nRaises OSError when there is no such interface."),
    native_tuple<socket_ntohs>(
        "ntohs(integer, /)",
        "ntohs(integer) -> int\n\nTurn 16 bits from the network into a number for this machine.\n\nSwaps the two bytes if the "
        "machine is little-endian. OverflowError means that\nthe argument is negative or does not fit."),
    native_tuple<socket_htons>(
        "htons(integer, /)",
        "htons(integer) -> int\n\nTurn a 16-bit number of this machine into the form sent on networks.\n\nSwaps the two bytes if "
        "the machine is little-endian. OverflowError means that\nthe argument is negative or does not fit."),
    native<socket_ntohl>("ntohl(integer, /)",
                         "Turn 32 bits from the network into a number for this machine.\n\nReverses the four bytes if the "
                         "machine is little-endian."),
    native<socket_htonl>("htonl(integer, /)",
                         "Turn a 32-bit number of this machine into the form sent on networks.\n\nReverses the four bytes if the "
                         "machine is little-endian."),
    native_tuple<socket_inet_aton>(
        "inet_aton(string, /)",
        "Pack an IPv4 address written as text into four bytes.\n\n'192.0.2.17', say, gives b'\\xc0\\x00\\x02\\x11', which is how "
        "C programs and\nnetwork packets hold it. OSError means that the text is no address."),
    native_tuple<socket_inet_ntoa>("inet_ntoa(packed_ip, /)",
                                   "inet_ntoa(packed_ip) -> str\n\nWrite out an IPv4 address, given as four bytes, as "
                                   "text.\n\nb'\\xc0\\x00\\x02\\x11', say, gives '192.0.2.17'."),
    native_tuple<socket_inet_pton>(
        "inet_pton(af, ip, /)",
        "inet_pton(af, ip) -> bytes\n\nPack an IP address written as text into bytes.\n\naf is AF_INET, for a result of 4 bytes, "
        "or AF_INET6, for one of 16; ip is the\ntext. OSError means that it is no address of that family."),
    native_tuple<socket_inet_ntop>(
        "inet_ntop(af, packed_ip, /)",
        "inet_ntop(af, packed_ip) -> str\n\nWrite out an IP address, given as bytes, as text.\n\naf is AF_INET, for which "
        "packed_ip has 4 bytes, or AF_INET6, for which it has\n16. ValueError means that the length is wrong."),
    native_tuple<socket_CMSG_LEN>(
        "CMSG_LEN(length, /)",
        "CMSG_LEN(length) -> int\n\nTell the size of one control message that carries length bytes.\n\nThe header counts, the "
        "padding behind the data does not.  A length out of\nrange raises OverflowError."),
    native_tuple<socket_CMSG_SPACE>(
        "CMSG_SPACE(length, /)",
        "CMSG_SPACE(length) -> int\n\nTell how much room a control message with length bytes of data takes up.\n\nUnlike "
        "CMSG_LEN() this counts the padding at the end.  Add up the results\nfor several messages to get the ancbufsize for "
        "recvmsg().  A length out of\nrange raises OverflowError."),
};
constinit NativeTable socket_database_functions = {rows, count_of(rows)};

}  // namespace baton
