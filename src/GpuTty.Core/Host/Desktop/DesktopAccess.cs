using GpuTty.Host.Pci;

namespace GpuTty.Host.Desktop;

/// <summary>What the card is for, once it is at home.</summary>
public enum DesktopAccess
{
    /// <summary>As it is now: the rule stays on or off.</summary>
    [JsonStringEnumMemberName("AsItIs")]
    Unchanged,
    /// <summary>Compute and rendering: the desktop is kept off it until the next boot.</summary>
    [JsonStringEnumMemberName("KeptOff")]
    HiddenFromSeat,
    /// <summary>The same, across boots.</summary>
    [JsonStringEnumMemberName("KeptOffForGood")]
    HiddenPermanently,
    /// <summary>Monitors are plugged into it: the desktop may use it.</summary>
    [JsonStringEnumMemberName("Allowed")]
    Allowed,
}

/// <summary>What the user has said a card is for, kept for this boot so that nobody is asked twice.</summary>
/// <param name="Card">The display function.</param>
/// <param name="Id">Its ids: another device at that address was not meant.</param>
public sealed record CardAccess(
    [property: JsonPropertyName("card")] PciAddress Card,
    [property: JsonPropertyName("id")] PciId Id,
    [property: JsonPropertyName("use")] DesktopAccess Use);
