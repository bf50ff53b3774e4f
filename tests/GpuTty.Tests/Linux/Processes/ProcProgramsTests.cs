using System.Diagnostics;
using GpuTty.Host.Desktop;
using GpuTty.Linux.Processes;

namespace GpuTty.Tests.Linux.Processes;

/// <summary>Programs are told by the units that desktops make for them, and in the session's own scope by what runs there.</summary>
public sealed class ProcProgramsTests : IDisposable
{
    private const string Apps = "user.slice/user-1000.slice/user@1000.service/app.slice";
    private static readonly LoginSession s_gnome = new()
    {
        Id = "2",
        Uid = 1000,
        User = "fernando",
        Type = "wayland",
        Class = "user",
        State = "active",
    };
    private readonly MachineTree _tree = new();

    [Theory]
    [InlineData("app-gnome-firefox-2544.scope", "firefox")]
    [InlineData(@"app-gnome-org.gnome.Nautilus-2600.scope", "Nautilus")]
    [InlineData(@"app-gnome-libreoffice\x2dwriter-2610.scope", "libreoffice-writer")]
    [InlineData("app-gnome-firefox_firefox-2544.scope", "firefox")]
    [InlineData("app-flatpak-org.telegram.desktop-3000.scope", "telegram")]
    [InlineData("app-org.kde.dolphin-0a1b2c3d4e5f60718293a4b5c6d7e8f9.scope", "dolphin")]
    [InlineData("app-org.kde.konsole@0a1b2c3d4e5f60718293a4b5c6d7e8f9.service", "konsole")]
    [InlineData("app-KDE-blender@12.service", "blender")]
    [InlineData("app-org.gnome.Terminal.slice", "Terminal")]
    [InlineData("app-org.kde.kate-1234.slice", "kate")]
    [InlineData("app-steam.scope", "steam")]
    [InlineData("snap.spotify.spotify-9d1b.scope", "spotify")]
    [InlineData(@"app-caf\xc3\xa9-7.scope", "café")]
    [InlineData(@"app-\x1b[2J-7.scope", @"\x1b[2J")]
    [InlineData("app-.scope", null)]
    [InlineData("pipewire.service", null)]
    [InlineData("session-2.scope", null)]
    [InlineData("snap.cups.cupsd.service", null)]
    public void A_unit_tells_the_name_that_people_know(string unit, string? name) => Assert.Equal(name, ApplicationUnit.NameOf(unit));

    [Fact]
    public void Programs_are_told_once_a_unit_and_what_keeps_the_session_going_is_not()
    {
        Process(100, "firefox", $"{Apps}/app-gnome-firefox-100.scope");
        Process(101, "Web Content", $"{Apps}/app-gnome-firefox-100.scope");
        Process(110, "gnome-terminal-", $"{Apps}/app-org.gnome.Terminal.slice/gnome-terminal-server.service");
        Process(111, "bash", $"{Apps}/app-org.gnome.Terminal.slice/vte-spawn-1.scope");
        Process(120, "pipewire", "user.slice/user-1000.slice/user@1000.service/session.slice/pipewire.service");
        Process(121, "gvfsd", $"{Apps}/gvfs-daemon.service");
        Process(122, "gsd-color", $"{Apps}/app-gnome-gsd\\x2dcolor-122.scope");
        Process(123, "baloo_file", "user.slice/user-1000.slice/user@1000.service/background.slice/app-org.kde.baloo-9.scope");
        Process(130, "kthreadd", "");
        Process(140, "firefox", "user.slice/user-1001.slice/user@1001.service/app.slice/app-gnome-firefox-140.scope", uid: 1001);
        Assert.Equal(["firefox: 100 101", "Terminal: 110 111"], Told());
    }

    [Fact]
    public void In_the_scope_of_an_older_desktop_the_helpers_of_a_program_are_a_part_of_it()
    {
        const string scope = "user.slice/user-1000.slice/session-2.scope";
        Process(200, "lightdm", scope, uid: 0, parent: 1, program: "/usr/sbin/lightdm");
        Process(201, "xfce4-session", scope, parent: 200, program: "/usr/bin/xfce4-session");
        Process(202, "ssh-agent", scope, parent: 201, program: "/usr/bin/ssh-agent");
        Process(210, "firefox", scope, parent: 201, program: "/usr/lib/firefox/firefox");
        Process(211, "Isolated Web Co", scope, parent: 210, program: "/usr/lib/firefox/firefox");
        Process(212, "Web Content", scope, parent: 211, program: "/usr/lib/firefox/firefox");
        Process(220, "xfce4-terminal", scope, parent: 201, program: "/usr/bin/xfce4-terminal");
        Process(221, "bash", scope, parent: 220, program: "/usr/bin/bash");
        Process(222, "vim", scope, parent: 221, program: "/usr/bin/vim");
        Process(230, "bash", "user.slice/user-0.slice/session-5.scope", uid: 0, parent: 1, program: "/usr/bin/bash");
        Assert.Equal(["xfce4-session: 201", "firefox: 210 211 212", "xfce4-terminal: 220", "vim: 222"], Told());
        Assert.All(new ProcPrograms(_tree.Root).Read([s_gnome], []), program => Assert.True(program.IsOf(s_gnome)));
        Assert.Empty(new ProcPrograms(_tree.Root).Read([s_gnome with { Type = "tty" }], []));
    }

    [Fact]
    public void Thousands_of_processes_are_looked_through_at_once()
    {
        for (var pid = 1000; pid < 6000; pid++)
            _tree.File(
                $"proc/{pid}/cgroup",
                pid % 50 == 0 ? $"0::/{Apps}/app-gnome-gedit-{pid}.scope\n" : "0::/system.slice/cron.service\n");
        var reader = new ProcPrograms(_tree.Root);
        Assert.Equal(100, reader.Read([s_gnome], []).Length);
        var watch = Stopwatch.StartNew();
        Assert.Equal(100, reader.Read([s_gnome], []).Length);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    public void Dispose() => _tree.Dispose();

    private IEnumerable<string> Told() =>
        new ProcPrograms(_tree.Root).Read([s_gnome], []).Select(program => $"{program.Name}: {string.Join(' ', program.Pids)}");

    private void Process(int pid, string name, string group, int uid = 1000, int parent = 1, string? program = null)
    {
        _tree.File($"proc/{pid}/cgroup", $"0::/{group}\n").File($"proc/{pid}/status", $"Name:\t{name}\nUid:\t{uid}\t{uid}\t{uid}\t{uid}\n")
            .File(
                $"proc/{pid}/stat",
                $"{pid} ({name}) S {parent} 1 1 0 -1 4194304 {string.Join(' ', Enumerable.Repeat("0", 12))} {pid} 0 0\n");
        if (program is not null) File.CreateSymbolicLink(_tree.At($"proc/{pid}/exe"), program);
    }
}
