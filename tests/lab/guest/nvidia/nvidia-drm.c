// SPDX-License-Identifier: MIT
/* The top of the stack: with modeset=1 every card has a DRM node that a desktop opens. It shows nothing: who looks at the lab's card? */
#include <linux/module.h>
#include <drm/drm_atomic_helper.h>
#include <drm/drm_connector.h>
#include <drm/drm_drv.h>
#include <drm/drm_edid.h>
#include <drm/drm_fourcc.h>
#include <drm/drm_gem_framebuffer_helper.h>
#include <drm/drm_gem_shmem_helper.h>
#include <drm/drm_managed.h>
#include <drm/drm_modeset_helper_vtables.h>
#include <drm/drm_probe_helper.h>
#include <drm/drm_simple_kms_helper.h>
#include "nvidia.h"

static bool modeset;
module_param(modeset, bool, 0400);
MODULE_PARM_DESC(modeset, "enable atomic kernel modesetting (1 = enable, 0 = disable (default))");

struct nv_drm {
	struct list_head list;
	struct pci_dev *pdev;
	struct drm_device *drm;
	struct drm_simple_display_pipe pipe;
	struct drm_connector connector;
};

static LIST_HEAD(devices);
static const u32 formats[] = { DRM_FORMAT_XRGB8888 };

static int nv_drm_open(struct drm_device *drm, struct drm_file *file)
{
	return nvkms_get_gpu(to_pci_dev(drm->dev));
}

static void nv_drm_postclose(struct drm_device *drm, struct drm_file *file)
{
	nvkms_put_gpu(to_pci_dev(drm->dev));
}

DEFINE_DRM_GEM_FOPS(nv_drm_fops);

static const struct drm_driver nv_drm_driver = {
	.name = "nvidia-drm",
	.desc = "NVIDIA DRM driver of the lab",
	.date = "20160202",
	.driver_features = DRIVER_GEM | DRIVER_MODESET | DRIVER_ATOMIC,
	.fops = &nv_drm_fops,
	.open = nv_drm_open,
	.postclose = nv_drm_postclose,
	DRM_GEM_SHMEM_DRIVER_OPS,
};

static const struct drm_mode_config_funcs mode_config_funcs = {
	.fb_create = drm_gem_fb_create,
	.atomic_check = drm_atomic_helper_check,
	.atomic_commit = drm_atomic_helper_commit,
};

static int get_modes(struct drm_connector *connector)
{
	int count = drm_add_modes_noedid(connector, 1280, 800);

	drm_set_preferred_mode(connector, 1024, 768);
	return count;
}

static const struct drm_connector_helper_funcs connector_helpers = { .get_modes = get_modes };

static const struct drm_connector_funcs connector_funcs = {
	.fill_modes = drm_helper_probe_single_connector_modes,
	.destroy = drm_connector_cleanup,
	.reset = drm_atomic_helper_connector_reset,
	.atomic_duplicate_state = drm_atomic_helper_connector_duplicate_state,
	.atomic_destroy_state = drm_atomic_helper_connector_destroy_state,
};

static const struct drm_simple_display_pipe_funcs pipe_funcs = { };

static int set_up(struct nv_drm *nv)
{
	int ret = drmm_mode_config_init(nv->drm);

	if (ret)
		return ret;
	nv->drm->mode_config.max_width = nv->drm->mode_config.max_height = 4096;
	nv->drm->mode_config.funcs = &mode_config_funcs;
	drm_connector_helper_add(&nv->connector, &connector_helpers);
	ret = drm_connector_init(nv->drm, &nv->connector, &connector_funcs, DRM_MODE_CONNECTOR_VIRTUAL);
	if (ret)
		return ret;
	ret = drm_simple_display_pipe_init(nv->drm, &nv->pipe, &pipe_funcs, formats, ARRAY_SIZE(formats), NULL, &nv->connector);
	if (ret)
		return ret;
	drm_mode_config_reset(nv->drm);
	return drm_dev_register(nv->drm, 0);
}

/* nvidia calls both of these one at a time. */
static void add(struct pci_dev *pdev)
{
	struct drm_device *drm = drm_dev_alloc(&nv_drm_driver, &pdev->dev);
	struct nv_drm *nv;

	if (IS_ERR(drm))
		return;
	nv = drmm_kzalloc(drm, sizeof(*nv), GFP_KERNEL);
	if (nv) {
		nv->pdev = pdev;
		nv->drm = drm;
		if (!set_up(nv)) {
			list_add(&nv->list, &devices);
			return;
		}
	}
	drm_dev_put(drm);
}

static void remove(struct pci_dev *pdev)
{
	struct nv_drm *nv, *next;

	list_for_each_entry_safe(nv, next, &devices, list) {
		if (nv->pdev != pdev)
			continue;
		list_del(&nv->list);
		drm_dev_unplug(nv->drm);
		drm_atomic_helper_shutdown(nv->drm);
		drm_dev_put(nv->drm);
	}
}

static const struct nv_display display = { .add = add, .remove = remove };

static int __init nv_drm_init(void)
{
	if (modeset)
		nvkms_set_display(&display);
	return 0;
}

static void __exit nv_drm_exit(void)
{
	if (modeset)
		nvkms_set_display(NULL);
}

module_init(nv_drm_init);
module_exit(nv_drm_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("Lab stand-in for NVIDIA's DRM module");
