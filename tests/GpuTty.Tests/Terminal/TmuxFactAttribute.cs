namespace GpuTty.Tests.Terminal;

/// <summary>A test that needs tmux.</summary>
internal sealed class TmuxFactAttribute : FactAttribute
{
    public TmuxFactAttribute()
    {
        if (!Tmux.IsThere) Skip = "tmux is not installed.";
    }
}
