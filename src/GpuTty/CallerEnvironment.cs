using System.Collections;

namespace GpuTty;

/// <summary>
/// What the caller's environment must not hold when root acts for somebody else: variables that load code into this program or its
/// runtime. sudo(8) drops most of them unless it is told to keep them.
/// </summary>
internal static class CallerEnvironment
{
    private static readonly string[] s_begins = ["LD_", "CORECLR_", "COMPlus_", "DOTNET_STARTUP_HOOKS", "DOTNET_ADDITIONAL_DEPS", "DOTNET_SHARED_STORE", "DOTNET_ENABLE_PROFILING", "DOTNET_PROFILER"];

    /// <summary>The first such variable, where root acts for another user; null when there is none.</summary>
    public static string? Refused(IDictionary environment, bool isRoot) =>
        isRoot && environment["SUDO_UID"] is string uid && uid != "0"
            ? environment.Keys.OfType<string>().Where(name => s_begins.Any(begin => name.StartsWith(begin, StringComparison.Ordinal))).Order(StringComparer.Ordinal).FirstOrDefault()
            : null;
}
