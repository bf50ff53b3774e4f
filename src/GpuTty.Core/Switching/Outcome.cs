namespace GpuTty.Switching;

/// <summary>How a run ended.</summary>
public enum Outcome
{
    /// <summary>Every step was seen to happen.</summary>
    [JsonStringEnumMemberName("Switched")]
    Switched,
    /// <summary>A step failed, and everything that was done has been rolled back.</summary>
    [JsonStringEnumMemberName("TakenBack")]
    TakenBack,
    /// <summary>A step failed, and something could not be rolled back.</summary>
    [JsonStringEnumMemberName("LeftHalfway")]
    LeftHalfway,
    /// <summary>Nothing was done: the machine had changed since the plan was shown, or the plan was refused.</summary>
    [JsonStringEnumMemberName("Refused")]
    Refused,
}
