using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace GpuTty.Tui;

/// <summary>What a message led to.</summary>
internal sealed record Next(Model Model, params ImmutableArray<Effect> Effects)
{
    /// <summary>A model alone asks nothing of the world; no model is no answer.</summary>
    [return: NotNullIfNotNull(nameof(model))]
    public static implicit operator Next?(Model? model) => model is null ? null : new(model);
}
