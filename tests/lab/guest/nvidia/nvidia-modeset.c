// SPDX-License-Identifier: MIT
/* The middle of the stack: /dev/nvidia-modeset, and what nvidia-drm needs of nvidia. */
#include <linux/cdev.h>
#include <linux/module.h>
#include "nvidia.h"

static const struct file_operations modeset_fops = { .owner = THIS_MODULE };
static struct cdev node;

void nvkms_set_display(const struct nv_display *display)
{
	nvidia_set_display(display);
}
EXPORT_SYMBOL_GPL(nvkms_set_display);

int nvkms_get_gpu(struct pci_dev *pdev)
{
	return nvidia_get_gpu(pdev);
}
EXPORT_SYMBOL_GPL(nvkms_get_gpu);

void nvkms_put_gpu(struct pci_dev *pdev)
{
	nvidia_put_gpu(pdev);
}
EXPORT_SYMBOL_GPL(nvkms_put_gpu);

static int __init modeset_init(void)
{
	int ret = register_chrdev_region(MKDEV(NV_MAJOR, NV_MODESET_MINOR), 1, "nvidia-modeset");

	if (ret)
		return ret;
	cdev_init(&node, &modeset_fops);
	node.owner = THIS_MODULE;
	ret = cdev_add(&node, MKDEV(NV_MAJOR, NV_MODESET_MINOR), 1);
	if (ret)
		unregister_chrdev_region(MKDEV(NV_MAJOR, NV_MODESET_MINOR), 1);
	return ret;
}

static void __exit modeset_exit(void)
{
	cdev_del(&node);
	unregister_chrdev_region(MKDEV(NV_MAJOR, NV_MODESET_MINOR), 1);
}

module_init(modeset_init);
module_exit(modeset_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("Lab stand-in for NVIDIA's modesetting module");
