using GpuTty.Cli;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Linux.Guests;
using GpuTty.Simulation;
using GpuTty.Tests.Linux.State;

namespace GpuTty.Tests.Cli;

/// <summary>A command that gets the card: QEMU without libvirt.</summary>
public sealed class RunTests : StateFixture
{
    private static readonly Software s_qemu = new("qemu-system-x86") { Opens = [NodeKind.Vfio] };

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(137)]
    public void The_card_is_there_while_it_runs_and_home_afterwards_and_its_exit_status_is_passed_on(int status)
    {
        Gputty gputty = null!;
        var (wasAway, words, user) = (false, "", "");
        gputty = On("kept-off", foreground: (command, who) =>
        {
            (wasAway, words, user) = (IsAway(gputty), string.Join(' ', command), who ?? "");
            return Task.FromResult(status);
        });
        var said = gputty.Run("run", "--as", "joe", "--", "qemu-system-x86_64", "-m", "4G", "--version");
        Assert.Equal((status, ""), (said.Code, said.Out));
        Assert.Equal((true, "qemu-system-x86_64 -m 4G --version", "joe"), (wasAway, words, user));
        Assert.False(IsAway(gputty));
        Assert.Empty(gputty.Grants.All());
    }

    [Fact]
    public void Who_agreed_that_sessions_are_closed_has_agreed_to_it_for_the_way_home_too()
    {
        Gputty gputty = null!;
        var wasAway = false;
        gputty = On("desktop", foreground: (_, _) =>
        {
            wasAway = IsAway(gputty);
            return Task.FromResult(7);
        });
        Assert.Equal(7, gputty.Run("run", "--end-sessions", "--", "qemu").Code);
        Assert.True(wasAway);
        Assert.False(IsAway(gputty));
        Assert.Empty(gputty.Grants.All());
    }

    [Fact]
    public void For_a_command_that_cannot_be_started_no_card_is_moved_and_no_session_closed()
    {
        var wasRun = false;
        var gputty = On("desktop", foreground: (_, _) =>
        {
            wasRun = true;
            return Task.FromResult(127);
        }).With(noProgram: "qemu-sytem-x86_64");
        var calls = gputty.Host.Calls.Length;
        var said = gputty.Run("run", "--end-sessions", "--", "qemu-sytem-x86_64");
        Assert.Equal(ExitCodes.Refused, said.Code);
        Assert.Contains("There is no program 'qemu-sytem-x86_64'", said.Error, StringComparison.Ordinal);
        Assert.False(wasRun);
        Assert.Equal(calls, gputty.Host.Calls.Length);
    }

    [Fact]
    public void Where_the_card_cannot_be_returned_it_is_told_what_to_do()
    {
        Gputty gputty = null!;
        gputty = On("kept-off", foreground: async (_, _) =>
        {
            await gputty.RunAsync("keep-off", "off", "--yes");
            return 0;
        });
        var said = gputty.Run("run", "--", "qemu");
        Assert.True(IsAway(gputty));
        Assert.Contains(
            "Card 01:00 is not returned to the host: The desktop has to be restarted when the card is returned",
            said.Error,
            StringComparison.Ordinal);
        Assert.Contains("gputty switch host --card 01:00", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_it_is_killed_itself_the_one_that_stands_by_brings_the_card_home_once_nobody_uses_it()
    {
        var lives = true;
        var gputty =
            On("kept-off", foreground: (_, _) => throw new OperationCanceledException("killed"), isAlive: pid => pid == 4711 && lives);
        gputty.Run("run", "--", "qemu");
        Assert.True(IsAway(gputty));
        gputty.Host.Happen(machine => machine.Start(s_qemu, new Person("joe", 1000), process => process));
        gputty.Meanwhile(async () =>
        {
            var by = gputty.RunAsync(Assert.Single(gputty.Beside));
            await gputty.Host.WaitForChangeAsync(TimeSpan.FromSeconds(20), default);
            lives = false;
            await gputty.Host.WaitForChangeAsync(TimeSpan.FromSeconds(20), default);
            Assert.True(IsAway(gputty));
            gputty.Host.Happen(machine => machine.End(process => process.Software == s_qemu));
            Assert.Equal(ExitCodes.Done, (await by).Code);
        });
        Assert.False(IsAway(gputty));
    }

    [Fact]
    public void Who_stands_by_brings_the_card_home_also_where_the_program_was_replaced_meanwhile()
    {
        var lives = true;
        var gputty =
            On("kept-off", foreground: (_, _) => throw new OperationCanceledException("killed"), isAlive: pid => pid == 4711 && lives);
        gputty.Run("run", "--", "qemu");
        gputty.Meanwhile(async () =>
        {
            var by = gputty.RunAsync(Assert.Single(gputty.Beside));
            await gputty.Host.WaitForChangeAsync(TimeSpan.FromSeconds(20), default);
            (gputty.IsReplaced, lives) = (true, false);
            Assert.Equal(ExitCodes.Done, (await by).Code);
        });
        Assert.False(IsAway(gputty));
    }

    [Fact]
    public void A_card_that_is_to_stay_stays_also_where_gputty_is_killed_and_nobody_has_it_any_more()
    {
        var gputty = On("kept-off", foreground: (_, _) => throw new OperationCanceledException("killed"))
            .With(configured: ConfigTests.Config("AFTER_VM=keep"));
        gputty.Run("run", "--", "qemu");
        // Whoever stands by reads the system's configuration only, and this may have been the user's own.
        Assert.Equal(ExitCodes.Done, gputty.With(configured: ConfigTests.Config("")).Run(Assert.Single(gputty.Beside)).Code);
        Assert.True(IsAway(gputty));
        Assert.Empty(gputty.Grants.All());
        Assert.Equal(ExitCodes.Done, gputty.With(foreground: (_, _) => Task.FromResult(0)).Run("run", "--", "qemu").Code);
        Assert.True(IsAway(gputty));
    }

    [Fact]
    public void While_it_runs_status_names_it_and_no_guest_gets_the_card()
    {
        Gputty gputty = null!;
        Said? status = null, hook = null;
        gputty = On("kept-off", foreground: async (_, _) =>
        {
            status = await gputty.RunAsync("status");
            hook = await gputty
                .With(types: "<domain><name>win11</name><devices><hostdev type='pci'><source><address "
                    + "bus='1'/></source></hostdev></devices></domain>")
                .RunAsync("hook", "run", "win11", "prepare", "begin", "-");
            return 0;
        }, isAlive: _ => true);
        Assert.Equal(0, gputty.Run("run", "--", "qemu").Code);
        Assert.Contains("Card 01:00 was given for gputty run (", status!.Out, StringComparison.Ordinal);
        Assert.Contains("was given away for gputty run (", hook!.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_card_that_was_away_before_stays_away()
    {
        var gputty = On("kept-off");
        gputty.Run("switch", "vm", "--yes");
        Assert.Equal(0, gputty.Run("run", "--", "qemu").Code);
        Assert.Empty(gputty.Beside);
        Assert.True(IsAway(gputty));
    }

    [Fact]
    public void Where_it_cannot_be_had_the_command_is_not_started()
    {
        var isStarted = false;
        Task<int> Start(IReadOnlyList<string> command, string? user)
        {
            isStarted = true;
            return Task.FromResult(0);
        }

        Assert.Equal(ExitCodes.Refused, On("desktop", foreground: Start).Run("run", "--", "qemu").Code);
        Assert.Equal(ExitCodes.Refused, On("vm-running", foreground: Start).Run("run", "--", "qemu").Code);
        Assert.Equal(ExitCodes.NeedsRoot, On("kept-off", foreground: Start).With(isRoot: false).Run("run", "--", "qemu").Code);
        Assert.Equal(ExitCodes.Usage, On("kept-off", foreground: Start).Run("run").Code);
        var nobody = On("kept-off", foreground: Start);
        var said = nobody.Run("run", "--as", "nobody-here", "--", "qemu");
        Assert.Equal((ExitCodes.Refused, 2), (said.Code, said.Error.Count(c => c == '\n')));
        Assert.False(IsAway(nobody));
        var lonely = On("kept-off", foreground: Start).With(nothingStartsBeside: true);
        Assert.Equal(ExitCodes.Refused, lonely.Run("run", "--", "qemu").Code);
        Assert.False(IsAway(lonely));
        Assert.Empty(lonely.Grants.All());
        Assert.False(isStarted);
    }

    [Fact]
    public void A_dry_run_prints_the_plan()
    {
        var gputty = On("kept-off");
        Assert.Contains("steps", gputty.With(isRoot: false).Run("run", "--dry-run", "--", "qemu").Out, StringComparison.Ordinal);
        Assert.False(IsAway(gputty));
    }

    [Theory]
    [InlineData("name: win\nhostpci0: 0000:01:00,pcie=1,x-vga=1", true)]
    [InlineData("hostpci0: host=01:00.0;01:00.1,pcie=1", true)]
    [InlineData("hostpci1: 0000:05:00.0,pcie=1\n#hostpci0: 01:00", false)]
    [InlineData("memory: 4096\n[snapshot]\nhostpci0: 01:00", false)]
    [InlineData("hostpci0: 01:00.0,mdev=nvidia-63", false)]
    public void On_Proxmox_the_card_goes_before_the_start_and_comes_home_after_the_stop(string config, bool wants)
    {
        var gputty = On("kept-off").With(proxmoxConfig: config);
        AssertSilent(gputty.Run("hook", "proxmox", "100", "pre-start"));
        Assert.Equal(wants, IsAway(gputty));
        AssertSilent(gputty.Run("hook", "proxmox", "100", "post-start"));
        AssertSilent(gputty.Run("hook", "proxmox", "100", "pre-stop"));
        Assert.Empty(gputty.Beside);
        AssertSilent(gputty.Run("hook", "proxmox", "100", "post-stop"));
        Assert.Equal(wants ? 1 : 0, gputty.Beside.Count);
        if (wants) gputty.Run(gputty.Beside[0]);
        Assert.False(IsAway(gputty));
    }

    [Theory]
    [InlineData("name: win\nhostpci0: 01:00", "win (100)")]
    [InlineData("hostpci0: 01:00", "guest 100")]
    public void On_Proxmox_a_guest_that_runs_is_not_said_to_have_ended(string config, string name)
    {
        bool? runs = true;
        var gputty = On("kept-off").With(proxmoxConfig: config, isProxmoxGuestRunning: number => number == "100" ? runs : null);
        AssertSilent(gputty.Run("hook", "proxmox", "100", "pre-start"));
        Assert.Contains($"Card 01:00 was given for {name}, which runs.", gputty.Run("status").Out, StringComparison.Ordinal);
        Assert.DoesNotContain("Return it to the host", gputty.Run("status").Out, StringComparison.Ordinal);
        runs = false;
        Assert.Contains($"for {name}, which does not run.", gputty.Run("status").Out, StringComparison.Ordinal);
        runs = null;
        Assert.Contains("of which it is unknown whether it runs.", gputty.Run("status").Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "names none of this node")]
    [InlineData("pci: gpu\n\tmap id=1,node=other,path=0000:01:00\n", "names none of this node")]
    [InlineData("pci: gpu\n\tmap id=1,node=lab,path=0000:01:00\n\tmap id=1,node=lab,path=0000:02:00\n", "names several of this node")]
    public void On_Proxmox_a_mapping_that_does_not_name_one_device_of_this_node_is_refused(string mappings, string words)
    {
        var gputty = On("kept-off").With(proxmoxConfig: "hostpci0: mapping=gpu,pcie=1", proxmoxMappings: mappings);
        var said = gputty.Run("hook", "proxmox", "100", "pre-start").Error;
        Assert.Contains($"by the mapping gpu, for which /etc/pve/mapping/pci.cfg {words}", said, StringComparison.Ordinal);
        Assert.Contains("qm config 100", said, StringComparison.Ordinal);
        AssertSilent(gputty.With(configured: ConfigTests.Config("HOOK_VM_NAMES=100")).Run("hook", "proxmox", "100", "pre-start"));
        Assert.True(IsAway(gputty));
        Assert.Equal(ExitCodes.Usage, gputty.Run("hook", "proxmox", "../100", "pre-start").Code);
    }

    [Theory]
    [InlineData("pci: gpu\n\tmap id=1,node=other,path=0000:02:00\n\tmap id=2,node=lab,path=0000:01:00,subsystem-id=1043:889d\n", true)]
    [InlineData("pci: gpu\n    map node=lab,path=0000:01:00.0;0000:01:00.1,id=1\n", true)]
    [InlineData("pci: nic\n\tmap node=lab,path=0000:01:00,id=1\n\npci: gpu\n\tmap node=lab,path=0000:05:00,id=1\n", false)]
    public void On_Proxmox_a_mapping_is_resolved_for_this_node(string mappings, bool wants)
    {
        var gputty = On("kept-off").With(proxmoxConfig: "hostpci0: mapping=gpu,pcie=1", proxmoxMappings: mappings);
        AssertSilent(gputty.Run("hook", "proxmox", "100", "pre-start"));
        Assert.Equal(wants, IsAway(gputty));
        AssertSilent(gputty.Run("hook", "proxmox", "100", "post-stop"));
        Assert.Equal(wants ? 1 : 0, gputty.Beside.Count);
    }

    [Fact]
    public void On_Proxmox_a_configuration_that_cannot_be_read_refuses_the_start_and_no_stop()
    {
        var gputty = On("kept-off");
        var said = gputty.Run("hook", "proxmox", "101", "pre-start");
        Assert.Equal(ExitCodes.Refused, said.Code);
        Assert.Equal("gputty: /etc/pve/qemu-server/101.conf cannot be read: Input/output error. See why.\n", said.Error);
        Assert.False(IsAway(gputty));
        AssertSilent(gputty.Run("hook", "proxmox", "101", "post-stop"));
    }

    private Gputty On(
        string machine, Func<IReadOnlyList<string>, string?, Task<int>>? foreground = null, Func<int, bool>? isAlive = null) =>
        Gputty.On(machine).With(grants: new GrantStore(State.Run), foreground: foreground, isAlive: isAlive);

    private static bool IsAway(Gputty gputty) =>
        Card.FindAt(gputty.Host.Machine.Snapshot(), Machines.Card)!.Functions.All(function => function.IsOnVfio);

    private static void AssertSilent(Said said) => Assert.Equal((ExitCodes.Done, "", ""), (said.Code, said.Out, said.Error));
}
