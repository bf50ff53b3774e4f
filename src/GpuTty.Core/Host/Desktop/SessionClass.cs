namespace GpuTty.Host.Desktop;

/// <summary>
/// What the class of a session means (pam_systemd(8); logind-session.h of systemd 258). Classes that are not
/// known here count as a person's: nobody's session is ended unasked, and nobody's services are believed to end.
/// </summary>
public static class SessionClass
{
    public const string Greeter = "greeter";

    /// <summary>The user's service manager itself, which logind shows as a session since systemd 256.</summary>
    public static bool IsManager(string name) => name is "manager" or "manager-early";

    /// <summary>Jobs such as cron's: no screen, no keyboard.</summary>
    public static bool IsBackground(string name) => name is "background" or "background-light";

    /// <summary>Shown on a screen, and nobody's work is in it: the login screen, and the lock screen of a display manager.</summary>
    public static bool IsScreenOnly(string name) => name is Greeter or "lock-screen";

    /// <summary>May have a desktop: <c>user</c>, <c>user-early</c>, <c>user-light</c>,
    /// <c>user-early-light</c>, <c>user-incomplete</c>, and what is not known.</summary>
    public static bool IsPersons(string name) => !IsManager(name) && !IsBackground(name) && !IsScreenOnly(name) && name != "none";

    /// <summary>While such a session is there, its user's manager and services go on (SESSION_CLASS_PIN_USER).</summary>
    public static bool KeepsManager(string name) => !IsManager(name) && name != "none";
}
