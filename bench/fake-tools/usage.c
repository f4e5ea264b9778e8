/*
 * Runs a command and writes what it took to file descriptor 3: microseconds from start to end, microseconds of processor
 * time of it and of all that it started, and the most memory it had at once itself, in kilobytes.
 */
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long microseconds(struct timeval time) { return time.tv_sec * 1000000 + time.tv_usec; }

int main(int count, char **words) {
  if (count < 2) return 2;
  struct timespec start, end;
  clock_gettime(CLOCK_MONOTONIC, &start);
  // What the command leaves behind when it ends becomes a child of this process, and is waited for as well.
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  pid_t child = fork();
  if (child == 0) {
    close(3);
    execvp(words[1], words + 1);
    _exit(127);
  }
  int status = 1;
  struct rusage usage;
  if (child < 0 || wait4(child, &status, 0, &usage) < 0) return 1;
  clock_gettime(CLOCK_MONOTONIC, &end);
  while (wait(NULL) > 0) {}
  struct rusage all;
  getrusage(RUSAGE_CHILDREN, &all);
  long wall = (end.tv_sec - start.tv_sec) * 1000000 + (end.tv_nsec - start.tv_nsec) / 1000;
  dprintf(3, "%ld %ld %ld\n", wall, microseconds(all.ru_utime) + microseconds(all.ru_stime), usage.ru_maxrss);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
