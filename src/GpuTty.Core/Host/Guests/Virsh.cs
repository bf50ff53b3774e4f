namespace GpuTty.Host.Guests;

/// <summary>libvirt's own command, as people are told to type it.</summary>
public static class Virsh
{
    /// <summary>With the connection: without it an ordinary user's
    /// asks a daemon of theirs, which knows none of the system's guests.</summary>
    public const string OfSystem = $"virsh -c {Connection}";

    public const string Connection = "qemu:///system";
}
