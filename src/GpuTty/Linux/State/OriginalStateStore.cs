using GpuTty.Host;

namespace GpuTty.Linux.State;

/// <summary>/run/gputty/home.json: how cards were before they went away.
/// Below /run, because a reboot brings every card home anyway.</summary>
internal sealed class OriginalStateStore(StateDirectory run)
{
    private const string Name = "home.json";

    /// <summary>Never "remove it": it is the only note of how the cards that are away were.</summary>
    private const string Remedy = "Save your work and reboot: that returns every card to the host and removes the file.";

    /// <exception cref="HostException">The file is there, but it cannot be trusted or read.</exception>
    public OriginalState Read()
    {
        try
        {
            return run.Read(Name) is { } content
                ? StateFormat.Read(content, StateJson.Default.OriginalState, run.PathOf(Name), Remedy)
                : OriginalState.Nothing;
        }
        catch (HostException untrusted) when (untrusted is not NeedsRootException && untrusted.Remedy != Remedy)
        {
            throw new HostException(untrusted.Message, Remedy, untrusted);
        }
    }

    /// <summary>What is remembered of a device anew replaces what was; other cards stay remembered.</summary>
    public void Remember(OriginalState memory) => Write(Read().With(memory));

    public void Forget(OriginalState memory) => Write(Read().Without(memory));

    private void Write(OriginalState memory) => run.Replace(Name, StateFormat.Write(memory, StateJson.Default.OriginalState));
}
