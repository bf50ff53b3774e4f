/*
 * look NUMBER: what the text console shows, in two lines of hexadecimal digits: rows, columns and cursor as vcsa(4) has them, and the
 * text in UTF-32. One small program instead of three: a test looks often, and an emulated machine starts programs slowly.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static unsigned char bytes[1 << 18];

static void show(const char *kind, const char *number, size_t limit)
{
    char path[64];
    snprintf(path, sizeof path, "/dev/%s%s", kind, number);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) err(1, "%s", path);
    size_t size = 0;
    for (ssize_t got; size < limit && (got = read(fd, bytes + size, limit - size)) > 0; size += (size_t)got) continue;
    close(fd);
    for (size_t at = 0; at < size; at++) printf("%02x", bytes[at]);
    putchar('\n');
}

int main(int count, char **words)
{
    if (count != 2) errx(2, "look NUMBER");
    show("vcsa", words[1], 4);
    show("vcsu", words[1], sizeof bytes);
    return 0;
}
