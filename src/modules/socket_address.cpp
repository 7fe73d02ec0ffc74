// _socket: addresses between Python (tuples, paths, numbers) and the kernel's structures, family by family.
#include <arpa/inet.h>
#include <linux/can.h>
#include <linux/if_alg.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/qrtr.h>
#include <linux/tipc.h>
#include <linux/vm_sockets.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/un.h>

#include <cctype>
#include <cstddef>
#include <cstdio>
#include <cstring>

#include "modules/socket_internal.h"
#include "objects/codecs.h"

namespace baton {

// The Bluetooth addresses, which have no header of the C library's.
struct BluetoothAddress {
  u8 b[6];
};
struct [[gnu::packed]] AddressL2cap {
  u16 family;
  u16 psm;
  BluetoothAddress address;
  u16 cid;
  u8 address_type;
};
struct AddressRfcomm {
  u16 family;
  BluetoothAddress address;
  u8 channel;
};
struct AddressHci {
  u16 family, device, channel;
};
struct AddressSco {
  u16 family;
  BluetoothAddress address;
};
enum BluetoothProtocol { kL2cap = 0, kHci = 1, kSco = 2, kRfcomm = 3 };

// ---------------------------------------------------------------------------------------------------------------- hosts

static Result<Bytes*> encode_host(Thread& t, Str* host) {
  if (host->is_ascii()) return bytes_from(t, host->ascii());
  Result<Bytes*> encoded = encode_text(t, host, intern(t, "idna"), nullptr);
  if (!encoded.is_failed()) return encoded;
  t.clear_pending();
  return raise_type_error(t, "encoding of hostname failed");
}

// What the codec lets through as it is.
static bool has_good_labels(std::string_view host) {
  for (;;) {
    usize dot = host.find('.');
    usize label = dot == host.npos ? host.size() : dot;
    if (label >= 64) return false;
    if (dot == host.npos) return true;
    if (label == 0) return false;
    host.remove_prefix(dot + 1);
  }
}

Result<Bytes*> name_bytes(Thread& t, Value host, const char* function) {
  if (!is<Str>(host)) return host_bytes(t, host);
  Str* text = host.as<Str>();
  Bytes* bytes = text->is_ascii() && has_good_labels(text->ascii()) ? TRY(bytes_from(t, text->ascii()))
                                                                    : TRY(encode_text(t, text, intern(t, "idna"), nullptr));
  if (function && memchr(bytes->data(), 0, static_cast<usize>(bytes->length())))
    return raise_type_error(t, "{}() argument 1 must be encoded string without null bytes, not str", function);
  return bytes;
}

Result<Bytes*> host_bytes(Thread& t, Value host) {
  Bytes* bytes;
  if (is<Str>(host)) {
    bytes = TRY(encode_host(t, host.as<Str>()));
  } else if (is<Bytes>(host)) {
    bytes = TRY(bytes_from(t, host.as<Bytes>()->text()));
  } else if (is<ByteArray>(host)) {
    bytes = TRY(bytes_from(t, host.as<ByteArray>()->data(), static_cast<usize>(host.as<ByteArray>()->length())));
  } else {
    return raise_type_error(t, "str, bytes or bytearray expected, not {!t}", host);
  }
  if (memchr(bytes->data(), 0, static_cast<usize>(bytes->length())))
    return raise_type_error(t, "host name must not contain null character");
  return bytes;
}

static void fill_inet(SocketAddress* out, in_addr_t address) {
  auto* in = reinterpret_cast<sockaddr_in*>(out);
  memset(in, 0, sizeof *in);
  in->sin_family = AF_INET;
  in->sin_addr.s_addr = address;
}

Result<void> resolve_host(Thread& t, const char* name, SocketAddress* out, socklen_t size, int family) {
  memset(out, 0, sizeof *out);
  addrinfo hints = {}, *found = nullptr;
  if (!name[0]) {
    hints.ai_family = family;
    hints.ai_socktype = SOCK_DGRAM;
    hints.ai_flags = AI_PASSIVE;
    int error = blocking(t, [&] { return ::getaddrinfo(nullptr, "0", &hints, &found); });
    if (error) return raise_gai_error(t, error);
    if (found->ai_next) {
      ::freeaddrinfo(found);
      return raise(t, exceptions.OSError, "wildcard resolved to multiple address");
    }
    if (found->ai_addrlen < size) size = found->ai_addrlen;
    memcpy(out, found->ai_addr, size);
    ::freeaddrinfo(found);
    return ok;
  }
  if (!strcmp(name, "255.255.255.255") || !strcmp(name, "<broadcast>")) {
    if (family != AF_INET && family != AF_UNSPEC) return raise(t, exceptions.OSError, "address family mismatched");
    fill_inet(out, INADDR_BROADCAST);
    return ok;
  }
  if (family == AF_UNSPEC || family == AF_INET) {
    in_addr address;
    if (::inet_pton(AF_INET, name, &address) == 1) {
      fill_inet(out, address.s_addr);
      return ok;
    }
  }
  if ((family == AF_UNSPEC || family == AF_INET6) && !strchr(name, '%')) {
    auto* in6 = reinterpret_cast<sockaddr_in6*>(out);
    if (::inet_pton(AF_INET6, name, &in6->sin6_addr) == 1) {
      in6->sin6_family = AF_INET6;
      return ok;
    }
  }
  hints.ai_family = family;
  int error = blocking(t, [&] { return ::getaddrinfo(name, nullptr, &hints, &found); });
  if (error) return raise_gai_error(t, error);
  if (found->ai_addrlen < size) size = found->ai_addrlen;
  memcpy(out, found->ai_addr, size);
  ::freeaddrinfo(found);
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- Python to
// kernel

static Result<Tuple*> expect_tuple(Thread& t, Value v, const char* function, const char* family) {
  if (!is<Tuple>(v)) return raise_type_error(t, "{}(): {} address must be tuple, not {!t}", function, family, v);
  return v.as<Tuple>();
}
static Result<int> port_of(Thread& t, Value v, const char* function) {
  int port;
  if (!convert_int(t, v, &port)) {
    if (!clear_pending_if(t, exceptions.OverflowError)) return failed;
    return raise_overflow_error(t, "{}(): port must be 0-65535.", function);
  }
  if (port < 0 || port > 0xffff) return raise_overflow_error(t, "{}(): port must be 0-65535.", function);
  return port;
}
static Result<u32> u32_item(Thread& t, Tuple* items, Index i, u32 fallback = 0) {
  if (i >= items->length()) return fallback;
  i64 wide;
  Value index = TRY(to_index(t, items->at(i)));
  if (!int_to_i64(index, &wide)) {  // taken modulo 2**32, as masks are
    u64 low = 0;
    int_to_u64(TRY(int_and(t, index, Value::of_small_int(UINT32_MAX))), &low);
    return static_cast<u32>(low);
  }
  return static_cast<u32>(wide);
}
static Result<int> int_item(Thread& t, Tuple* items, Index i, int fallback = 0) {
  if (i >= items->length()) return fallback;
  int n;
  if (!convert_int(t, items->at(i), &n)) return failed;
  return n;
}

static Result<socklen_t> parse_unix(Thread& t, Value v, SocketAddress* out) {
  auto* un = reinterpret_cast<sockaddr_un*>(out);
  Bytes* path;
  if (is<Str>(v)) {
    path = TRY(encode_file_system(t, v.as<Str>()));
  } else {
    BufferView view;
    if (!convert_buffer(t, v, &view)) return failed;
    Result<Bytes*> copy = bytes_from(t, view.data, view.size);
    release_buffer(view);
    path = TRY(copy);
  }
  usize n = static_cast<usize>(path->length());
  // A name that starts with a null byte is not a file: all of it counts, and it needs no end.
  bool abstract = n > 0 && path->data()[0] == 0;
  if (n > sizeof un->sun_path || (!abstract && n >= sizeof un->sun_path))
    return raise(t, exceptions.OSError, "AF_UNIX path too long");
  un->sun_family = AF_UNIX;
  memcpy(un->sun_path, path->data(), n);
  if (!abstract) un->sun_path[n] = 0;
  return static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + n);
}

static Result<socklen_t> parse_inet(Thread& t, Value v, SocketAddress* out, const char* function) {
  Tuple* pair = TRY(expect_tuple(t, v, function, "AF_INET"));
  if (pair->length() != 2) return raise_type_error(t, "AF_INET address must be a pair (host, port)");
  Bytes* host = TRY(host_bytes(t, pair->at(0)));
  int port = TRY(port_of(t, pair->at(1), function));
  TRY(resolve_host(t, c_text(host), out, sizeof(sockaddr_in), AF_INET));
  auto* in = reinterpret_cast<sockaddr_in*>(out);
  in->sin_family = AF_INET;
  in->sin_port = htons(static_cast<u16>(port));
  return socklen_t{sizeof *in};
}

static Result<socklen_t> parse_inet6(Thread& t, Value v, SocketAddress* out, const char* function) {
  Tuple* items = TRY(expect_tuple(t, v, function, "AF_INET6"));
  if (items->length() < 2 || items->length() > 4)
    return raise_type_error(t, "AF_INET6 address must be a tuple (host, port[, flowinfo[, scopeid]])");
  Bytes* host = TRY(host_bytes(t, items->at(0)));
  int port = TRY(port_of(t, items->at(1), function));
  u32 flow = TRY(u32_item(t, items, 2)), scope = TRY(u32_item(t, items, 3));
  TRY(resolve_host(t, c_text(host), out, sizeof(sockaddr_in6), AF_INET6));
  if (flow > 0xfffff) return raise_overflow_error(t, "{}(): flowinfo must be 0-1048575.", function);
  auto* in6 = reinterpret_cast<sockaddr_in6*>(out);
  in6->sin6_family = AF_INET6;
  in6->sin6_port = htons(static_cast<u16>(port));
  in6->sin6_flowinfo = htonl(flow);
  in6->sin6_scope_id = scope;
  return socklen_t{sizeof *in6};
}

static Result<socklen_t> parse_netlink(Thread& t, Value v, SocketAddress* out, const char* function) {
  Tuple* pair = TRY(expect_tuple(t, v, function, "AF_NETLINK"));
  if (pair->length() != 2) return raise_type_error(t, "AF_NETLINK address must be a pair (pid, groups)");
  auto* nl = reinterpret_cast<sockaddr_nl*>(out);
  nl->nl_family = AF_NETLINK;
  nl->nl_pid = TRY(u32_item(t, pair, 0));
  nl->nl_groups = TRY(u32_item(t, pair, 1));
  return socklen_t{sizeof *nl};
}

static Result<int> interface_index(Thread& t, int fd, Value name) {
  Bytes* text = TRY(file_system_bytes(t, name));
  if (text->length() == 0) return 0;
  if (static_cast<usize>(text->length()) >= IFNAMSIZ) return raise(t, exceptions.OSError, "AF_CAN interface name too long");
  ifreq request = {};
  memcpy(request.ifr_name, text->data(), static_cast<usize>(text->length()));
  if (::ioctl(fd, SIOCGIFINDEX, &request) < 0) return raise_errno(t);
  return request.ifr_ifindex;
}

static Result<socklen_t> parse_packet(Thread& t, Socket* self, Value v, SocketAddress* out, const char* function) {
  Tuple* items = TRY(expect_tuple(t, v, function, "AF_PACKET"));
  if (items->length() < 2 || items->length() > 5)
    return raise_type_error(t, "AF_PACKET address must be a tuple of two to five elements");
  Bytes* name = TRY(file_system_bytes(t, items->at(0)));
  int proto = TRY(int_item(t, items, 1)), type = TRY(int_item(t, items, 2)), hardware = TRY(int_item(t, items, 3));
  ifreq request = {};
  strncpy(request.ifr_name, c_text(name), sizeof request.ifr_name - 1);
  if (::ioctl(self->fd_, SIOCGIFINDEX, &request) < 0) return raise_errno(t);
  BufferView address;
  if (items->length() > 4 && !convert_buffer(t, items->at(4), &address)) return failed;
  auto* ll = reinterpret_cast<sockaddr_ll*>(out);
  Result<socklen_t> result = socklen_t{sizeof *ll};
  if (address.size > 8) {
    result = raise_value_error(t, "Hardware address must be 8 bytes or less");
  } else if (proto < 0 || proto > 0xffff) {
    result = raise_overflow_error(t, "{}(): proto argument must be 0-65535.", function);
  } else {
    ll->sll_family = AF_PACKET;
    ll->sll_protocol = htons(static_cast<u16>(proto));
    ll->sll_ifindex = request.ifr_ifindex;
    ll->sll_pkttype = static_cast<u8>(type);
    ll->sll_hatype = static_cast<u16>(hardware);
    ll->sll_halen = static_cast<u8>(address.size);
    memcpy(ll->sll_addr, address.data, address.size);
  }
  release_buffer(address);
  return result;
}

static Result<socklen_t> parse_can(Thread& t, Socket* self, Value v, SocketAddress* out, const char* function) {
  auto* can = reinterpret_cast<sockaddr_can*>(out);
  Tuple* items = TRY(expect_tuple(t, v, function, "AF_CAN"));
  can->can_family = AF_CAN;
  Index wanted = self->proto_ == CAN_ISOTP ? 3 : self->proto_ == CAN_J1939 ? 4 : 1;
  if (self->proto_ != CAN_RAW && self->proto_ != CAN_BCM && self->proto_ != CAN_ISOTP && self->proto_ != CAN_J1939) {
    return raise(t, exceptions.OSError, "{}(): unsupported CAN protocol", function);
  }
  if (items->length() != wanted)
    return raise_type_error(t, "{}(): AF_CAN address must be a tuple of {} elements", function, wanted);
  can->can_ifindex = TRY(interface_index(t, self->fd_, items->at(0)));
  if (self->proto_ == CAN_ISOTP) {
    can->can_addr.tp.rx_id = TRY(u32_item(t, items, 1));
    can->can_addr.tp.tx_id = TRY(u32_item(t, items, 2));
  } else if (self->proto_ == CAN_J1939) {
    u64 name;
    if (!convert_u64(t, items->at(1), &name)) return failed;
    can->can_addr.j1939.name = name;
    can->can_addr.j1939.pgn = TRY(u32_item(t, items, 2));
    can->can_addr.j1939.addr = static_cast<u8>(TRY(u32_item(t, items, 3)));
  }
  return socklen_t{sizeof *can};
}

static Result<socklen_t> parse_tipc(Thread& t, Value v, SocketAddress* out) {
  if (!is<Tuple>(v)) return raise_type_error(t, "AF_TIPC address must be tuple");
  Tuple* items = v.as<Tuple>();
  if (items->length() < 4 || items->length() > 5)
    return raise_type_error(t, "AF_TIPC address must be a tuple (addr_type, v1, v2, v3[, scope])");
  auto* tipc = reinterpret_cast<sockaddr_tipc*>(out);
  u32 kind = TRY(u32_item(t, items, 0)), v1 = TRY(u32_item(t, items, 1)), v2 = TRY(u32_item(t, items, 2)),
      v3 = TRY(u32_item(t, items, 3));
  tipc->family = AF_TIPC;
  tipc->scope = static_cast<signed char>(TRY(u32_item(t, items, 4, TIPC_CLUSTER_SCOPE)));
  if (kind == TIPC_SERVICE_RANGE) {
    tipc->addrtype = TIPC_SERVICE_RANGE;
    tipc->addr.nameseq = {v1, v2, v3};
  } else if (kind == TIPC_SERVICE_ADDR) {
    tipc->addrtype = TIPC_SERVICE_ADDR;
    tipc->addr.name.name = {v1, v2};
    tipc->addr.name.domain = v3;
  } else if (kind == TIPC_SOCKET_ADDR) {
    tipc->addrtype = TIPC_SOCKET_ADDR;
    tipc->addr.id = {v2, v1};
  } else {
    return raise_type_error(t, "Invalid address type");
  }
  return socklen_t{sizeof *tipc};
}

static Result<socklen_t> parse_alg(Thread& t, Value v, SocketAddress* out, const char* function) {
  Tuple* items = TRY(expect_tuple(t, v, function, "AF_ALG"));
  if (items->length() < 2 || items->length() > 4 || !is<Str>(items->at(0)) || !is<Str>(items->at(1))) {
    return raise_type_error(t, "AF_ALG address must be a tuple (type, name[, feat[, mask]])");
  }
  auto* alg = reinterpret_cast<sockaddr_alg*>(out);
  Value owner;
  std::string_view type = TRY(str_utf8(t, items->at(0).as<Str>(), &owner));
  if (type.size() >= sizeof alg->salg_type) return raise_value_error(t, "AF_ALG type too long.");
  memcpy(alg->salg_type, type.data(), type.size());
  std::string_view name = TRY(str_utf8(t, items->at(1).as<Str>(), &owner));
  if (name.size() >= sizeof alg->salg_name) return raise_value_error(t, "AF_ALG name too long.");
  memcpy(alg->salg_name, name.data(), name.size());
  alg->salg_family = AF_ALG;
  alg->salg_feat = TRY(u32_item(t, items, 2));
  alg->salg_mask = TRY(u32_item(t, items, 3));
  return socklen_t{sizeof *alg};
}

static Result<BluetoothAddress> bluetooth_address(Thread& t, Value v) {
  BluetoothAddress address;
  Value owner;
  std::string_view text = is<Str>(v) ? TRY(str_utf8(t, v.as<Str>(), &owner)) : std::string_view();
  usize at = 0;
  for (int i = 5; i >= 0; --i) {
    u32 byte = 0;
    usize digits = 0;
    for (; at < text.size() && digits < 3 && isxdigit(static_cast<u8>(text[at])); ++at, ++digits)
      byte = byte * 16 + static_cast<u32>(text[at] <= '9' ? text[at] - '0' : (text[at] | 32) - 'a' + 10);
    bool separated = i == 0 ? at == text.size() : at < text.size() && text[at] == ':';
    if (!digits || byte > 255 || !separated) return raise(t, exceptions.OSError, "bad bluetooth address");
    address.b[i] = static_cast<u8>(byte);
    ++at;
  }
  return address;
}
static Result<socklen_t> parse_bluetooth(Thread& t, Socket* self, Value v, SocketAddress* out, const char* function) {
  switch (self->proto_) {
    case kL2cap: {
      if (!is<Tuple>(v) || v.as<Tuple>()->length() != 2) return raise(t, exceptions.OSError, "{}(): wrong format", function);
      auto* a = reinterpret_cast<AddressL2cap*>(out);
      a->family = AF_BLUETOOTH;
      a->address = TRY(bluetooth_address(t, v.as<Tuple>()->at(0)));
      a->psm = static_cast<u16>(TRY(int_item(t, v.as<Tuple>(), 1)));
      return socklen_t{sizeof *a};
    }
    case kRfcomm: {
      if (!is<Tuple>(v) || v.as<Tuple>()->length() != 2) return raise(t, exceptions.OSError, "{}(): wrong format", function);
      auto* a = reinterpret_cast<AddressRfcomm*>(out);
      a->family = AF_BLUETOOTH;
      a->address = TRY(bluetooth_address(t, v.as<Tuple>()->at(0)));
      a->channel = static_cast<u8>(TRY(int_item(t, v.as<Tuple>(), 1)));
      return socklen_t{sizeof *a};
    }
    case kHci: {
      if (!is<Tuple>(v) || v.as<Tuple>()->length() != 1) return raise(t, exceptions.OSError, "{}(): wrong format", function);
      auto* a = reinterpret_cast<AddressHci*>(out);
      a->family = AF_BLUETOOTH;
      a->device = static_cast<u16>(TRY(int_item(t, v.as<Tuple>(), 0)));
      return socklen_t{sizeof *a};
    }
    case kSco: {
      if (!is<Bytes>(v)) return raise(t, exceptions.OSError, "{}(): wrong format", function);
      auto* a = reinterpret_cast<AddressSco*>(out);
      a->family = AF_BLUETOOTH;
      a->address = TRY(bluetooth_address(
          t, Value(TRY(str_from_latin1(t, v.as<Bytes>()->data(), static_cast<usize>(v.as<Bytes>()->length()))))));
      return socklen_t{sizeof *a};
    }
    default: return raise(t, exceptions.OSError, "{}(): unknown Bluetooth protocol", function);
  }
}

Result<socklen_t> parse_address(Thread& t, Socket* self, Value v, SocketAddress* out, const char* function) {
  memset(out, 0, sizeof *out);
  switch (self->family_) {
    case AF_UNIX: return parse_unix(t, v, out);
    case AF_INET: return parse_inet(t, v, out, function);
    case AF_INET6: return parse_inet6(t, v, out, function);
    case AF_NETLINK: return parse_netlink(t, v, out, function);
    case AF_PACKET: return parse_packet(t, self, v, out, function);
    case AF_CAN: return parse_can(t, self, v, out, function);
    case AF_TIPC: return parse_tipc(t, v, out);
    case AF_ALG: return parse_alg(t, v, out, function);
    case AF_BLUETOOTH: return parse_bluetooth(t, self, v, out, function);
    case AF_QIPCRTR: {
      Tuple* pair = TRY(expect_tuple(t, v, function, "AF_QIPCRTR"));
      if (pair->length() != 2) return raise_type_error(t, "AF_QIPCRTR address must be a pair (node, port)");
      auto* q = reinterpret_cast<sockaddr_qrtr*>(out);
      q->sq_family = AF_QIPCRTR;
      q->sq_node = TRY(u32_item(t, pair, 0));
      q->sq_port = TRY(u32_item(t, pair, 1));
      return socklen_t{sizeof *q};
    }
    case AF_VSOCK: {
      Tuple* pair = TRY(expect_tuple(t, v, function, "AF_VSOCK"));
      if (pair->length() != 2) return raise_type_error(t, "AF_VSOCK address must be a pair (cid, port)");
      auto* vm = reinterpret_cast<sockaddr_vm*>(out);
      vm->svm_family = AF_VSOCK;
      vm->svm_cid = TRY(u32_item(t, pair, 0));
      vm->svm_port = TRY(u32_item(t, pair, 1));
      return socklen_t{sizeof *vm};
    }
    case AF_RDS: return parse_inet(t, v, out, function);
    default: return raise(t, exceptions.OSError, "{}(): bad family", function);
  }
}

// ---------------------------------------------------------------------------------------------------------------- kernel to
// Python

// Numbers only: a scope is an item of its own.
static Result<Value> host_text(Thread& t, int family, const void* address) {
  char text[INET6_ADDRSTRLEN];
  if (!::inet_ntop(family, address, text, sizeof text)) return raise_errno(t);
  return Value(TRY(str_from_ascii(t, text)));
}
static Result<Value> bluetooth_text(Thread& t, const BluetoothAddress& a) {
  char text[24];
  snprintf(text, sizeof text, "%02X:%02X:%02X:%02X:%02X:%02X", a.b[5], a.b[4], a.b[3], a.b[2], a.b[1], a.b[0]);
  return Value(TRY(str_from_ascii(t, text)));
}
static Value number(u32 n) { return Value::of_small_int(n); }

static Result<Value> interface_name(Thread& t, int index) {
  char name[IF_NAMESIZE] = "";
  if (index && !::if_indextoname(static_cast<u32>(index), name)) name[0] = 0;
  return Value(TRY(file_system_text(t, name)));
}

Result<Value> address_value(Thread& t, const SocketAddress& a, socklen_t length, int proto) {
  if (length == 0) return kNone;  // no address, as with connected sockets
  switch (a.plain.sa_family) {
    case AF_INET: {
      auto* in = reinterpret_cast<const sockaddr_in*>(&a);
      Value host = TRY(host_text(t, AF_INET, &in->sin_addr));
      return TRY(tuple_of(t, host, number(ntohs(in->sin_port))));
    }
    case AF_INET6: {
      auto* in6 = reinterpret_cast<const sockaddr_in6*>(&a);
      Value host = TRY(host_text(t, AF_INET6, &in6->sin6_addr));
      return TRY(tuple_of(t, host, number(ntohs(in6->sin6_port)), number(ntohl(in6->sin6_flowinfo)), number(in6->sin6_scope_id)));
    }
    case AF_UNIX: {
      auto* un = reinterpret_cast<const sockaddr_un*>(&a);
      usize n = length > offsetof(sockaddr_un, sun_path) ? length - offsetof(sockaddr_un, sun_path) : 0;
      if (n > 0 && un->sun_path[0] == 0) return bytes_from(t, un->sun_path, n);
      return Value(TRY(file_system_text(t, std::string_view(un->sun_path, strnlen(un->sun_path, n)))));
    }
    case AF_NETLINK: {
      auto* nl = reinterpret_cast<const sockaddr_nl*>(&a);
      return TRY(tuple_of(t, number(nl->nl_pid), number(nl->nl_groups)));
    }
    case AF_QIPCRTR: {
      auto* q = reinterpret_cast<const sockaddr_qrtr*>(&a);
      return TRY(tuple_of(t, number(q->sq_node), number(q->sq_port)));
    }
    case AF_VSOCK: {
      auto* vm = reinterpret_cast<const sockaddr_vm*>(&a);
      return TRY(tuple_of(t, number(vm->svm_cid), number(vm->svm_port)));
    }
    case AF_PACKET: {
      auto* ll = reinterpret_cast<const sockaddr_ll*>(&a);
      Value name = TRY(interface_name(t, ll->sll_ifindex));
      Value hardware(TRY(bytes_from(t, ll->sll_addr, ll->sll_halen)));
      return TRY(tuple_of(t, name, number(ntohs(ll->sll_protocol)), number(ll->sll_pkttype), number(ll->sll_hatype), hardware));
    }
    case AF_CAN: {
      auto* can = reinterpret_cast<const sockaddr_can*>(&a);
      Value name = TRY(interface_name(t, can->can_ifindex));
      if (proto == CAN_ISOTP) return TRY(tuple_of(t, name, number(can->can_addr.tp.rx_id), number(can->can_addr.tp.tx_id)));
      if (proto == CAN_J1939)
        return TRY(tuple_of(t, name, TRY(int_from_u64(t, can->can_addr.j1939.name)), number(can->can_addr.j1939.pgn),
                            number(can->can_addr.j1939.addr)));
      return TRY(tuple_of(t, name));
    }
    case AF_TIPC: {
      auto* tipc = reinterpret_cast<const sockaddr_tipc*>(&a);
      Value scope = Value::of_small_int(tipc->scope);
      switch (tipc->addrtype) {
        case TIPC_SERVICE_RANGE:
          return TRY(tuple_of(t, number(tipc->addrtype), number(tipc->addr.nameseq.type), number(tipc->addr.nameseq.lower),
                              number(tipc->addr.nameseq.upper), scope));
        case TIPC_SERVICE_ADDR:
          return TRY(tuple_of(t, number(tipc->addrtype), number(tipc->addr.name.name.type), number(tipc->addr.name.name.instance),
                              number(tipc->addr.name.name.instance), scope));
        case TIPC_SOCKET_ADDR:
          return TRY(
              tuple_of(t, number(tipc->addrtype), number(tipc->addr.id.node), number(tipc->addr.id.ref), number(0), scope));
        default: return raise_value_error(t, "Invalid address type");
      }
    }
    case AF_ALG: {
      auto* alg = reinterpret_cast<const sockaddr_alg*>(&a);
      auto* type = reinterpret_cast<const char*>(alg->salg_type);
      auto* name = reinterpret_cast<const char*>(alg->salg_name);
      Value type_value(TRY(bytes_from(t, type, strnlen(type, sizeof alg->salg_type))));
      Value name_value(TRY(bytes_from(t, name, strnlen(name, sizeof alg->salg_name))));
      return TRY(tuple_of(t, type_value, name_value, number(alg->salg_feat), number(alg->salg_mask)));
    }
    case AF_BLUETOOTH:
      switch (proto) {
        case kL2cap: {
          auto* l2 = reinterpret_cast<const AddressL2cap*>(&a);
          return TRY(tuple_of(t, TRY(bluetooth_text(t, l2->address)), number(l2->psm)));
        }
        case kRfcomm: {
          auto* rc = reinterpret_cast<const AddressRfcomm*>(&a);
          return TRY(tuple_of(t, TRY(bluetooth_text(t, rc->address)), number(rc->channel)));
        }
        case kHci: return TRY(tuple_of(t, number(reinterpret_cast<const AddressHci*>(&a)->device)));
        case kSco: return bluetooth_text(t, reinterpret_cast<const AddressSco*>(&a)->address);
        default: return raise_value_error(t, "Unknown Bluetooth protocol");
      }
    default: {
      usize n = length > offsetof(sockaddr, sa_data) ? length - offsetof(sockaddr, sa_data) : 0;
      Value data(TRY(bytes_from(t, a.plain.sa_data, n)));
      return TRY(tuple_of(t, number(a.plain.sa_family), data));
    }
  }
}

}  // namespace baton
