using System.Security.Cryptography;
using System.Text;

namespace GpuTty.Host.Guests;

/// <summary>What tells a guest from all others, and is fit for the name of a file: 32 hexadecimal digits and dashes.</summary>
public static class GuestIdentity
{
    public static string Of(GuestDescription guest) => guest.Uuid ?? Of(guest.Name);

    /// <summary>Of a guest without a UUID: made from its name.</summary>
    public static string Of(string name) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16)).ToString("D");
}
