/* vfio-viable GROUP: exit status 0 if the kernel would give this IOMMU group to a virtual machine. */
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <sys/ioctl.h>

int main(int argc, char **argv)
{
    char path[64];
    struct vfio_group_status status = { .argsz = sizeof status };

    snprintf(path, sizeof path, "/dev/vfio/%s", argc > 1 ? argv[1] : "");
    int group = open(path, O_RDWR);
    if (group < 0 || ioctl(group, VFIO_GROUP_GET_STATUS, &status) < 0) {
        perror(path);
        return 2;
    }
    puts(status.flags & VFIO_GROUP_FLAGS_VIABLE ? "viable" : "not viable");
    return status.flags & VFIO_GROUP_FLAGS_VIABLE ? 0 : 1;
}
