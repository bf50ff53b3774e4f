/* SPDX-License-Identifier: MIT */
/* What the modules of this stack know of each other. */
#ifndef LAB_NVIDIA_H
#define LAB_NVIDIA_H

#include <linux/pci.h>

#define NV_MAJOR 195
#define NV_CONTROL_MINOR 255
#define NV_MODESET_MINOR 254

/* How nvidia-drm hears of cards, through nvidia-modeset. Both are called without locks of the caller's. */
struct nv_display {
	void (*add)(struct pci_dev *pdev);
	void (*remove)(struct pci_dev *pdev);
};

/* nvidia.ko */
void nvidia_set_display(const struct nv_display *display);
int nvidia_get_gpu(struct pci_dev *pdev);
void nvidia_put_gpu(struct pci_dev *pdev);
int nvidia_get_rm_ops(void);

/* nvidia-modeset.ko */
void nvkms_set_display(const struct nv_display *display);
int nvkms_get_gpu(struct pci_dev *pdev);
void nvkms_put_gpu(struct pci_dev *pdev);

#endif
