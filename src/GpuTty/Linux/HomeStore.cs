using System.Text.Json;
using GpuTty.Host;

namespace GpuTty.Linux;

/// <summary>/run/gputty/home.json: how cards were before they went away. Below /run, because a reboot brings every card home anyway.</summary>
internal sealed class HomeStore(StateDirectory run)
{
    private const string Name = "home.json";

    /// <exception cref="HostException">The file is there, but it cannot be trusted or read.</exception>
    public HomeMemory Read()
    {
        if (run.Read(Name) is not { } content) return HomeMemory.Nothing;
        try
        {
            return JsonSerializer.Deserialize(content, StateJson.Default.HomeMemory) ?? HomeMemory.Nothing;
        }
        catch (JsonException broken)
        {
            throw new HostException($"{run.PathOf(Name)} cannot be read.", $"Remove it: rm {run.PathOf(Name)}", broken);
        }
    }

    /// <summary>What is remembered of a device anew replaces what was; other cards stay remembered.</summary>
    public void Remember(HomeMemory memory)
    {
        var others = Without(Read(), memory);
        Write(new HomeMemory(
            [.. others.Devices, .. memory.Devices],
            [.. others.Modules.Union(memory.Modules)],
            [.. others.Units.Union(memory.Units)]));
    }

    public void Forget(HomeMemory memory)
    {
        var before = Read();
        var others = Without(before, memory);
        // Modules and units have no device; with the last card that is away they are of no more use.
        Write(others.Devices.IsEmpty ? HomeMemory.Nothing
            : others with { Modules = before.Modules.RemoveRange(memory.Modules), Units = before.Units.RemoveRange(memory.Units) });
    }

    private static HomeMemory Without(HomeMemory all, HomeMemory gone) =>
        all with { Devices = all.Devices.RemoveAll(device => gone.Devices.Any(other => other.Address == device.Address)) };

    private void Write(HomeMemory memory) => run.Replace(Name, JsonSerializer.SerializeToUtf8Bytes(memory, StateJson.Default.HomeMemory));
}
