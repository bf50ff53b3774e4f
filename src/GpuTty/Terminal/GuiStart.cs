using System.Runtime.CompilerServices;

namespace GpuTty.Terminal;

/// <summary>
/// Terminal.Gui reads configuration files of the caller's home and folder, and starts a shell to look for a clipboard program. In
/// the native program both are cut out (Terminal.Gui.Substitutions.xml); in a build that compiles while it runs, they find nothing.
/// </summary>
internal static class GuiStart
{
    private const string Nowhere = "/var/empty";

    private static readonly string[] s_steering = ["HOME", "PATH", "TUI_CONFIG", "DisableRealDriverIO"];

    public static T Safely<T>(Func<T> start)
    {
        if (!RuntimeFeature.IsDynamicCodeSupported) return start();
        var folder = Environment.CurrentDirectory;
        var before = s_steering.ToDictionary(name => name, Environment.GetEnvironmentVariable);
        try
        {
            Environment.CurrentDirectory = "/";
            foreach (var name in s_steering) Environment.SetEnvironmentVariable(name, name is "HOME" or "PATH" ? Nowhere : null);
            return start();
        }
        finally
        {
            foreach (var (name, value) in before) Environment.SetEnvironmentVariable(name, value);
            Environment.CurrentDirectory = folder;
        }
    }
}
