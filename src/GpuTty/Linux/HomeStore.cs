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

    /// <summary>For snapshots, which never fail: a file that cannot be trusted or read tells nothing. Remembering names it then.</summary>
    public HomeMemory ReadOrNothing()
    {
        try
        {
            return Read();
        }
        catch (HostException)
        {
            return HomeMemory.Nothing;
        }
    }

    /// <summary>What is remembered of a device anew replaces what was; other cards stay remembered.</summary>
    public void Remember(HomeMemory memory) => Write(Read().With(memory));

    public void Forget(HomeMemory memory) => Write(Read().Without(memory));

    private void Write(HomeMemory memory) => run.Replace(Name, JsonSerializer.SerializeToUtf8Bytes(memory, StateJson.Default.HomeMemory));
}
