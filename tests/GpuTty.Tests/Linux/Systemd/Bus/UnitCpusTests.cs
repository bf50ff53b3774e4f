using GpuTty.Host;
using GpuTty.Host.Settings;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Systemd;

namespace GpuTty.Tests.Linux.Systemd.Bus;

/// <summary>CPUs of the host's slices are limited on the bus, for this boot alone, and as exactly set free again.</summary>
public sealed class UnitCpusTests
{
    [BusFact]
    public async Task A_slice_is_limited_and_set_free_again_on_the_bus_and_for_this_boot_alone()
    {
        using var machine = await BusMachine.StartAsync();
        var cpus = Cpus(machine);
        await cpus.LimitAsync("user.slice", "0-2,9", default);
        await cpus.LimitAsync("user.slice", "", default);
        Assert.Equal(
            [("user.slice", true, "AllowedCPUs", "07-02"), ("user.slice", true, "AllowedCPUs", "")],
            machine.Systemd.Set.Select(set =>
                (set.Unit, set.IsRuntime, set.Property, BitConverter.ToString(set.Value.GetArray<byte>()))));
        Assert.Equal("", machine.ToolCalls);
    }

    [BusFact]
    public async Task What_systemd_refuses_is_told_in_its_words_and_asked_in_no_other_way()
    {
        using var machine = await BusMachine.StartAsync();
        machine.Systemd.Refuses = (_, _) => ("org.freedesktop.DBus.Error.UnknownProperty", "Cannot set property \u001b[2JAllowedCPUs.");
        var refused = await Assert.ThrowsAsync<HostException>(() => Cpus(machine).LimitAsync("user.slice", "0", default));
        Assert.Equal("The CPUs of user.slice could not be set: Cannot set property \\x1b[2JAllowedCPUs.", refused.Message);
        Assert.Equal("", machine.ToolCalls);
    }

    [BusFact]
    public async Task Where_there_is_no_bus_systemctl_is_asked()
    {
        using var machine = await BusMachine.StartAsync();
        machine.Tool("systemctl", "exit 0");
        File.Delete(machine.Tree.At("run/dbus/system_bus_socket"));
        await Cpus(machine).LimitAsync("init.scope", "0-1", default);
        await Cpus(machine).LimitAsync("init.scope", "", default);
        Assert.Equal(
            "systemctl --no-ask-password set-property --runtime -- init.scope AllowedCPUs=0-1\n"
                + "systemctl --no-ask-password set-property --runtime -- init.scope AllowedCPUs=\n",
            machine.ToolCalls);
        Assert.Empty(machine.Systemd.Set);
    }

    [BusFact]
    public async Task Where_systemctl_fails_or_there_is_none_the_next_action_is_about_CPUs()
    {
        using var machine = await BusMachine.StartAsync();
        File.Delete(machine.Tree.At("run/dbus/system_bus_socket"));
        machine.Tool("systemctl", @"printf 'Unknown \033[2Jassignment.\n' >&2; exit 1");
        var failed = await Assert.ThrowsAsync<HostException>(() => Cpus(machine).LimitAsync("user.slice", "0", default));
        Assert.Equal(
            @"The CPUs of user.slice could not be set: systemctl ended with status 1: Unknown \x1b[2Jassignment.", failed.Message);
        Assert.Equal("Look why: systemctl status user.slice", failed.Remedy);
        var none = new UnitCpus(
            new Buses(machine.Tree.Root), new CommandRunner([machine.Tree.At("nowhere")]), TimeProvider.System, _ => { });
        failed = await Assert.ThrowsAsync<HostException>(() => none.LimitAsync("user.slice", "0", default));
        Assert.Equal("The CPUs of user.slice could not be set: systemctl is not installed.", failed.Message);
        Assert.Equal("Without systemd no CPUs can be kept free: take ISOLATE_CPUS out of /etc/gputty.conf.", failed.Remedy);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("0", "01")]
    [InlineData("1,3,8", "0A-01")]
    [InlineData("7-8", "80-01")]
    public void CPUs_are_told_to_the_bus_a_bit_each(string list, string bits) =>
        Assert.Equal(bits, BitConverter.ToString(CpuList.Bits(CpuList.Parse(list)!)));

    private static UnitCpus Cpus(BusMachine machine) =>
        new(new Buses(machine.Tree.Root), machine.Tools, TimeProvider.System, _ => { });
}
