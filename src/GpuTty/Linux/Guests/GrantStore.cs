using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Guests;
using GpuTty.Interop;
using GpuTty.Linux.State;
using Microsoft.Win32.SafeHandles;

namespace GpuTty.Linux.Guests;

/// <summary>/run/gputty/hook: a file for each guest whose start has given a card away, and the lock of whoever is at it.</summary>
internal sealed class GrantStore(StateDirectory run) : IGuestGrants
{
    private const string LockName = "lock";
    private const string Extension = ".json";
    private readonly StateDirectory _folder = new(run.PathOf("hook"));

    public ImmutableArray<GuestGrant> All() =>
    [
        .. Names().Where(name => name.EndsWith(Extension, StringComparison.Ordinal))
            .Select(name => _folder.Read(name) is { } content
                ? StateFormat.Read(
                    content,
                    StateJson.Default.GuestGrant,
                    _folder.PathOf(name),
                    $"See where the cards are (gputty status), then remove it: rm {_folder.PathOf(name)}",
                    IsWhole)
                : null).OfType<GuestGrant>(),
    ];

    /// <exception cref="HostException">They cannot be listed: a card that was given away must not pass for a free one.</exception>
    private ImmutableArray<string> Names()
    {
        var names = SysFiles.Names(_folder.Path, out var error);
        return error is null ? names
            : throw new HostException($"{_folder.Path} cannot be listed: {error}.", "Check that its file system can be read.");
    }

    private static bool IsWhole(GuestGrant grant) =>
        !grant.Cards.IsDefault && Guid.TryParse(grant.Uuid, out _) && grant.Token.All(char.IsAsciiLetterOrDigit);

    public void Write(GuestGrant grant)
    {
        run.Ensure();
        _folder.Replace(NameOf(grant), StateFormat.Write(grant, StateJson.Default.GuestGrant));
    }

    public void Delete(GuestGrant grant) => _folder.Delete(NameOf(grant));

    public IDisposable? TryEnter()
    {
        run.Ensure();
        _folder.Ensure();
        var file = _folder.OpenOrCreate(LockName);
        if (Native.TryLock(file)) return new Held(file);
        file.Dispose();
        return null;
    }

    /// <summary>The identity is made of hexadecimal digits and dashes (<see cref="GuestIdentity"/>).</summary>
    private static string NameOf(GuestGrant grant) => $"{Guid.Parse(grant.Uuid):D}{Extension}";

    private sealed class Held(SafeFileHandle file) : IDisposable
    {
        public void Dispose()
        {
            if (file.IsClosed) return;
            Native.Unlock(file);
            file.Dispose();
        }
    }
}
