using GpuTty.Linux.Writes;

namespace GpuTty.Tests.Linux.Writes;

public sealed class KernelErrorMessagesTests
{
    /// <summary>Case M15 of the failure matrix: a module that will not unload.</summary>
    [Theory]
    [InlineData("rmmod: ERROR: Module nvidia_drm is in use", "in use", true)]
    [InlineData("rmmod: ERROR: Module nvidia is in use by: nvidia_uvm nvidia_modeset", "in use", true)]
    [InlineData("rmmod: can't unload module 'nvidia': Resource temporarily unavailable", "in use", true)]
    [InlineData("rmmod: ERROR: Module vfio_pci is builtin.", "built into", false)]
    [InlineData(
        "rmmod: ERROR: could not remove 'x': Operation not permitted\nrmmod: ERROR: could not remove module x: Operation not permitted",
        "does not permit",
        false)]
    public void M15_refusals_to_unload_are_told_apart(string errors, string words, bool mayWorkLater)
    {
        var refused = KernelErrors.OfUnloading("nvidia", errors);
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        Assert.Equal(mayWorkLater, refused.IsTransient);
    }

    [Theory]
    [InlineData("modprobe: FATAL: Module vfio-pci not found in directory /lib/modules/6.1.0", "has no module")]
    [InlineData("modprobe: ERROR: could not insert 'nvidia': No such device", "found no device")]
    [InlineData("modprobe: ERROR: could not insert 'nvidia': Key was rejected by service", "signature")]
    [InlineData("modprobe: ERROR: could not insert 'nvidia': Operation not permitted", "does not permit")]
    [InlineData("modprobe: ERROR: could not insert 'nvidia': Exec format error", "does not fit")]
    [InlineData("modprobe: something new\u001b[2J", "something new\\x1b[2J")]
    public void Refusals_to_load_are_told_apart(string errors, string words) =>
        Assert.Contains(words, KernelErrors.OfLoading("nvidia", errors).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("/sys/bus/pci/drivers/nvidia/unbind", "No such device", "not bound to nvidia", false)]
    [InlineData("/sys/bus/pci/drivers_probe", "No such device", "no device 0000:01:00.0", false)]
    [InlineData("/sys/bus/pci/drivers_probe", "Invalid argument", "could not enable", false)]
    [InlineData("/sys/bus/pci/devices/0000:01:00.0/driver_override", "Device or resource busy", "in use", true)]
    [InlineData("/sys/bus/pci/devices/0000:01:00.0/driver_override", "Permission denied", "does not permit", false)]
    [InlineData("/sys/bus/pci/drivers/x/bind", "Resource temporarily unavailable", "again later", true)]
    public void Refused_writes_are_told_apart(string path, string error, string words, bool mayWorkLater)
    {
        foreach (var text in (string[])[$"tee: {path}: {error}", $"tee: '{path}': {error} (os error 16)"])
        {
            var refused = KernelErrors.OfFile(path, "0000:01:00.0", text);
            Assert.Contains(words, refused.Message, StringComparison.Ordinal);
            Assert.Equal(mayWorkLater, refused.IsTransient);
        }
    }
}
