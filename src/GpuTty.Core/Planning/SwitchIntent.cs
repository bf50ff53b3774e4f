using GpuTty.Host;

namespace GpuTty.Planning;

public enum Direction { ToVm, ToHost }

/// <summary>How far the user allows programs to be ended that hold the card outside the desktop.</summary>
public enum HolderConsent { Never, Terminate, Kill }

/// <summary>What the user wants, and what the user has agreed to.</summary>
/// <param name="Card">Any function of the card.</param>
/// <param name="EndSessions">Graphical sessions may be closed.</param>
/// <param name="EndHolders">Other programs and services that hold the card may be ended.</param>
public sealed record SwitchIntent(PciAddress Card, Direction Direction, bool EndSessions = false, HolderConsent EndHolders = HolderConsent.Never);
