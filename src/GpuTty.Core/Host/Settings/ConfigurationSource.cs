namespace GpuTty.Host.Settings;

/// <summary>Where a value comes from; a later one of this list overrides those before it.</summary>
public enum ConfigurationSource
{
    [JsonStringEnumMemberName("default")] Default,
    /// <summary>vfio-passthrough.conf, the file of scripts that people used before.</summary>
    [JsonStringEnumMemberName("vfio-passthrough")] VfioPassthrough,
    /// <summary>/etc/gputty.conf.</summary>
    [JsonStringEnumMemberName("system")] System,
    /// <summary>/etc/gputty.conf.d/*.conf.</summary>
    [JsonStringEnumMemberName("system-folder")] SystemFolder,
    /// <summary>~/.config/gputty.conf of whoever calls.</summary>
    [JsonStringEnumMemberName("user")] User,
    /// <summary>GPUTTY_ and the key.</summary>
    [JsonStringEnumMemberName("environment")] Environment,
}

/// <summary>A file as it was found.</summary>
/// <param name="Path">As the machine calls it.</param>
/// <param name="Text">Null where it is not used.</param>
/// <param name="Problem">Why it is not used; null where it is.</param>
public sealed record ConfigurationFile(ConfigurationSource Source, string Path, string? Text, ConfigurationProblem? Problem = null)
{
    /// <summary>A user may write it, so it says nothing about what is the system's alone.</summary>
    public bool IsOfUser { get; init; } = Source == ConfigurationSource.User;
}

/// <param name="Where">File and line, <c>/etc/gputty.conf:3</c>, or the variable.</param>
/// <param name="Problem">One sentence.</param>
/// <param name="Remedy">One next action.</param>
/// <param name="IsError">What was wanted cannot be told, so nothing that depends on it may be done; else only a note.</param>
public sealed record ConfigurationProblem(string Where, string Problem, string Remedy, bool IsError);

/// <summary>A value that counts.</summary>
/// <param name="Value">As its key takes it: checked, and in one spelling.</param>
/// <param name="Path">The file; null for a default and a variable.</param>
/// <param name="Line">From 1; null likewise.</param>
/// <param name="Written">The key as it is written there, which may be another name for it; null for a default.</param>
public sealed record ConfiguredValue(
    ConfigurationKey Key,
    string Value,
    ConfigurationSource Source,
    string? Path = null,
    int? Line = null,
    string? Written = null)
{
    /// <summary><c>/etc/gputty.conf:3</c>, <c>GPUTTY_CARD</c>, <c>default</c>.</summary>
    public string Where => Source switch
    {
        ConfigurationSource.Default => "default",
        ConfigurationSource.Environment => $"GPUTTY_{Key.Name}",
        _ => $"{Path}:{Line}",
    };
}
