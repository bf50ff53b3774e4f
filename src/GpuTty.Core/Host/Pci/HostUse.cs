namespace GpuTty.Host.Pci;

public enum HostUseKind { Network, Storage, Input, Usb }

/// <summary>Something the host does through a function and would lose with it.</summary>
/// <param name="Name">What a person calls it: <c>enp3s0</c>, <c>sda (/)</c>, <c>Logitech keyboard</c>.</param>
/// <param name="IsVital">True where losing it stops the host or locks its user out: a mounted file system, the default route, a keyboard.</param>
public sealed record HostUse(HostUseKind Kind, string Name, bool IsVital);
