#pragma once
#include <stddef.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <systemd/sd-daemon.h>

/* No _GNU_SOURCE here: it would give fd_set another shape than the one that Swift's Glibc module knows. */

/* Credentials of the process at the other end of a Unix socket (SO_PEERCRED), which come as struct ucred, hidden without
   _GNU_SOURCE: pid, uid, gid. 0 or -1. */
static inline int followup_peer_credentials(int fd, int *pid, unsigned *uid, unsigned *gid) {
  struct { int pid; unsigned uid, gid; } credentials;
  socklen_t length = sizeof credentials;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0) return -1;
  *pid = credentials.pid;
  *uid = credentials.uid;
  *gid = credentials.gid;
  return 0;
}

/* Supplementary groups of that process (SO_PEERGROUPS). Returns how many there are, which may be more than `capacity`
   (then nothing was written), or -1. */
static inline int followup_peer_groups(int fd, unsigned *groups, int capacity) {
  socklen_t length = (socklen_t)(sizeof(gid_t) * (size_t)capacity);
  int result = getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &length);
  if (result != 0 && length <= sizeof(gid_t) * (size_t)capacity) return -1;
  return (int)(length / sizeof(gid_t));
}

/* What a message on the notify socket carries beside RELOADING=1. It serves that message alone, no rule of time. */
static inline unsigned long long followup_monotonic_microseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (unsigned long long)now.tv_sec * 1000000 + (unsigned long long)now.tv_nsec / 1000;
}
