// SPDX-License-Identifier: MIT
/*
 * A driver that treats the lab's card as NVIDIA's treats a real one: same names, same nodes, same refusals, and the same wait
 * without an end. Written from what the maker's open modules and their users' reports show; none of their code is in it.
 *
 *   - An open /dev/nvidiaN counts for its card and for the module, an open /dev/nvidiactl for the module alone.
 *   - Unloading a module in use fails at once. Unbinding a card in use does not: remove() first takes the card from its list, where
 *     the release of a node no longer finds it, and then waits for a count that nobody can lower any more.
 */
#include <linux/cdev.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include "nvidia.h"

static bool warn_at_remove;
module_param(warn_at_remove, bool, 0644);
MODULE_PARM_DESC(warn_at_remove, "print a WARNING while a card is removed");

static bool oops_at_remove;
module_param(oops_at_remove, bool, 0644);
MODULE_PARM_DESC(oops_at_remove, "a thread of the driver dies (oops) while a card is removed; the removal itself goes on");

static bool busy_at_remove;
module_param(busy_at_remove, bool, 0644);
MODULE_PARM_DESC(busy_at_remove, "the driver itself counts as a user of a card that is removed");

struct nv_gpu {
	struct list_head list;
	struct pci_dev *pdev;
	unsigned int minor;
	atomic_t users;
	wait_queue_head_t idle;
	struct proc_dir_entry *proc;
};

static LIST_HEAD(gpus);
static DEFINE_MUTEX(gpus_lock);
static const struct nv_display *display;
static DEFINE_MUTEX(display_lock);
static struct proc_dir_entry *proc_root, *proc_gpus;
static struct cdev cards, control;

static struct nv_gpu *find_minor(unsigned int minor)
{
	struct nv_gpu *gpu;

	list_for_each_entry(gpu, &gpus, list)
		if (gpu->minor == minor)
			return gpu;
	return NULL;
}

static struct nv_gpu *find_device(struct pci_dev *pdev)
{
	struct nv_gpu *gpu;

	list_for_each_entry(gpu, &gpus, list)
		if (gpu->pdev == pdev)
			return gpu;
	return NULL;
}

static int nvidia_open(struct inode *inode, struct file *file)
{
	struct nv_gpu *gpu;
	int ret = 0;

	file->private_data = NULL;
	if (iminor(inode) == NV_CONTROL_MINOR)
		return 0;
	mutex_lock(&gpus_lock);
	gpu = find_minor(iminor(inode));
	if (gpu) {
		atomic_inc(&gpu->users);
		file->private_data = gpu->pdev;
	} else {
		ret = -ENODEV;
	}
	mutex_unlock(&gpus_lock);
	return ret;
}

static int nvidia_close(struct inode *inode, struct file *file)
{
	if (file->private_data)
		nvidia_put_gpu(file->private_data);
	return 0;
}

static const struct file_operations nvidia_fops = {
	.owner = THIS_MODULE,
	.open = nvidia_open,
	.release = nvidia_close,
};

int nvidia_get_gpu(struct pci_dev *pdev)
{
	struct nv_gpu *gpu;

	mutex_lock(&gpus_lock);
	gpu = find_device(pdev);
	if (gpu)
		atomic_inc(&gpu->users);
	mutex_unlock(&gpus_lock);
	return gpu ? 0 : -ENODEV;
}
EXPORT_SYMBOL_GPL(nvidia_get_gpu);

/* A card that is being removed is not found any more, and keeps its count. */
void nvidia_put_gpu(struct pci_dev *pdev)
{
	struct nv_gpu *gpu;

	mutex_lock(&gpus_lock);
	gpu = find_device(pdev);
	if (gpu && atomic_dec_and_test(&gpu->users))
		wake_up_all(&gpu->idle);
	mutex_unlock(&gpus_lock);
}
EXPORT_SYMBOL_GPL(nvidia_put_gpu);

int nvidia_get_rm_ops(void)
{
	return 0;
}
EXPORT_SYMBOL_GPL(nvidia_get_rm_ops);

/* Tells a new display of the cards that are there, and the old one, with NULL, that they are gone. */
void nvidia_set_display(const struct nv_display *now)
{
	struct nv_gpu *gpu;

	mutex_lock(&display_lock);
	list_for_each_entry(gpu, &gpus, list) {
		if (now)
			now->add(gpu->pdev);
		else if (display)
			display->remove(gpu->pdev);
	}
	display = now;
	mutex_unlock(&display_lock);
}
EXPORT_SYMBOL_GPL(nvidia_set_display);

static int information_show(struct seq_file *out, void *unused)
{
	struct nv_gpu *gpu = out->private;

	seq_printf(out, "Model: \t\t NVIDIA Lab Card\nBus Location: \t %s\nDevice Minor: \t %u\n", pci_name(gpu->pdev), gpu->minor);
	return 0;
}

static void remove_proc(struct nv_gpu *gpu)
{
	proc_remove(gpu->proc);
	gpu->proc = NULL;
}

static int nv_pci_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct nv_gpu *gpu = kzalloc(sizeof(*gpu), GFP_KERNEL);
	int ret;

	if (!gpu)
		return -ENOMEM;
	ret = pci_enable_device(pdev);
	if (ret) {
		kfree(gpu);
		return ret;
	}
	gpu->pdev = pdev;
	init_waitqueue_head(&gpu->idle);
	gpu->proc = proc_mkdir(pci_name(pdev), proc_gpus);
	if (gpu->proc)
		proc_create_single_data("information", 0444, gpu->proc, information_show, gpu);
	pci_set_drvdata(pdev, gpu);

	mutex_lock(&display_lock);
	mutex_lock(&gpus_lock);
	while (find_minor(gpu->minor))
		gpu->minor++;
	list_add_tail(&gpu->list, &gpus);
	mutex_unlock(&gpus_lock);
	if (display)
		display->add(pdev);
	mutex_unlock(&display_lock);
	return 0;
}

/* Dies with no lock held, so that the rest of the kernel can go on, as far as a kernel can after that. */
static int die(void *unused)
{
	BUG();
	return 0;
}

static void oops(void)
{
	struct task_struct *thread = kthread_create(die, NULL, "nv_oops");

	if (IS_ERR(thread))
		return;
	get_task_struct(thread);
	wake_up_process(thread);
	while (!READ_ONCE(thread->exit_state))
		msleep(10);
	put_task_struct(thread);
}

static void nv_pci_remove(struct pci_dev *pdev)
{
	struct nv_gpu *gpu = pci_get_drvdata(pdev);

	mutex_lock(&display_lock);
	if (display)
		display->remove(pdev);
	mutex_lock(&gpus_lock);
	list_del(&gpu->list);
	mutex_unlock(&gpus_lock);
	mutex_unlock(&display_lock);

	WARN(warn_at_remove, "NVRM: a warning on request\n");
	if (oops_at_remove)
		oops();
	if (busy_at_remove)
		atomic_inc(&gpu->users);
	while (atomic_read(&gpu->users) != 0) {
		pr_err("NVRM: Attempting to remove device %s with non-zero usage count!\n", pci_name(pdev));
		wait_event_timeout(gpu->idle, atomic_read(&gpu->users) == 0, 5 * HZ);
	}
	remove_proc(gpu);
	pci_disable_device(pdev);
	kfree(gpu);
}

static const struct pci_device_id nv_pci_table[] = {
	{ PCI_DEVICE(0x1234, 0x1111) },
	{ }
};
MODULE_DEVICE_TABLE(pci, nv_pci_table);

static struct pci_driver nv_pci_driver = {
	.name = "nvidia",
	.id_table = nv_pci_table,
	.probe = nv_pci_probe,
	.remove = nv_pci_remove,
};

static int register_nodes(void)
{
	int ret = register_chrdev_region(MKDEV(NV_MAJOR, 0), NV_MODESET_MINOR, "nvidia");

	if (ret)
		return ret;
	ret = register_chrdev_region(MKDEV(NV_MAJOR, NV_CONTROL_MINOR), 1, "nvidiactl");
	if (ret)
		goto no_control;
	cdev_init(&cards, &nvidia_fops);
	cards.owner = THIS_MODULE;
	cdev_init(&control, &nvidia_fops);
	control.owner = THIS_MODULE;
	ret = cdev_add(&cards, MKDEV(NV_MAJOR, 0), NV_MODESET_MINOR);
	if (ret)
		goto no_cards;
	ret = cdev_add(&control, MKDEV(NV_MAJOR, NV_CONTROL_MINOR), 1);
	if (!ret)
		return 0;
	cdev_del(&cards);
no_cards:
	unregister_chrdev_region(MKDEV(NV_MAJOR, NV_CONTROL_MINOR), 1);
no_control:
	unregister_chrdev_region(MKDEV(NV_MAJOR, 0), NV_MODESET_MINOR);
	return ret;
}

static void unregister_nodes(void)
{
	cdev_del(&control);
	cdev_del(&cards);
	unregister_chrdev_region(MKDEV(NV_MAJOR, NV_CONTROL_MINOR), 1);
	unregister_chrdev_region(MKDEV(NV_MAJOR, 0), NV_MODESET_MINOR);
}

static void unregister_all(void)
{
	pci_unregister_driver(&nv_pci_driver);
	unregister_nodes();
	proc_remove(proc_root);
}

static int __init nvidia_init(void)
{
	int ret;

	proc_root = proc_mkdir("driver/nvidia", NULL);
	proc_gpus = proc_mkdir("gpus", proc_root);
	ret = register_nodes();
	if (ret) {
		proc_remove(proc_root);
		return ret;
	}
	ret = pci_register_driver(&nv_pci_driver);
	if (ret) {
		unregister_nodes();
		proc_remove(proc_root);
		return ret;
	}
	if (!list_empty(&gpus))
		return 0;
	pr_err("NVRM: No NVIDIA devices probed.\n");
	unregister_all();
	return -ENODEV;
}

static void __exit nvidia_exit(void)
{
	unregister_all();
}

module_init(nvidia_init);
module_exit(nvidia_exit);
MODULE_LICENSE("Dual MIT/GPL");
/* The first version that tells nvidia-drm to close a card which is removed. */
MODULE_VERSION("580.105.08");
MODULE_DESCRIPTION("Lab stand-in for NVIDIA's kernel module");
/* As the maker's: whoever opens a left-over node has the module loaded again. */
MODULE_ALIAS("char-major-195-*");
