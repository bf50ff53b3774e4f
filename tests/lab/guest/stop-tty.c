/* stop-tty TERMINAL stop|go: as Ctrl+S and Ctrl+Q typed there: whoever writes to a stopped terminal waits (tcflow(3)). */
#include <err.h>
#include <fcntl.h>
#include <string.h>
#include <termios.h>

int main(int argc, char **argv)
{
    if (argc != 3)
        errx(2, "usage: stop-tty TERMINAL stop|go");
    int terminal = open(argv[1], O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (terminal < 0 || tcflow(terminal, strcmp(argv[2], "stop") ? TCOON : TCOOFF) < 0)
        err(1, "%s", argv[1]);
    return 0;
}
