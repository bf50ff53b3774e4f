using GpuTty.Host;
using GpuTty.Linux.Writes;
using GpuTty.Switching;
using GpuTty.Tests.Linux.State;
using Xunit.Abstractions;

namespace GpuTty.Tests.Linux.FakeKernel;

/// <summary>The adapters on a kernel that fails each of their writes in each way.</summary>
[Collection("mounts")]
public sealed class KernelErrorsTests : StateFixture
{
    private const string Card = "0000:01:00.0";
    private readonly PretendedBus _bus = new(Card);
    private readonly ITestOutputHelper _output;
    private readonly string _mount;

    public KernelErrorsTests(ITestOutputHelper output) => (_output, _mount) = (output, Directory.CreateDirectory($"{Root}/bus").FullName);

    /// <summary>What does not depend on the file; some files have words of their own for the last two.</summary>
    private static readonly (int Error, string Word, bool IsTransient)[] s_errors =
    [
        (PretendedBus.EBUSY, "in use", true),
        (PretendedBus.EAGAIN, "try again later", true),
        (PretendedBus.EPERM, "permit", false),
        (PretendedBus.EACCES, "permit", false),
        (PretendedBus.ENOMEM, "no memory", false),
        (PretendedBus.EIO, "Input/output error", false),
        (PretendedBus.ENOSPC, "No space left", false),
        (PretendedBus.EROFS, "Read-only file system", false),
        (PretendedBus.EMFILE, "Too many open files", false),
        (PretendedBus.EINTR, "Interrupted system call", false),
    ];

    [FuseFact]
    public async Task M4_every_errno_of_every_file_that_is_written_is_told_in_words_and_the_card_goes_home()
    {
        using var kernel = new FuseMount(_mount, _bus.At);
        var host = KernelDrill.Controls(State, _mount);
        (string Name, string? Driver, Func<Task> Write, int Error, string Words)[] files =
        [
            (
                "driver_override",
                PretendedBus.Home,
                () => host.SetDriverOverrideAsync(KernelDrill.Card, "vfio-pci", default),
                PretendedBus.EINVAL,
                "does not accept 'vfio-pci'"),
            (
                "driver_override",
                PretendedBus.Home,
                () => host.SetDriverOverrideAsync(KernelDrill.Card, null, default),
                PretendedBus.ENODEV,
                "is gone"),
            (
                "unbind",
                PretendedBus.Home,
                () => host.UnbindAsync(KernelDrill.Card, "nvidia", default),
                PretendedBus.ENODEV,
                "is not bound to nvidia"),
            // For a function that has a driver nothing would be written.
            ("drivers_probe", null, () => host.ProbeAsync(KernelDrill.Card, default), PretendedBus.EINVAL, "could not enable"),
            ("drivers_probe", null, () => host.ProbeAsync(KernelDrill.Card, default), PretendedBus.ENODEV, "no device"),
        ];
        var told = 0;
        foreach (var (name, driver, write, ownError, ownWords) in files)
            foreach (var (error, word, isTransient) in s_errors.Append((ownError, ownWords, false)))
            {
                _bus.Bind(Card, driver);
                _bus.Before = _ => Task.FromResult<int?>(error);
                var refused = await Assert.ThrowsAsync<HostException>(write);
                Assert.True(refused.Message.Contains(word, StringComparison.Ordinal), $"{name}, {error}: {refused.Message}");
                Assert.Equal((name, isTransient), (_bus.Writes[^1].Name, refused.IsTransient));
                Assert.EndsWith(".", refused.Remedy, StringComparison.Ordinal);
                Assert.Equal(driver, _bus.DriverOf(Card));
                told++;
            }
        Assert.Equal(told, _bus.Writes.Count);
        Assert.Null(PendingWrite.Find(State.Run));
        Counts.Add(_output, "errors of a pretended kernel told in words", told);
    }

    /// <summary>There and home: a write that may work later is made again, after every other everything is as it was.</summary>
    [FuseFact]
    public async Task M4_whichever_write_fails_in_whichever_way_the_card_is_where_it_was()
    {
        using var kernel = new FuseMount(_mount, _bus.At);
        var faults = 0;
        foreach (var (error, _, isTransient) in s_errors)
            for (var nth = 1; nth <= 4; nth++, faults++)
            {
                var seen = 0;
                _bus.Before = _ => Task.FromResult<int?>(++seen == nth ? error : 0);
                Assert.Equal(
                    isTransient ? Outcome.Switched : Outcome.TakenBack,
                    await KernelDrill.RunAsync(Root, _mount, TimeProvider.System));
                Assert.Equal(isTransient ? PretendedBus.Vfio : PretendedBus.Home, _bus.DriverOf(Card));
                if (!isTransient)
                    Assert.Equal("(null)", (await File.ReadAllTextAsync($"{_mount}/sys/bus/pci/devices/{Card}/driver_override")).Trim());
                _bus.Before = _ => Task.FromResult<int?>(0);
                _bus.Bind(Card, PretendedBus.Home);
                await File.WriteAllTextAsync($"{_mount}/sys/bus/pci/devices/{Card}/driver_override", "\n");
            }
        Assert.DoesNotContain(_bus.Writes, write => write.Name == "bind");
        Counts.Add(_output, "faults injected", faults);
    }
}
