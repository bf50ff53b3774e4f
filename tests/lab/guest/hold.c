/*
 * hold MANNER NODE [WORD]: a bad neighbour that keeps a graphics card (or its sound) busy.
 *   open      keeps the node open, ends on SIGTERM
 *   stubborn  keeps the node open and ignores SIGTERM, SIGINT and SIGHUP
 *   poll      opens the node once a second for a tenth of one, as monitors do
 *   map       keeps a memory mapping only: no descriptor
 *   race WORD waits until gputty is about to write (its note in /run/gputty names WORD), and opens the node in that moment
 * Writes /run/hold.PID once it holds.
 */
#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* The two requests of the DRM interface that are needed, so that no libdrm has to be installed. */
struct create_dumb { uint32_t height, width, bpp, flags, handle, pitch; uint64_t size; };
struct map_dumb { uint32_t handle, pad; uint64_t offset; };
#define CREATE_DUMB _IOWR('d', 0xb2, struct create_dumb)
#define MAP_DUMB _IOWR('d', 0xb3, struct map_dumb)

static int open_node(const char *node)
{
    int fd = open(node, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        err(1, "%s", node);
    return fd;
}

static void map_only(const char *node)
{
    int fd = open_node(node);
    struct create_dumb buffer = { .width = 64, .height = 64, .bpp = 32 };
    if (ioctl(fd, CREATE_DUMB, &buffer) < 0)
        err(1, "create a buffer on %s", node);
    struct map_dumb place = { .handle = buffer.handle };
    if (ioctl(fd, MAP_DUMB, &place) < 0)
        err(1, "find the buffer of %s", node);
    char *memory = mmap(NULL, buffer.size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)place.offset);
    if (memory == MAP_FAILED)
        err(1, "map %s", node);
    memory[0] = 1;
    close(fd);
}

static void mark_holding(void)
{
    char mark[64];
    snprintf(mark, sizeof mark, "/run/hold.%d", getpid());
    close(open(mark, O_CREAT | O_WRONLY, 0600));
}

/* The note is written before the write begins: whoever opens the card between the two comes after the last look for holders. */
static void open_at_the_worst_moment(const char *node, const char *word)
{
    mkdir("/run/gputty", 0700);
    int news = inotify_init1(IN_CLOEXEC);
    if (news < 0 || inotify_add_watch(news, "/run/gputty", IN_MOVED_TO) < 0)
        err(1, "watch /run/gputty");
    mark_holding();
    for (;;) {
        char event[4096], note[4096] = "";
        if (read(news, event, sizeof event) <= 0)
            err(1, "wait for a note");
        int fd = open("/run/gputty/write", O_RDONLY | O_CLOEXEC);
        if (fd < 0)
            continue;
        ssize_t length = read(fd, note, sizeof note - 1);
        close(fd);
        if (length > 0 && strstr(note, word)) {
            open_node(node);
            return;
        }
    }
}

int main(int argc, char **argv)
{
    int racing = argc == 4 && !strcmp(argv[1], "race");
    if (argc != 3 && !racing)
        errx(2, "usage: hold open|stubborn|poll|map NODE, or hold race NODE WORD");
    const char *manner = argv[1], *node = argv[2];
    int polling = !strcmp(manner, "poll");

    if (!strcmp(manner, "stubborn")) {
        signal(SIGTERM, SIG_IGN);
        signal(SIGINT, SIG_IGN);
        signal(SIGHUP, SIG_IGN);
    }
    if (racing)
        open_at_the_worst_moment(node, argv[3]);
    else if (!strcmp(manner, "map"))
        map_only(node);
    else if (!polling)
        open_node(node);
    mark_holding();

    for (;;) {
        if (polling) {
            /* The node goes away while the card is handed over; a monitor just tries again. */
            int fd = open(node, O_RDWR | O_CLOEXEC);
            if (fd >= 0) {
                usleep(100 * 1000);
                close(fd);
            }
        }
        sleep(1);
    }
}
