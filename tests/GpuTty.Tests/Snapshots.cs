using System.Runtime.CompilerServices;

namespace GpuTty.Tests;

/// <summary>
/// Compares a text with the one that was approved, by the file convention of Verify: <c>Class.Method.verified.txt</c> beside the
/// test, and <c>.received.txt</c> for what came instead. UPDATE_SNAPSHOTS=1 approves what came.
/// </summary>
internal static class Snapshots
{
    /// <param name="part">Tells several snapshots of one test apart.</param>
    public static void Verify(string received, string part = "", [CallerFilePath] string file = "", [CallerMemberName] string method = "")
    {
        var stem = $"{Path.GetFileNameWithoutExtension(file)}.{method}{(part.Length > 0 ? "_" : "")}{part}";
        var verifiedFile = Path.Combine(Path.GetDirectoryName(file)!, stem + ".verified.txt");
        var receivedFile = Path.ChangeExtension(verifiedFile, null)[..^".verified".Length] + ".received.txt";
        var verified = File.Exists(verifiedFile) ? File.ReadAllText(verifiedFile) : null;
        if (verified == received)
        {
            File.Delete(receivedFile);
            return;
        }
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(verifiedFile, received);
            File.Delete(receivedFile);
            return;
        }
        File.WriteAllText(receivedFile, received);
        Assert.Fail(
            $"{stem} is not as approved.\n--- approved\n{verified ?? "(nothing yet)"}\n--- received, see {receivedFile}\n{received}");
    }
}
