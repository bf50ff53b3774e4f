/*
 * hide MANNER NODE [COUNT]: keeps a device open as no tool looks for it. Any user with access to the node can.
 *   thread    in a thread that has a table of descriptors of its own (unshare(2), CLONE_FILES)
 *   leader    by an ordinary descriptor, after the first thread of the process has ended: /proc/PID shows nothing then
 *   memory    by a mapping alone, the same way
 *   copies    by COUNT descriptors
 *   behind    by a mapping alone, behind COUNT mappings of another file and as many gaps
 * Says "ready" once it holds, and ends when it is killed.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#define PAGE 4096

static const char *node;
static sem_t holds;

static int open_node(void)
{
    int fd = open(node, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        err(1, "%s", node);
    return fd;
}

static void ready(void)
{
    if (write(STDOUT_FILENO, "ready\n", 6) != 6)
        err(1, "ready");
}

static void *in_thread(void *own)
{
    if (own && unshare(CLONE_FILES) < 0)
        err(1, "unshare");
    if (own)
        open_node();
    sem_post(&holds);
    for (;;)
        pause();
}

static void map_node(void)
{
    int fd = open_node();
    if (mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0) == MAP_FAILED)
        err(1, "map %s", node);
    close(fd);
}

static void map_others(long count)
{
    int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    char *base = mmap(NULL, (size_t)count * 2 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (fd < 0 || base == MAP_FAILED)
        err(1, "mappings");
    /* Every other page, so that none of them are joined. */
    for (long i = 0; i < count; i++)
        if (mmap(base + i * 2 * PAGE, PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0) == MAP_FAILED)
            err(1, "mapping %ld", i);
}

int main(int argc, char **argv)
{
    if (argc < 3)
        errx(2, "usage: hide thread|leader|memory NODE, or hide copies|behind NODE COUNT");
    const char *manner = argv[1];
    long count = argc > 3 ? atol(argv[3]) : 0;
    node = argv[2];

    if (!strcmp(manner, "copies")) {
        struct rlimit limit;
        getrlimit(RLIMIT_NOFILE, &limit);
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
        int fd = open_node();
        for (long i = 1; i < count; i++)
            if (dup(fd) < 0)
                err(1, "copy %ld", i);
    } else if (!strcmp(manner, "behind")) {
        map_node();
        map_others(count);
    } else if (!strcmp(manner, "leader"))
        open_node();
    else if (!strcmp(manner, "memory"))
        map_node();

    int alone = !strcmp(manner, "leader") || !strcmp(manner, "memory");
    if (alone || !strcmp(manner, "thread")) {
        pthread_t thread;
        sem_init(&holds, 0, 0);
        if (pthread_create(&thread, NULL, in_thread, alone ? NULL : argv))
            errx(1, "thread");
        sem_wait(&holds);
        ready();
        if (alone)
            pthread_exit(NULL);
    } else
        ready();
    for (;;)
        pause();
}
