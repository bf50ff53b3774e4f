using GpuTty.Host;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Guests;
using GpuTty.Linux.Settings;
using GpuTty.Terminal;

namespace GpuTty.Tests.Linux.Guests;

public sealed class CommandUserTests : IDisposable
{
    private readonly MachineTree _tree =
        new MachineTree().File("etc/passwd", "root:x:0:0::/root:/bin/sh\njoe:x:1000:1001::/home/joe:/bin/bash\nbroken:x\n");

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void A_command_is_run_as_whoever_called_sudo_unless_told_otherwise()
    {
        var joe = new CallingUser(1000, "/home/joe");
        Assert.Equal(
            ["/bin/setpriv", "--reuid=1000", "--regid=1001", "--init-groups", "--inh-caps=-all", "--", "qemu", "-m", "4G"],
            CommandUser.Of(_tree.Root, null, joe).Command("/bin/setpriv", ["qemu", "-m", "4G"]));
        Assert.Equal(["/usr/bin/env", "qemu"], CommandUser.Of(_tree.Root, "root", joe).Command("/bin/setpriv", ["qemu"]));
        Assert.Contains(
            "There is no user jane on this machine.",
            Assert.Throws<HostException>(() => CommandUser.Of(_tree.Root, "jane", joe)).Message,
            StringComparison.Ordinal);
        Assert.Throws<HostException>(() => CommandUser.Of(_tree.Root, null, new CallingUser(4711, null)));
        Assert.Throws<HostException>(() => CommandUser.Of(_tree.Root, null, joe).Command(null, ["qemu"]));
    }

    [Fact]
    public void It_gets_the_users_variables_and_nothing_of_sudos()
    {
        var caller = new System.Collections.Hashtable
        {
            ["HOME"] = "/root",
            ["DISPLAY"] = ":0",
            ["SUDO_UID"] = "1000",
            ["LD_PRELOAD"] = "/tmp/x.so",
            ["PATH"] = "/tmp",
            ["XDG_RUNTIME_DIR"] = "/run/user/0",
        };
        var variables =
            CommandUser.Of(_tree.Root, "joe", new CallingUser(0, "/root")).Environment(caller, path => path == "/run/user/1000");
        Assert.Equal(
            [
                "DISPLAY=:0",
                "HOME=/home/joe",
                "LOGNAME=joe",
                "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "SHELL=/bin/bash",
                "USER=joe",
                "XDG_RUNTIME_DIR=/run/user/1000",
            ],
            variables.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void On_NixOS_its_programs_are_found_too() =>
        Assert.EndsWith(
            ":/bin:/run/wrappers/bin:/run/current-system/sw/bin",
            CommandUser.SearchPath(path => path.StartsWith("/run/", StringComparison.Ordinal)),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("sh", null)]
    [InlineData("/bin/sh", null)]
    [InlineData("qemu-sytem-x86_64", "There is no program 'qemu-sytem-x86_64' that root can run in /usr/local/sbin:")]
    [InlineData("", "There is no program '' that root can run in")]
    [InlineData("/etc/passwd", "root cannot run /etc/passwd: there is no such program, or not for root to run.")]
    [InlineData("./sh", "root cannot run ./sh:")]
    public async Task Whether_a_command_can_be_started_is_told_beforehand(string program, string? problem)
    {
        // Whoever runs the tests is not root everywhere, and needs no setpriv to be what it is.
        var said = await new CommandUser("root", 0, 0, "/root", "/bin/sh")
            .ProblemOfAsync(new CommandRunner(), program, "/etc", _ => false, CancellationToken.None);
        Assert.StartsWith(problem ?? "", said?.Problem ?? "", StringComparison.Ordinal);
        Assert.Equal(problem is null, said is null);
    }

    [RootFact]
    public async Task A_program_that_only_root_can_run_is_none_for_a_user()
    {
        if (!File.Exists("/usr/bin/setpriv")) return;
        var program = _tree.At("tool");
        File.WriteAllText(program, "#!/bin/sh\n");
        File.SetUnixFileMode(_tree.Path, (UnixFileMode)0x1ed);
        Assert.Equal((false, true), (await CanAsync((UnixFileMode)0x1c0), await CanAsync((UnixFileMode)0x1ed)));

        async Task<bool> CanAsync(UnixFileMode mode)
        {
            File.SetUnixFileMode(program, mode);
            return await new CommandUser("nobody", 65534, 65534, "/", "/bin/sh")
                .ProblemOfAsync(new CommandRunner(), program, "/", _ => false, CancellationToken.None) is null;
        }
    }

    [Theory]
    [InlineData("exit 7", 7)]
    [InlineData("kill -9 $$", 137)]
    [InlineData("true", 0)]
    public void The_exit_status_is_the_commands(string script, int status) =>
        Assert.Equal(status, ForegroundChild.Run(["/bin/sh", "-c", script], ["PATH=/usr/bin:/bin"]));

    /// <summary>A guest with a card has all its memory pinned; where this test may not raise the limit, nothing breaks.</summary>
    [RootFact]
    public void It_may_lock_the_memory_of_a_guest()
    {
        var isAllowed = GpuTty.Interop.Libc.LockAnyMemory();
        _tree.File("limit", "");
        Assert.Equal(0, ForegroundChild.Run(["/bin/bash", "-c", $"ulimit -l > {_tree.At("limit")}"], ["PATH=/usr/bin:/bin"]));
        Assert.True(!isAllowed || File.ReadAllText(_tree.At("limit")) == "unlimited\n");
    }

    [RootFact]
    public void It_is_not_root_any_more()
    {
        if (!File.Exists("/usr/bin/setpriv")) return;
        var user = new CommandUser("nobody", 65534, 65534, "/", "/bin/sh");
        var file = _tree.At("who");
        File.WriteAllText(file, "");
        File.SetUnixFileMode(file, (UnixFileMode)0x1b6);
        File.SetUnixFileMode(_tree.Path, (UnixFileMode)0x1ed);
        // Without the groups of a login, which nobody has.
        Assert.Equal(
            0,
            ForegroundChild.Run([.. user.Command("/usr/bin/setpriv", ["/bin/sh", "-c", $"id -u > {file}"])], ["PATH=/usr/bin:/bin"]));
        Assert.Equal("65534\n", File.ReadAllText(file));
    }
}
