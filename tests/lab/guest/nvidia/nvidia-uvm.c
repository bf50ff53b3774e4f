// SPDX-License-Identifier: MIT
/* Beside the display: /dev/nvidia-uvm, which programs that only compute keep open. It pins its module, and through that nvidia. */
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/module.h>
#include "nvidia.h"

static const struct file_operations uvm_fops = { .owner = THIS_MODULE };
static struct class *uvm_class;
static struct cdev node;
static dev_t number;

static int __init uvm_init(void)
{
	int ret = nvidia_get_rm_ops() ?: alloc_chrdev_region(&number, 0, 1, "nvidia-uvm");

	if (ret)
		return ret;
	cdev_init(&node, &uvm_fops);
	node.owner = THIS_MODULE;
	ret = cdev_add(&node, number, 1);
	if (ret)
		goto no_node;
	uvm_class = class_create(THIS_MODULE, "nvidia-uvm");
	if (IS_ERR(uvm_class)) {
		ret = PTR_ERR(uvm_class);
		goto no_class;
	}
	device_create(uvm_class, NULL, number, NULL, "nvidia-uvm");
	return 0;
no_class:
	cdev_del(&node);
no_node:
	unregister_chrdev_region(number, 1);
	return ret;
}

static void __exit uvm_exit(void)
{
	device_destroy(uvm_class, number);
	class_destroy(uvm_class);
	cdev_del(&node);
	unregister_chrdev_region(number, 1);
}

module_init(uvm_init);
module_exit(uvm_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("Lab stand-in for NVIDIA's compute module");
