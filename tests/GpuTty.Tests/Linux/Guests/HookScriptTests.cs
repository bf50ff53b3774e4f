using System.Diagnostics;
using GpuTty.Cli;
using GpuTty.Host.Guests;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Guests;
using GpuTty.Tests.Cli;

namespace GpuTty.Tests.Linux.Guests;

/// <summary>The hook as libvirt runs it: which calls of libvirt's reach gputty, and what happens where gputty cannot be run.</summary>
public sealed class HookScriptTests : IDisposable
{
    private const string Hook = "etc/libvirt/hooks/qemu.d/50-gputty";
    private const string WithCard = "<domain>\n  <devices>\n    <hostdev mode='subsystem' type='pci'/>\n  </devices>\n</domain>";
    private readonly MachineTree _tree = new();

    public void Dispose() => _tree.Dispose();

    /// <summary>libvirt hooks.rst: whoever fails in reconnect ends a guest that runs.</summary>
    [Theory]
    [InlineData("reconnect", "begin")]
    [InlineData("start", "begin")]
    [InlineData("started", "begin")]
    [InlineData("stopped", "end")]
    [InlineData("attach", "begin")]
    [InlineData("migrate", "begin")]
    [InlineData("restore", "begin")]
    [InlineData("of-tomorrow", "begin")]
    [InlineData("prepare", "end")]
    [InlineData("release", "begin")]
    public void What_gputty_has_no_use_for_cannot_fail_and_runs_nothing(string operation, string sub)
    {
        var run = Run(new([Program("echo ran; exit 3")], []), "", "win11", operation, sub, "-");
        Assert.Equal((0, "", ""), run);
    }

    [Fact]
    public void A_start_is_gputtys_to_refuse_and_the_end_of_a_guest_never_fails()
    {
        var script = new HookScript([Program("cat; echo \"$@\"; echo no >&2; exit 2")], []);
        Assert.Equal(
            (2, WithCard + "hook run -- win11 prepare begin -\n", "no\n"), Run(script, WithCard, "win11", "prepare", "begin", "-"));
        Assert.Equal(0, Run(script, WithCard, "win11", "release", "end", "shutdown").Code);
    }

    [Fact]
    public void For_a_guest_that_it_was_not_installed_for_nothing_is_run()
    {
        var script = new HookScript([Program("echo ran; exit 2")], ["win11", "it's|*"]);
        foreach (var name in (string[])["win11", "it's|*"]) Assert.Equal(2, Run(script, WithCard, name, "prepare", "begin", "-").Code);
        foreach (var name in (string[])["win1", "other", "it's", "x|x"])
            Assert.Equal((0, "", ""), Run(script, WithCard, name, "prepare", "begin", "-"));
    }

    /// <summary>libvirt's profile runs hooks within itself, the programs of /bin outside, and those of /usr/local/bin not at all.</summary>
    [Fact]
    public void AppArmor_lets_it_run_gputty_because_a_second_shell_does()
    {
        var lines = new HookScript(["/usr/local/bin/gputty"], ["win11"]).Text().Split('\n').Select(line => line.Trim());
        Assert.Equal(
            ["/bin/sh -c 'exec \"$0\" \"$@\"' '/usr/local/bin/gputty' hook run '--vm=win11' -- \"$@\""],
            lines.Where(line => line.StartsWith('/') || line.StartsWith("exec", StringComparison.Ordinal) || line.StartsWith('\'')));
    }

    [Fact]
    public void The_hookscript_that_the_manual_shows_runs_gputty_with_the_PATH_of_Proxmox_and_nothing_where_gputty_is_gone()
    {
        Assert.Contains(@"gputty hook proxmox \-\-print >", ManualTests.Text(), StringComparison.Ordinal);
        var printed = Gputty.On("desktop").Run("hook", "proxmox", "--print");
        Assert.Equal(new HookScript(["/usr/local/bin/gputty"], []).ProxmoxText(), printed.Out);
        var program = Program("echo \"$@\"; exit 2");
        Assert.Equal((2, "hook proxmox 100 pre-start\n"), RunProxmox(program, "100", "pre-start"));
        File.Delete(program);
        Assert.Equal((0, ""), RunProxmox(program, "100", "pre-start"));
    }

    [Theory]
    [InlineData("hook proxmox")]
    [InlineData("hook proxmox 100")]
    [InlineData("hook proxmox win11 pre-start")]
    [InlineData("hook proxmox --print 100 pre-start")]
    public void A_hookscript_that_hands_on_too_little_is_a_mistake(string line) =>
        Assert.Equal(ExitCodes.Usage, Gputty.On("desktop").Run(line.Split(' ')).Code);

    [Fact]
    public void A_gputty_that_cannot_be_run_is_told_in_words_and_keeps_no_guest_without_a_device_from_starting()
    {
        var script = new HookScript([Program("", interpreter: "/nowhere/sh")], []);
        var (code, _, error) = Run(script, WithCard, "win11", "prepare", "begin", "-");
        Assert.Equal(127, code);
        Assert.Contains(
            $"gputty: {script.Program[0]} cannot be run by libvirt, so it cannot give a card. "
                + $"Run it by hand to see why; to do without it: rm {_tree.At("hook")}\n",
            error,
            StringComparison.Ordinal);
        Assert.Equal(0, Run(script, "<domain>\n  <name>plain</name>\n</domain>\n", "plain", "prepare", "begin", "-").Code);
        Assert.Equal(0, Run(script, WithCard, "win11", "release", "end", "failed").Code);
    }

    [Fact]
    public void One_of_an_earlier_version_is_known_and_its_guests_are_kept_when_it_is_written_anew()
    {
        _tree
            .File("bin/gputty", "")
            .File(Hook, new HookScript([_tree.At("bin/gputty")], ["win11", "it's"]).OlderText());
        Assert.Equal("older", On().Run("hook", "status", "--json").Json.GetProperty("hook").GetString());
        var said = On().Run("hook", "status").Out;
        Assert.Contains("is installed, for win11, it's.", said, StringComparison.Ordinal);
        Assert.Contains("Write it anew: gputty hook install --vm win11 --vm 'it'\\''s'", said, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, On().Run("hook", "install", "--vm", "win11", "--vm", "it's").Code);
        Assert.DoesNotContain("earlier version", On().Run("hook", "status").Out, StringComparison.Ordinal);
        Assert.Equal("installed", On().Run("hook", "status", "--json").Json.GetProperty("hook").GetString());
    }

    private Gputty On() => Gputty.On("kept-off").With(libvirt: new LibvirtFiles(_tree.Root, new CommandRunner()));

    private string Program(string text, string interpreter = "/bin/sh")
    {
        _tree.File("bin/gputty", $"#!{interpreter}\n{text}\n");
        File.SetUnixFileMode(_tree.At("bin/gputty"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return _tree.At("bin/gputty");
    }

    private (int Code, string Out) RunProxmox(string program, params string[] words)
    {
        _tree.File("hookscript", new HookScript([program], []).ProxmoxText());
        var start = new ProcessStartInfo("/bin/sh", [_tree.At("hookscript"), .. words]) { RedirectStandardOutput = true };
        start.Environment.Clear();
        start.Environment["PATH"] = "/sbin:/bin:/usr/sbin:/usr/bin";
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, said);
    }

    private (int Code, string Out, string Error) Run(HookScript script, string description, params string[] words)
    {
        _tree.File("hook", script.Text());
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", [_tree.At("hook"), .. words])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            process.StandardInput.Write(description);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has answered without reading, which libvirt does not mind either (vircommand.c, EPIPE).
        }
        var said = process.StandardOutput.ReadToEnd();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, said, error);
    }
}
