using GpuTty.Host;
using GpuTty.Text;

namespace GpuTty.Linux.Writes;

/// <summary>What the kernel means by an error, in words (drivers/base/bus.c, drivers/base/dd.c, kernel/module/main.c).</summary>
internal static class KernelErrors
{
    private enum Cause { Other, NoDevice, Busy, Invalid, NotPermitted, Missing, Later, NoMemory }

    public static HostException OfFile(string path, string text, string errors)
    {
        var cause = CauseOf(errors);
        var parts = path.Split('/');
        var file = parts[^1];
        var (message, remedy) = (file, cause) switch
        {
            ("unbind", Cause.NoDevice) => ($"{text} is not bound to {parts[^2]}.", "Look again: it has been unbound or has gone."),
            ("drivers_probe", Cause.NoDevice) => ($"There is no device {text} any more.", "Look again: it has been removed."),
            ("drivers_probe", Cause.Invalid) => ($"The kernel could not enable {text}.", "See the kernel log for the driver's message."),
            ("driver_override", Cause.Invalid) =>
                ($"The kernel does not accept '{text}' as a driver name.", "Check the name of the driver."),
            (_, Cause.Busy) => ($"{path}: the device is in use.", "Close what uses the card, then try again."),
            (_, Cause.Later) => ($"{path}: the kernel asks to try again later.", "Try again in a moment."),
            (_, Cause.NotPermitted) =>
                (
                    $"The kernel or the driver does not permit the write to {path}.",
                    "Run as root, and see the kernel log: drivers can return this error as well."),
            (_, Cause.Missing or Cause.NoDevice) => ($"{path} is gone.", "Look again: the device or its driver has been removed."),
            (_, Cause.NoMemory) => ($"The kernel has no memory for the write to {path}.", "Close programs, then try again."),
            _ => ($"The write to {path} was refused: {Last(errors)}.", "See the kernel log."),
        };
        return new HostException(message, remedy) { IsTransient = cause is Cause.Busy or Cause.Later };
    }

    public static HostException OfLoading(string name, string errors) => errors switch
    {
        _ when Has(errors, "not found in directory") =>
            new($"This kernel has no module {name}.", "Install the package that has it, for the running kernel."),
        _ when Has(errors, "no such device") =>
            new($"Module {name} found no device that it can drive.", "See the kernel log; the card may have fallen off the bus."),
        _ when Has(errors, "key was rejected") =>
            new($"The kernel does not accept the signature of module {name}.", "Sign the module, or switch Secure Boot off."),
        _ when Has(errors, "operation not permitted") =>
            new(
                $"The kernel does not permit module {name} to be loaded.",
                "Check whether modules are locked (kernel.modules_disabled, lockdown)."),
        _ when Has(errors, "invalid argument", "exec format error", "unknown symbol") =>
            new($"Module {name} does not fit the running kernel.", "Reboot, if the kernel or the driver has been updated."),
        _ => new($"Module {name} could not be loaded: {Last(errors)}.", "See the kernel log."),
    };

    public static HostException OfUnloading(string name, string errors) => errors switch
    {
        _ when Has(errors, "is in use", "temporarily unavailable", "would block") =>
            new($"Module {name} is in use.", "Close what uses it; the holders panel names them.") { IsTransient = true },
        _ when Has(errors, "busy") =>
            new($"Module {name} is being loaded or unloaded by another program.", "Try again in a moment.") { IsTransient = true },
        _ when Has(errors, "builtin") => new($"{name} is built into this kernel and cannot be unloaded.", "Unbind its device instead."),
        _ when Has(errors, "operation not permitted") =>
            new($"The kernel does not permit module {name} to be unloaded.", "Check whether modules are locked (kernel.modules_disabled)."),
        _ => new($"Module {name} could not be unloaded: {Last(errors)}.", "See the kernel log."),
    };

    /// <summary>rmmod's words for "nothing to do".</summary>
    public static bool MeansNotLoaded(string errors) => Has(errors, "not currently loaded", "does not exist in /proc/modules");

    private static Cause CauseOf(string errors) => errors switch
    {
        _ when Has(errors, "no such device") => Cause.NoDevice,
        _ when Has(errors, "busy") => Cause.Busy,
        _ when Has(errors, "invalid argument") => Cause.Invalid,
        _ when Has(errors, "not permitted", "permission denied") => Cause.NotPermitted,
        _ when Has(errors, "no such file") => Cause.Missing,
        _ when Has(errors, "temporarily unavailable") => Cause.Later,
        _ when Has(errors, "memory") => Cause.NoMemory,
        _ => Cause.Other,
    };

    private static bool Has(string text, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
            if (text.Contains(word, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    private static string Last(string errors) =>
        Visible.Text(errors.Trim().Split('\n')[^1].Trim().TrimEnd('.'), 200) is { Length: > 0 } last ? last : "no reason given";
}
