using System.Diagnostics.CodeAnalysis;

namespace GpuTty.Tui.Views;

/// <summary>
/// Whether this program's screen is made of Terminal.Gui's views. Decided when it is compiled (-p:Views=true), by nothing and nobody later; gone when
/// all screens are moved.
/// </summary>
internal static class ViewsSwitch
{
    [FeatureSwitchDefinition("GpuTty.Views")]
    public static bool IsOn => AppContext.TryGetSwitch("GpuTty.Views", out var isOn) && isOn;
}
