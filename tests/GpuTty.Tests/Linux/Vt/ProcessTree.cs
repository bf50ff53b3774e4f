using System.Globalization;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Linux.Processes;

namespace GpuTty.Tests.Linux.Vt;

/// <summary>Processes and their terminals as /proc shows them.</summary>
internal sealed class ProcessTree : IDisposable
{
    private readonly MachineTree _tree = new();

    /// <summary>The consoles that a display server draws.</summary>
    public HashSet<int> Graphical { get; } = [];
    public List<LoginSession> Sessions { get; } = [];
    public List<Unknown> Unknowns { get; } = [];

    /// <param name="terminal">The controlling one: <c>tty3</c>, <c>pts/0</c>; null where there is none.</param>
    /// <param name="master">The number of the pseudo-terminal whose master it has open.</param>
    /// <param name="opens">More of its open files.</param>
    public ProcessTree Process(
        int pid,
        int parent,
        string name,
        string? terminal,
        string group = "/",
        int? master = null,
        string[]? opens = null,
        string environment = "",
        bool isHidden = false)
    {
        var packed = terminal is null
            ? 0
            : terminal.StartsWith("tty", StringComparison.Ordinal) ? (4 << 8) | Number(terminal[3..]) : (136 << 8) | Number(terminal[4..]);
        _tree.File(
            $"proc/{pid}/stat",
            $"{pid} ({name}) S {parent} {pid} {pid} {packed} {pid} 4194560 0 0 0 0 0 0 0 0 20 0 1 0 1000 1 1 1\n");
        _tree.File($"proc/{pid}/cgroup", $"0::{group}\n").File($"proc/{pid}/environ", environment);
        if (isHidden)
        {
            // A folder that cannot be listed, whoever asks.
            _tree.LinkText($"proc/{pid}/fd", "fd");
            return this;
        }
        List<string> files = [.. Enumerable.Repeat(terminal is null ? "/dev/null" : $"/dev/{terminal}", 3), .. opens ?? []];
        for (var file = 0; file < files.Count; file++) _tree.LinkText($"proc/{pid}/fd/{file}", files[file]);
        if (master is { } index)
            _tree
                .LinkText($"proc/{pid}/fd/{files.Count}", "/dev/ptmx")
                .File($"proc/{pid}/fdinfo/{files.Count}", $"pos:\t0\nflags:\t02100002\nmnt_id:\t24\nino:\t91\ntty-index:\t{index}\n");
        return this;
    }

    /// <summary>A container's processes count their own pseudo-terminals.</summary>
    public ProcessTree In(int pid, string space)
    {
        _tree.LinkText($"proc/{pid}/ns/pid", $"pid:[{space}]");
        return this;
    }

    /// <summary>A person at tty3: the session, its login and its shell, process 910.</summary>
    public ProcessTree LoginAtTty3()
    {
        Sessions.Add(new LoginSession
        {
            Id = "3",
            Uid = 1000,
            User = "user",
            Seat = "seat0",
            Vt = 3,
            Type = "tty",
            Class = "user",
            State = "active",
            Leader = 900,
        });
        return Process(1, 0, "systemd", null, "/init.scope")
            .Process(900, 1, "login", "tty3", Scope(3))
            .Process(910, 900, "bash", "tty3", Scope(3));
    }

    /// <summary>A person over ssh: the session and its shell, process 710, on a pseudo-terminal.</summary>
    public ProcessTree LoginOverSsh(int pts)
    {
        Sessions.Add(new LoginSession
        {
            Id = "7",
            Uid = 1000,
            User = "user",
            Type = "tty",
            Class = "user",
            State = "active",
            Leader = 700,
            IsRemote = true,
        });
        return Process(1, 0, "systemd", null, "/init.scope")
            .Process(700, 1, "sshd-session", null, Scope(7), master: pts)
            .Process(710, 700, "bash", $"pts/{pts}", Scope(7));
    }

    public static string Scope(int session) => $"/user.slice/user-1000.slice/session-{session}.scope";

    public CallerLocation Caller(int pid, string term = "linux") =>
        new CallerLocationReader(_tree.Root, new ProcMemory(_tree.Root, "environ"), vt => Graphical.Contains(vt)).Read(
            pid, term, [.. Sessions], Unknowns);

    public void Dispose() => _tree.Dispose();

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
