using System.Collections;

namespace GpuTty;

/// <summary>
/// What the caller's environment must not hold when root acts for somebody else: variables that load code into this program, or steer its
/// runtime, which can also write files where it is told to (dumps, traces). sudo(8), pkexec(1) and doas(1) drop them unless they are told
/// to keep them. The loader and the runtime have read them by the time anybody can look here: this keeps a mistake from going on, no more.
/// </summary>
internal static class CallerEnvironment
{
    // The runtime takes some of them in any case (clrconfignative).
    private static readonly string[] s_begins = ["LD_", "DOTNET_", "COMPlus_", "CORECLR_", "CORE_", "COREHOST_"];

    /// <summary>
    /// Common on machines with an SDK, and without effect on an installed gputty: read by the SDK's
    /// own commands, or by the parts of a shared runtime that a native program does not have.
    /// </summary>
    private static readonly HashSet<string> s_harmless = new(StringComparer.OrdinalIgnoreCase)
    {
        "DOTNET_ROOT", "DOTNET_ROOT_X64", "DOTNET_ROOT_ARM64", "DOTNET_CLI_TELEMETRY_OPTOUT", "DOTNET_NOLOGO",
        "DOTNET_SKIP_FIRST_TIME_EXPERIENCE", "DOTNET_EnableDiagnostics",
    };

    /// <summary>The first such variable, where root acts for another user; null when there is none.</summary>
    public static string? Refused(IDictionary environment, bool isRoot) =>
        isRoot && IsForSomebodyElse(environment)
            ? environment.Keys
                .OfType<string>()
                .Where(name =>
                    s_begins.Any(begin => name.StartsWith(begin, StringComparison.OrdinalIgnoreCase)) && !s_harmless.Contains(name))
                .Order(StringComparer.Ordinal)
                .FirstOrDefault()
            : null;

    /// <summary>Who called: sudo(8) and run0(1), pkexec(1), doas(1).</summary>
    private static bool IsForSomebodyElse(IDictionary environment) =>
        (environment["SUDO_UID"] is string sudo && sudo != "0")
        || (environment["PKEXEC_UID"] is string pkexec && pkexec != "0")
        || (environment["DOAS_USER"] is string doas && doas != "root");
}
