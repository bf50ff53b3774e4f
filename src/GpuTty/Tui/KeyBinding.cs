using System.Collections.Immutable;
using GpuTty.Terminal;

namespace GpuTty.Tui;

/// <summary>A key as data: the bottom line, the help and the dispatch read the same table.</summary>
/// <param name="Label">Two or three words for the bottom line.</param>
/// <param name="Do">What it does; only called when <paramref name="WhyNot"/> has no reason against it.</param>
/// <param name="WhyNot">Why it does nothing now, in one sentence; null when it does.</param>
internal sealed record KeyBinding(Key Key, string Label, Func<Model, Next> Do, Func<Model, string?>? WhyNot = null)
{
    /// <summary>Function keys and the like; never the only way.</summary>
    public ImmutableArray<Key> Aliases { get; init; } = [];

    /// <summary>A whole sentence for the help; the label where it is empty.</summary>
    public string Help { get; init; } = "";

    /// <summary>Other words by which people look for it, in the help and among the actions.</summary>
    public string Words { get; init; } = "";

    /// <summary>False for keys that only the help lists.</summary>
    public bool InBar { get; init; } = true;

    /// <summary>Shown at every width.</summary>
    public bool IsPinned { get; init; }

    public bool Answers(Key key) => Key == key || Aliases.Contains(key);
    public string? Reason(Model model) => WhyNot?.Invoke(model);
    public string Names => string.Join(' ', Aliases.Prepend(Key).Select(key => key.ToString()));
}
