/* type: tries to put a key into its terminal (standard input) in the ways there are, and says how each ended: errno, 0 where it went through. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

static int result(long answer)
{
    return answer < 0 ? errno : 0;
}

int main(void)
{
    char key = 'x', paste = 3;
    struct termios mode;
    int typed = result(ioctl(STDIN_FILENO, TIOCSTI, &key));
    /* The kernel takes the lower half of the number (fs/ioctl.c). */
    int wide = result(syscall(SYS_ioctl, STDIN_FILENO, 0x100000000UL | TIOCSTI, &key));
    int pasted = result(ioctl(STDIN_FILENO, TIOCLINUX, &paste));
    int asked = result(ioctl(STDIN_FILENO, TCGETS, &mode));
    printf("%d %d %d %d\n", typed, wide, pasted, asked);
    return 0;
}
