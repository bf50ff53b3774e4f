using System.Diagnostics;
using GpuTty.Tests.Linux.Commands;

namespace GpuTty.Tests.Linux.Systemd.Bus;

/// <summary>
/// The installed systemd as the service manager of a user who need not exist: in a mount namespace whose /run says that systemd runs
/// the machine, with its socket in the tree and a control group of its own. What is asked of it is answered as on a real machine.
/// </summary>
internal sealed class RealManager : IDisposable
{
    public const int User = 4242;
    private static readonly string[] s_groups = ((string[])["/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified", "/sys/fs/cgroup"])
        .Where(folder => File.Exists($"{folder}/cgroup.procs"))
        .ToArray();
    private readonly Process _process;
    private readonly string _group = $"gputty-test-{Environment.ProcessId}";

    public RealManager(MachineTree tree)
    {
        tree.Folder($"run/user/{User}");
        File.SetUnixFileMode(tree.Path, (UnixFileMode)0x1ed);
        Tool.Run("chown", $"{User}:{User}", tree.At($"run/user/{User}"));
        var groups = string.Join(
            '\n',
            s_groups.Select(folder =>
                $"mkdir -p {folder}/{_group} && chown -R {User}:{User} {folder}/{_group} && echo $$ >{folder}/{_group}/cgroup.procs"));
        var script = $"""
            set -e
            mount --make-rprivate /
            mount -t tmpfs none /run
            mkdir -p /run/systemd/system
            {groups}
            exec setpriv --reuid {User} --regid {User} --clear-groups --inh-caps=-all env -i PATH=/usr/bin:/bin HOME=/ \
                XDG_RUNTIME_DIR={tree.At($"run/user/{User}")} SYSTEMD_LOG_TARGET=console {Program} --user --unit=basic.target
            """;
        _process = Process.Start(new ProcessStartInfo("unshare", ["--mount", "--fork", "--kill-child", "sh", "-c", script])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        Said = _process.StandardError.ReadToEndAsync();
        Tool.UntilAsync(
            () => _process.HasExited || MessageBus.IsListening(tree.At($"run/user/{User}/systemd/private")),
            "the manager listens")
            .GetAwaiter()
            .GetResult();
        Assert.False(_process.HasExited, _process.HasExited ? Said.Result : "");
    }

    /// <summary>What it says to the console, whole when it has ended.</summary>
    public Task<string> Said { get; }

    public static string Program => ((string[])["/usr/lib/systemd/systemd", "/lib/systemd/systemd"]).FirstOrDefault(File.Exists) ?? "";

    /// <summary>Of the manager and of what it has started: of each the number.</summary>
    public string[] Processes() =>
    [
        .. Directory.EnumerateFiles($"{s_groups[0]}/{_group}", "cgroup.procs", SearchOption.AllDirectories)
            .SelectMany(File.ReadAllLines)
            .Order(),
    ];

    /// <summary>Why it cannot be run here; null where it can.</summary>
    public static string? WhyNot { get; } =
        !Environment.IsPrivilegedProcess ? "needs root"
        : Program.Length == 0 ? "systemd is not installed."
        : CanMakeGroups() ? null : "control groups cannot be made here.";

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        // The manager outlives that one, and as long as it lives it makes and removes groups.
        Tool.UntilAsync(HasEnded, "the manager and what it has started have ended").GetAwaiter().GetResult();
        foreach (var folder in s_groups) RemoveGroups($"{folder}/{_group}");
    }

    private static bool CanMakeGroups()
    {
        try
        {
            foreach (var folder in s_groups)
            {
                var trial = $"{folder}/gputty-trial-{Environment.ProcessId}";
                Directory.CreateDirectory(trial);
                Directory.Delete(trial);
            }
            return s_groups.Length > 0;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Kills whatever is left.</summary>
    private bool HasEnded()
    {
        try
        {
            var left = Processes();
            foreach (var pid in left)
            {
                using var process = GpuTty.Interop.Native.OpenProcess(int.Parse(pid));
                if (process is not null) GpuTty.Interop.Native.Signal(process, 9);
            }
            return left.Length == 0;
        }
        catch (IOException)
        {
            // A group was removed while it was looked into.
            return false;
        }
    }

    private static void RemoveGroups(string folder)
    {
        if (!Directory.Exists(folder)) return;
        foreach (var below in Directory.GetDirectories(folder)) RemoveGroups(below);
        Tool.Run("rmdir", folder);
    }
}

/// <summary>A test that needs root and an installed systemd.</summary>
internal sealed class RealManagerFactAttribute : FactAttribute
{
    public RealManagerFactAttribute() => Skip = RealManager.WhyNot;
}
