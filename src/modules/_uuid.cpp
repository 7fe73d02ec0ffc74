// _uuid: time-based UUIDs (RFC 4122, version 1).
//
// The clock sequence is random per process and moves on whenever the clock doesn't. Nobody coordinates processes, so the answer
// never claims to be safe between them.
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <ctime>

#include "modules/os_support.h"
#include "objects/tuple.h"

namespace baton {

static Mutex clock_mutex;  // guards the three below; leaf
static u64 last_stamp;
static u32 clock_sequence;
static u8 node_id[6];

// The hardware address of an interface; random, and marked as such, if there is none.
static void find_node(u8* node) {
  int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  struct if_nameindex* interfaces = fd >= 0 ? ::if_nameindex() : nullptr;
  bool found = false;
  for (auto* i = interfaces; !found && i && i->if_name; ++i) {
    ifreq request = {};
    strncpy(request.ifr_name, i->if_name, sizeof request.ifr_name - 1);
    if (::ioctl(fd, SIOCGIFHWADDR, &request) < 0) continue;
    memcpy(node, request.ifr_hwaddr.sa_data, 6);
    for (int k = 0; k < 6; ++k) found |= node[k] != 0;
  }
  if (interfaces) ::if_freenameindex(interfaces);
  if (fd >= 0) ::close(fd);
  if (found) return;
  if (::getrandom(node, 6, 0) != 6) memset(node, 0x5a, 6);
  node[0] |= 1;
}

static void reset_after_fork(Thread&) {
  clock_mutex.reinit_after_fork();
  last_stamp = 0;
}

static Result<Value> uuid_generate_time_safe(Thread& t) {
  timespec now;
  ::clock_gettime(CLOCK_REALTIME, &now);
  // 100 ns intervals since 15 October 1582.
  u64 stamp = static_cast<u64>(now.tv_sec) * 10000000 + static_cast<u64>(now.tv_nsec) / 100 + 0x01B21DD213814000;
  u8 bytes[16];
  {
    Guard guard(clock_mutex);
    if (!last_stamp) {
      find_node(node_id);
      if (::getrandom(&clock_sequence, sizeof clock_sequence, 0) != sizeof clock_sequence)
        clock_sequence = static_cast<u32>(stamp);
    }
    if (stamp <= last_stamp) ++clock_sequence;
    last_stamp = stamp;
    u32 low = static_cast<u32>(stamp);
    u16 mid = static_cast<u16>(stamp >> 32), high = static_cast<u16>(((stamp >> 48) & 0x0fff) | 0x1000);
    u16 sequence = static_cast<u16>((clock_sequence & 0x3fff) | 0x8000);
    for (int i = 0; i < 4; ++i) bytes[i] = static_cast<u8>(low >> (24 - 8 * i));
    bytes[4] = static_cast<u8>(mid >> 8);
    bytes[5] = static_cast<u8>(mid);
    bytes[6] = static_cast<u8>(high >> 8);
    bytes[7] = static_cast<u8>(high);
    bytes[8] = static_cast<u8>(sequence >> 8);
    bytes[9] = static_cast<u8>(sequence);
    memcpy(bytes + 10, node_id, 6);
  }
  return TRY(tuple_of(t, Value(TRY(bytes_from(t, bytes, sizeof bytes))), Value::of_small_int(-1)));
}

static constinit NativeDef uuid_functions[] = {native<uuid_generate_time_safe>("generate_time_safe($module, /)")};
static constexpr ModuleConstant kConstants[] = {{"has_uuid_generate_time_safe", 1}};
static Result<void> uuid_exec(Thread&, Module*) {
  register_fork_child_hook(reset_after_fork);
  return Result<void>();
}
ModuleDef uuid_module = {.name = "_uuid",
                         .functions = uuid_functions,
                         .function_count = count_of(uuid_functions),
                         .constants = kConstants,
                         .constant_count = 1,
                         .exec = uuid_exec};

}  // namespace baton
