using System.Collections.Immutable;

namespace GpuTty.Host;

/// <summary>A line of the machine's account file (passwd(5)).</summary>
/// <param name="MayLogIn">False where its shell lets nobody in.</param>
public sealed record Account(int Uid, string Name, bool MayLogIn);

/// <summary>Who is known on a machine, whether anybody is logged in or not.</summary>
/// <param name="HostName">Empty where it is unknown.</param>
/// <param name="Callers">Who called gputty, as sudo, doas and login tell it: also accounts that no file of the machine has.</param>
public sealed record LocalNames(string HostName, ImmutableArray<Account> Accounts, ImmutableArray<string> Callers)
{
    public static LocalNames None { get; } = new("", [], []);
}
