using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Host.Pci;
using GpuTty.Linux.Kernel;

namespace GpuTty.Tests.Linux.Kernel;

/// <summary>Memory on cards, from the files of their drivers; a card that sleeps is left asleep.</summary>
public sealed class CardMemoryTests : IDisposable
{
    private static readonly PciAddress s_card = PciAddress.Parse("0000:01:00.0");
    private readonly MachineTree _machine = new();

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData("drm-driver:\tamdgpu\ndrm-client-id:\t7\ndrm-memory-vram:\t2048 KiB\ndrm-memory-gtt:\t4096 KiB\n", 2097152L)]
    [InlineData("drm-client-id:\t7\ndrm-resident-vram0:\t3 MiB\ndrm-memory-vram:\t9 MiB\n", 3145728L)]
    [InlineData("drm-client-id:\t7\ndrm-resident-local0:\t512\n", 512L)]
    [InlineData("drm-driver:\tnvidia-drm\n", null)]
    [InlineData("pos:\t0\nflags:\t02\n", null)]
    public void What_a_driver_tells_of_a_client_is_added_up(string info, long? bytes) => Assert.Equal(bytes, CardMemory.Bytes(info, out _));

    [Fact]
    public void Descriptors_of_one_client_count_once_and_a_sleeping_card_is_not_asked()
    {
        foreach (var (descriptor, client, mib) in ((int, int, int)[])[(5, 1, 10), (6, 1, 10), (7, 2, 5)])
            _machine.File($"proc/4711/fdinfo/{descriptor}", $"drm-client-id:\t{client}\ndrm-memory-vram:\t{mib} MiB\n");
        var host = new HostSnapshot
        {
            TakenAt = DateTimeOffset.UnixEpoch,
            Devices = [new PciDevice
            {
                Address = s_card,
                Class = new PciClass(0x030000),
                Id = new PciId(0x1002, 0x744c),
                Name = "card",
                PowerState = "D0",
            }],
            Holders = [new Holder
            {
                Pid = 4711,
                StartTime = 1,
                Name = "python3",
                Uid = 1000,
                Nodes = [.. ((int[])[5, 6, 7]).Select(descriptor =>
                    new HeldNode("/dev/dri/renderD128", NodeKind.Render, s_card, null, descriptor))],
            }],
        };
        var memory = new CardMemory(_machine.Root);
        Assert.Equal([new HeldMemory(4711, s_card, 15L << 20)], memory.Held(host, [], []).AsEnumerable());
        Assert.Empty(memory.Held(host, [s_card], []));
        _machine.File("sys/bus/pci/devices/0000:01:00.0/mem_info_vram_total", "25753026560\n");
        Assert.Equal(25753026560L, memory.Of(host.Devices[0]));
        var asleep = host with { Devices = [host.Devices[0] with { PowerState = "D3cold" }] };
        Assert.Empty(memory.Held(asleep, [], []));
        Assert.Null(memory.Of(asleep.Devices[0]));
    }
}
