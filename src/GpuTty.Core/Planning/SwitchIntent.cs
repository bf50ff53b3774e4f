using GpuTty.Host;

namespace GpuTty.Planning;

/// <summary>To the virtual machine and back; or, without moving the card, away from the desktop and back.</summary>
public enum Direction { ToVm, ToHost, KeepOff, LetOn }

/// <summary>What the card is for, once it is at home.</summary>
public enum DesktopUse
{
    /// <summary>As it is now: the rule stays on or off.</summary>
    AsItIs,
    /// <summary>Compute and rendering: the desktop is kept off it until the next boot.</summary>
    KeptOff,
    /// <summary>The same, across boots.</summary>
    KeptOffForGood,
    /// <summary>Monitors are plugged into it: the desktop may use it.</summary>
    Allowed,
}

/// <summary>How far the user allows programs to be ended that hold the card outside the desktop.</summary>
public enum HolderConsent { Never, Terminate, Kill }

/// <summary>What the user wants, and what the user has agreed to.</summary>
/// <param name="Card">Any function of the card.</param>
/// <param name="EndSessions">Graphical sessions may be closed.</param>
/// <param name="EndHolders">Other programs and services that hold the card may be ended.</param>
public sealed record SwitchIntent(PciAddress Card, Direction Direction, bool EndSessions = false, HolderConsent EndHolders = HolderConsent.Never)
{
    public DesktopUse Desktop { get; init; }
}
