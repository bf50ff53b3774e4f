using GpuTty.Cli;
using GpuTty.Host.Guests;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Guests;
using GpuTty.Simulation;
using GpuTty.Tests.Linux;
using GpuTty.Tests.Linux.State;

namespace GpuTty.Tests.Cli;

/// <summary>libvirt starts and ends guests, and calls the hook as its documentation says (hooks.rst).</summary>
public sealed class HookRunTests : StateFixture
{
    private static readonly Software s_qemu = new("qemu-system-x86") { Opens = [NodeKind.Vfio] };

    [Fact]
    public void The_card_goes_with_the_guest_and_comes_home_when_that_has_ended()
    {
        var gputty = On("kept-off");
        AssertSilent(Hook(gputty, "win11", "prepare", "begin", Xml("win11")));
        Assert.True(IsAway(gputty));
        AssertSilent(Hook(gputty, "win11", "start", "begin", Xml("win11")));
        Assert.Empty(gputty.Beside);
        AssertSilent(Hook(gputty, "win11", "release", "end", Xml("win11")));
        // libvirt waits for none of it.
        Assert.True(IsAway(gputty));
        Assert.Equal(ExitCodes.Done, Return(gputty).Code);
        Assert.False(IsAway(gputty));
        Assert.Empty(gputty.Grants.All());
    }

    [Fact]
    public void Five_rounds_end_as_they_began()
    {
        var gputty = On("kept-off");
        for (var round = 0; round < 5; round++)
        {
            AssertSilent(Hook(gputty, "win11", "prepare", "begin", Xml("win11")));
            AssertSilent(Hook(gputty, "win11", "release", "end", Xml("win11")));
            Assert.Equal(ExitCodes.Done, Return(gputty).Code);
        }
        Assert.False(IsAway(gputty));
        Assert.Equal(5, gputty.Beside.Count);
    }

    [Theory]
    [InlineData("<domain><name>plain</name><devices><disk type='file'/></devices></domain>")]
    [InlineData("<domain><name>plain</name></domain>")]
    [InlineData("<domain><name>nic</name><devices><hostdev mode='subsystem' type='pci' managed='yes'><source><address "
        + "bus='0x05'/></source></hostdev></devices></domain>")]
    [InlineData("<domain><name>usb</name><devices><hostdev mode='subsystem' type='usb'><source><address bus='1' "
        + "device='0'/></source></hostdev></devices></domain>")]
    [InlineData("<domain><name>guest side</name><devices><hostdev mode='subsystem' type='pci'><source><address "
        + "bus='0x05'/></source><address type='pci' bus='0x01' slot='0x00' function='0x0'/></hostdev></devices></domain>")]
    [InlineData("<domain><name>disk at the same address</name><devices><disk><address type='pci' domain='0x0000' bus='0x01' "
        + "slot='0x00' function='0x0'/></disk></devices></domain>")]
    [InlineData("<domain><name>metadata</name><metadata><x><devices><hostdev type='pci'><source><address "
        + "bus='0x01'/></source></hostdev></devices></x></metadata><devices/></domain>")]
    [InlineData("<domain><name>of another namespace</name><devices><x:hostdev xmlns:x='urn:x' type='pci'><source><address "
        + "bus='0x01'/></source></x:hostdev></devices></domain>")]
    public void A_guest_that_does_not_want_the_card_is_nobodys_business(string xml)
    {
        var gputty = On("desktop");
        AssertSilent(Hook(gputty, "x", "prepare", "begin", xml));
        AssertSilent(Hook(gputty, "x", "release", "end", xml));
        AssertUntouched(gputty);
    }

    /// <summary>reconnect above all: a failure there kills a running guest.</summary>
    [Theory]
    [InlineData("reconnect", "begin")]
    [InlineData("migrate", "begin")]
    [InlineData("restore", "begin")]
    [InlineData("attach", "begin")]
    [InlineData("start", "begin")]
    [InlineData("started", "begin")]
    [InlineData("stopped", "end")]
    [InlineData("prepare", "end")]
    [InlineData("release", "begin")]
    [InlineData("something", "new")]
    public void Every_other_call_is_answered_with_nothing_whatever_is_wrong(string operation, string sub)
    {
        var gputty = On("desktop").With(reader: new Broken(), configured: ConfigTests.Config("CARD=nonsense"));
        AssertSilent(Hook(gputty, "win11", operation, sub, Xml("win11")));
        AssertSilent(Hook(gputty, "win11", operation, sub, "<broken"));
        AssertSilent(Hook(gputty.With(isRoot: false), "win11", operation, sub, ""));
    }

    [Fact]
    public void A_desktop_is_ended_only_where_that_was_allowed_beforehand()
    {
        var gputty = On("desktop");
        AssertRefused(
            Hook(gputty, "win11", "prepare", "begin", Xml("win11")),
            "The desktop holds the card, so this would be closed:",
            "gputty keep-off on",
            "HOOK_END_SESSIONS=yes in /etc/gputty.conf");
        AssertUntouched(gputty);
        AssertSilent(Hook(gputty.With(configured: ConfigTests.Config("HOOK_END_SESSIONS=yes")), "win11", "prepare", "begin", Xml("win11")));
        Assert.True(IsAway(gputty));
    }

    [Fact]
    public void Managed_by_libvirt_is_refused_with_the_remedy()
    {
        var gputty = On("kept-off");
        AssertRefused(
            Hook(gputty, "win11", "prepare", "begin", Xml("win11", managed: "yes")),
            "win11 has 01:00.0 with managed='yes'",
            "Set managed='no' on every function of the card (virsh -c qemu:///system edit win11)");
        AssertUntouched(gputty);
        AssertSilent(Hook(gputty, "win11", "release", "end", Xml("win11", managed: "yes")));
        AssertUntouched(gputty);
    }

    [Fact]
    public void A_second_guest_is_refused_by_the_name_of_the_first_and_its_end_changes_nothing()
    {
        var gputty = On("kept-off");
        AssertSilent(Hook(gputty, "win11", "prepare", "begin", Xml("win11")));
        AssertRefused(
            Hook(gputty, "linux", "prepare", "begin", Xml("linux")),
            "Card 01:00 was given away for win11 and has not come back.");
        AssertSilent(Hook(gputty, "linux", "release", "end", Xml("linux")));
        Assert.Empty(gputty.Beside);
        Assert.True(IsAway(gputty));
        Assert.Equal("win11", Assert.Single(gputty.Grants.All()).Guest);
    }

    [Fact]
    public void A_card_that_another_machine_uses_is_refused()
    {
        var gputty = On("vm-running");
        AssertRefused(Hook(gputty, "win11", "prepare", "begin", Xml("win11")), "A virtual machine is using the card");
        AssertSilent(Hook(gputty, "win11", "release", "end", Xml("win11")));
        Assert.Empty(gputty.Beside);
    }

    /// <summary>Somebody who gave it away himself wants it back himself.</summary>
    [Fact]
    public void A_card_that_was_away_before_stays_away_afterwards()
    {
        var gputty = On("kept-off");
        Assert.Equal(ExitCodes.Done, gputty.Run("switch", "vm", "--yes").Code);
        AssertSilent(Hook(gputty, "win11", "prepare", "begin", Xml("win11")));
        AssertSilent(Hook(gputty, "win11", "release", "end", Xml("win11")));
        Assert.Empty(gputty.Beside);
        Assert.True(IsAway(gputty));
    }

    [Fact]
    public void A_card_that_shall_be_kept_is_kept()
    {
        var gputty = On("kept-off").With(configured: ConfigTests.Config("AFTER_VM=keep"));
        AssertSilent(Hook(gputty, "win11", "prepare", "begin", Xml("win11")));
        AssertSilent(Hook(gputty, "win11", "release", "end", Xml("win11")));
        Assert.Empty(gputty.Beside);
        Assert.Empty(gputty.Grants.All());
        Assert.True(IsAway(gputty));
    }

    [Fact]
    public void The_card_is_not_taken_from_a_guest_that_has_not_ended_yet()
    {
        var gputty = On("kept-off");
        AssertSilent(Hook(gputty, "win11", "prepare", "begin", Xml("win11")));
        gputty.Host.Happen(machine => machine.Start(s_qemu, new Person("libvirt-qemu", 64055), process => process));
        AssertSilent(Hook(gputty, "win11", "release", "end", Xml("win11")));
        gputty.Meanwhile(async () =>
        {
            var back = gputty.RunAsync(gputty.Beside[0]);
            await gputty.Host.WaitForChangeAsync(TimeSpan.FromSeconds(30), default);
            Assert.True(IsAway(gputty));
            gputty.Host.Happen(machine => machine.End(process => process.Software == s_qemu));
            Assert.Equal(ExitCodes.Done, (await back).Code);
        });
        Assert.False(IsAway(gputty));
    }

    /// <summary>A guest that is started again before its card has come home.</summary>
    [Fact]
    public void A_return_that_comes_too_late_leaves_the_next_start_alone()
    {
        var gputty = On("kept-off");
        AssertSilent(Hook(gputty, "win11", "prepare", "begin", Xml("win11")));
        AssertSilent(Hook(gputty, "win11", "release", "end", Xml("win11")));
        AssertSilent(Hook(gputty, "win11", "prepare", "begin", Xml("win11")));
        Assert.Equal(ExitCodes.Done, gputty.Run(gputty.Beside[0]).Code);
        Assert.True(IsAway(gputty));
        AssertSilent(Hook(gputty, "win11", "release", "end", Xml("win11")));
        Assert.Equal(ExitCodes.Done, Return(gputty).Code);
        Assert.False(IsAway(gputty));
    }

    [Fact]
    public void A_step_that_fails_refuses_the_start_and_leaves_nothing_behind()
    {
        var gputty = On("kept-off", new FaultPlan(new Fault(FaultKind.Refused, Verb.Unload, "nvidia", Times: Fault.ForEver)));
        var said = Hook(gputty, "win11", "prepare", "begin", Xml("win11"));
        AssertRefused(said);
        AssertUntouched(gputty);
        AssertSilent(Hook(gputty, "win11", "release", "end", Xml("win11")));
        Assert.Empty(gputty.Beside);
    }

    [Fact]
    public void A_switch_that_takes_too_long_is_called_off_at_the_hooks_own_deadline()
    {
        var gputty = On(
            "kept-off",
            new FaultPlan(new Fault(FaultKind.Late, Verb.Unload, "nvidia")
            {
                Delay = TimeSpan.FromSeconds(600),
            })).With(configured: ConfigTests.Config("HOOK_TIMEOUT=10"));
        var before = gputty.Now;
        var said = Hook(gputty, "win11", "prepare", "begin", Xml("win11"));
        AssertRefused(said, "within 10 seconds");
        Assert.InRange(gputty.Now - before, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(75));
    }

    [Fact]
    public void A_configuration_that_is_wrong_refuses_those_who_want_the_card_and_nobody_else()
    {
        var gputty = On("kept-off").With(configured: ConfigTests.Config("END_HOLDERS=perhaps"));
        AssertRefused(
            Hook(gputty, "win11", "prepare", "begin", Xml("win11")),
            "The value of END_HOLDERS in /etc/gputty.conf:1 is not never, term or kill.");
        AssertSilent(Hook(gputty, "plain", "prepare", "begin", "<domain><name>plain</name><devices/></domain>"));
        AssertUntouched(gputty);
    }

    [Theory]
    [InlineData("win11-gpu", "*-gpu", true)]
    [InlineData("win11-gpu", "linux, win11-gpu", true)]
    [InlineData("win11-gpu2", "*-gpu", false)]
    [InlineData("win11", "win11-*", false)]
    [InlineData("a-gpu", "*a-gpu*", true)]
    [InlineData("ab", "ab*b", false)]
    public void A_guest_whose_description_does_not_name_the_card_gets_it_only_where_it_is_listed(string name, string list, bool gets)
    {
        var gputty = On("kept-off").With(configured: ConfigTests.Config($"HOOK_VM_NAMES={list}"));
        AssertSilent(Hook(gputty, name, "prepare", "begin", $"<domain><name>{name}</name><devices/></domain>"));
        Assert.Equal(gets, IsAway(gputty));
    }

    [Theory]
    [InlineData(
        "<!DOCTYPE d [<!ENTITY a 'x'><!ENTITY b '&a;&a;&a;&a;'>]><domain><name>&b;</name></domain>",
        "it has a document type of its own, which no domain has")]
    [InlineData(
        "<!DOCTYPE d SYSTEM 'file:///etc/shadow'><domain><name>x</name></domain>",
        "it has a document type of its own, which no domain has")]
    [InlineData("<domain><name>x</name><devices><hostdev", "line 1 is no XML")]
    [InlineData("", "no XML")]
    [InlineData("not xml at all", "line 1 is no XML")]
    [InlineData("<network><name>x</name></network>", "it is no description of a domain")]
    [InlineData("<domain><devices/></domain>", "it has no name")]
    [InlineData(
        "<domain><name>x</name><devices><hostdev type='pci'><source><address bus='0x1ff'/></source></hostdev></devices></domain>",
        "0x1ff is no bus of a PCI address")]
    [InlineData(
        "<domain><name>x</name><devices><hostdev type='pci'><source><address slot='\u001b[2J'/></source></hostdev></devices></domain>",
        "line 1 is no XML")]
    [InlineData(
        "<domain><name>x</name><devices><hostdev type='pci'><source><address slot='-1'/></source></hostdev></devices></domain>",
        "-1 is no slot of a PCI address")]
    public void A_description_that_cannot_be_understood_is_refused_in_one_sentence(string xml, string why)
    {
        var gputty = On("desktop");
        AssertRefused(Hook(gputty, "x", "prepare", "begin", xml), "The description of x cannot be read:", why);
        AssertUntouched(gputty);
    }

    [Fact]
    public void A_description_without_end_and_one_without_bottom_are_refused()
    {
        var gputty = On("desktop");
        AssertRefused(
            Hook(
                gputty,
                "x",
                "prepare",
                "begin",
                $"<domain><name>x</name>{string.Concat(Enumerable.Repeat("<disk/>", 10 * 1024 * 1024 / 7))}</domain>"),
            "it is longer than 4 MiB");
        AssertRefused(
            Hook(gputty, "x", "prepare", "begin", $"<domain><name>x</name>{string.Concat(Enumerable.Repeat("<a>", 100_000))}"),
            "its elements are nested too deeply");
        AssertUntouched(gputty);
    }

    [Theory]
    [InlineData("domain='0x0000' bus='0x01' slot='0x00' function='0x0'")]
    [InlineData("domain='0' bus='1' slot='0' function='0'")]
    [InlineData("bus='01'")]
    [InlineData("\n  function='0x1'\n  slot='0x00'\n  bus='0X01'\n")]
    public void Addresses_are_read_as_libvirt_reads_them(string attributes)
    {
        var gputty = On("kept-off");
        AssertSilent(Hook(
            gputty,
            "x",
            "prepare",
            "begin",
            "<domain><name>x</name><devices><hostdev mode='subsystem' type='pci'><source><address "
                + $"{attributes}/></source></hostdev></devices></domain>"));
        Assert.True(IsAway(gputty));
    }

    [Fact]
    public void A_network_interface_that_is_a_function_of_the_card_counts_too()
    {
        var guest = DomainXml.Read(
            "<domain><name>x</name><devices><interface type='hostdev' managed='yes'><source><address type='pci' bus='0x01' "
                + "function='0x2'/></source></interface><interface type='network'><source "
                + "network='default'/></interface></devices></domain>",
            out _);
        Assert.Equal(new GuestDevice(PciAddress.Parse("01:00.2"), true), Assert.Single(guest!.Devices));
    }

    [Fact]
    public void Only_the_guests_that_the_hook_was_installed_for_get_the_card()
    {
        var gputty = On("kept-off");
        AssertSilent(gputty.With(types: Xml("linux")).Run("hook", "run", "--vm=win11", "--vm=mac", "--", "linux", "prepare", "begin", "-"));
        Assert.False(IsAway(gputty));
        AssertSilent(gputty.With(types: Xml("mac")).Run("hook", "run", "--vm=win11", "--vm=mac", "--", "mac", "prepare", "begin", "-"));
        Assert.True(IsAway(gputty));
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--vm=x")]
    [InlineData("-")]
    [InlineData("@/etc/passwd")]
    [InlineData("a b\"c'd;$(e)`f`\\ü&<>")]
    [InlineData("[suggest:3]")]
    public void A_guest_may_be_called_what_libvirt_allows(string name)
    {
        var gputty = On("kept-off");
        var xml = $"<domain><name>{System.Security.SecurityElement.Escape(name)}</name><devices>{Device("0x0", "no")}</devices></domain>";
        AssertSilent(Hook(gputty, name, "prepare", "begin", xml));
        Assert.True(IsAway(gputty));
        Assert.Equal(name, Assert.Single(gputty.Grants.All()).Guest);
        AssertSilent(Hook(gputty, name, "release", "end", xml));
        Return(gputty);
        Assert.False(IsAway(gputty));
    }

    /// <summary>libvirtd was killed, and nobody has called release.</summary>
    [Fact]
    public void Status_names_a_card_whose_guest_does_not_run_and_how_to_get_it_back()
    {
        using var machine = new MachineTree();
        machine.Folder("run/libvirt/qemu");
        var gputty = On("kept-off");
        AssertSilent(Hook(gputty, "win11", "prepare", "begin", Xml("win11")));
        // Where there is no libvirt, nothing is known of its guests.
        Assert.Contains("for win11, of which it is unknown whether it runs.", gputty.Run("status").Out, StringComparison.Ordinal);
        gputty = gputty.With(libvirt: new LibvirtFiles(machine.Root, new CommandRunner()));
        var said = gputty.Run("status");
        Assert.Contains("Card 01:00 was given for win11, which does not run.", said.Out, StringComparison.Ordinal);
        Assert.Contains("Return it to the host: gputty switch host --card 01:00", said.Out, StringComparison.Ordinal);
        Assert.Equal("win11", gputty.Run("status", "--json").Json.GetProperty("given")[0].GetProperty("guest").GetString());
        Assert.Equal(ExitCodes.Done, gputty.Run("switch", "host", "--yes").Code);
        Assert.DoesNotContain("win11", gputty.Run("status").Out, StringComparison.Ordinal);
        AssertSilent(Hook(gputty, "linux", "prepare", "begin", Xml("linux")));
    }

    [Fact]
    public void A_card_that_could_not_come_home_is_named_with_the_reason()
    {
        var gputty = On("kept-off");
        AssertSilent(Hook(gputty, "win11", "prepare", "begin", Xml("win11")));
        Assert.Equal(ExitCodes.Done, gputty.Run("keep-off", "off", "--yes").Code);
        AssertSilent(Hook(gputty, "win11", "release", "end", Xml("win11")));
        Assert.Equal(ExitCodes.Refused, Return(gputty).Code);
        Assert.True(IsAway(gputty));
        Assert.Contains(
            "which has ended, and it was not returned to the host: The desktop has to be restarted",
            gputty.Run("status").Out,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Notes_that_cannot_be_read_refuse_a_start_and_not_an_end()
    {
        var gputty = On("kept-off");
        AssertSilent(Hook(gputty, "win11", "prepare", "begin", Xml("win11")));
        File.WriteAllText(Directory.GetFiles($"{Root}/run/gputty/hook", "*.json")[0], "nonsense");
        AssertRefused(Hook(gputty, "linux", "prepare", "begin", Xml("linux")), "See where the cards are (gputty status)");
        var said = Hook(gputty, "win11", "release", "end", Xml("win11"));
        Assert.Equal((ExitCodes.Done, ""), (said.Code, said.Out));
        Assert.Contains("is not returned to the host automatically", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_check_tells_what_a_start_would_do_and_does_nothing()
    {
        Assert.Equal("ok Card 01:00 goes to it, and is returned to the host when it has ended.\n", Check(On("kept-off"), Xml("win11")).Out);
        Assert.Equal(
            "ok It wants no graphics card, so its start goes on unchanged.\n",
            Check(On("kept-off"), "<domain><name>x</name></domain>").Out);
        var refused = Check(On("desktop"), Xml("win11"));
        Assert.Equal((ExitCodes.Refused, ""), (refused.Code, refused.Out));
        Assert.Contains("HOOK_END_SESSIONS=yes", refused.Error, StringComparison.Ordinal);
        var gputty = On("kept-off");
        Check(gputty, Xml("win11"));
        AssertUntouched(gputty);
        var json = gputty.With(types: Xml("win11", managed: "yes")).Run("hook", "check", "-", "--json").Json;
        Assert.Equal(
            ("refused", "managed-by-libvirt"),
            (json.GetProperty("outcome").GetString(), json.GetProperty("obstacles")[0].GetProperty("code").GetString()));
    }

    [Fact]
    public void Typed_by_hand_it_does_not_wait_for_a_description()
    {
        var said = On("desktop").Run("hook", "run");
        Assert.Equal(ExitCodes.Usage, said.Code);
    }

    private static Said Check(Gputty gputty, string xml) => gputty.With(types: xml).Run("hook", "check", "-");

    private static string Xml(string name, string managed = "no") =>
        $"<domain type='kvm'><name>{name}</name><devices>{Device("0x0", managed)}{Device("0x1", managed)}</devices></domain>";

    private static string Device(string function, string managed) =>
        $"<hostdev mode='subsystem' type='pci' managed='{managed}'><driver name='vfio'/><source><address domain='0x0000' bus='0x01' "
            + $"slot='0x00' function='{function}'/></source><address type='pci' domain='0x0000' bus='0x06' slot='0x00' "
            + $"function='{function}'/></hostdev>";

    private Gputty On(string machine, FaultPlan? drill = null) => Gputty.On(machine, drill).With(grants: new GrantStore(State.Run));

    private static Said Hook(Gputty gputty, string guest, string operation, string sub, string xml) =>
        gputty.With(types: xml).Run("hook", "run", "--", guest, operation, sub, "-");

    private static Said Return(Gputty gputty) => gputty.Run(gputty.Beside[^1]);

    private static bool IsAway(Gputty gputty) =>
        Card.FindAt(gputty.Host.Machine.Snapshot(), Machines.Card)!.Functions.All(function => function.IsOnVfio);

    private static void AssertSilent(Said said) => Assert.Equal((ExitCodes.Done, "", ""), (said.Code, said.Out, said.Error));

    private static void AssertRefused(Said said, params string[] says)
    {
        Assert.NotEqual(ExitCodes.Done, said.Code);
        Assert.Equal("", said.Out);
        Assert.Equal(1, said.Error.Count(c => c == '\n'));
        Assert.All(says, words => Assert.Contains(words, said.Error, StringComparison.Ordinal));
    }

    private static void AssertUntouched(Gputty gputty)
    {
        Assert.Empty(gputty.Beside);
        Assert.Empty(gputty.Grants.All());
        Assert.All(
            Card.FindAt(gputty.Host.Machine.Snapshot(), Machines.Card)!.Functions,
            function => Assert.True(function is { IsOnVfio: false, Driver: not null, DriverOverride: null }));
        Assert.True(gputty.Host.Machine.Snapshot().DisplayManager!.Unit.IsActive);
    }

    private sealed class Broken : GpuTty.Host.IHostReader
    {
        public Task<GpuTty.Host.HostSnapshot> ReadAsync(
            GpuTty.Host.SnapshotSections facts, GpuTty.Host.HostSnapshot? before, CancellationToken cancel) =>
            throw new InvalidOperationException("no such thing");
        public Task WaitForChangeAsync(TimeSpan atMost, CancellationToken cancel) => Task.CompletedTask;
    }
}
