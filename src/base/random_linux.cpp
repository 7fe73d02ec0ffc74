// getrandom(2), and /dev/urandom where a sandbox forbids it.
#include <errno.h>
#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/random.h"

namespace baton {

static int read_urandom(u8* at, usize size) {
  int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return errno;
  int error = 0;
  while (size && !error) {
    ssize_t got = read(fd, at, size);
    if (got > 0)
      at += got, size -= static_cast<usize>(got);
    else if (got == 0)
      error = EIO;
    else if (errno != EINTR)
      error = errno;
  }
  close(fd);
  return error;
}

int random_bytes(void* buffer, usize size, RandomWait wait) {
  u8* at = static_cast<u8*>(buffer);
  while (size) {
    ssize_t got = getrandom(at, size, wait == RandomWait::kNoWait ? GRND_NONBLOCK : 0);
    if (got >= 0) {
      at += got;
      size -= static_cast<usize>(got);
    } else if (errno == ENOSYS || errno == EPERM) {
      return read_urandom(at, size);
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

}  // namespace baton
