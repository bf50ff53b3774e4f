using System.Diagnostics;
using GpuTty.Cli;
using GpuTty.Tests.Linux;

namespace GpuTty.Tests;

public sealed class CallerEnvironmentTests
{
    [Theory]
    [InlineData("LD_PRELOAD")]
    [InlineData("LD_LIBRARY_PATH")]
    [InlineData("DOTNET_STARTUP_HOOKS")]
    [InlineData("CORECLR_PROFILER_PATH")]
    [InlineData("DOTNET_ADDITIONAL_DEPS")]
    [InlineData("DOTNET_GCPath")]
    [InlineData("DOTNET_gcname")]
    [InlineData("DOTNET_EventPipeOutputPath")]
    [InlineData("DOTNET_DbgEnableMiniDump")]
    [InlineData("DOTNET_BUNDLE_EXTRACT_BASE_DIR")]
    [InlineData("COMPlus_DbgMiniDumpName")]
    [InlineData("COREHOST_TRACEFILE")]
    [InlineData("CORE_LIBRARIES")]
    public void M28_what_would_load_code_into_root_is_refused_under_sudo_and_only_there(string variable)
    {
        Dictionary<string, string> environment = new()
        {
            [variable] = "x",
            ["SUDO_UID"] = "1000",
            ["TERM"] = "xterm",
            ["HOME"] = "/home/x",
        };
        Assert.Equal(variable, CallerEnvironment.Refused(environment, isRoot: true));
        Assert.Null(CallerEnvironment.Refused(environment, isRoot: false));
        environment.Remove("SUDO_UID");
        foreach (var (who, other, root) in ((string, string, string)[])[("PKEXEC_UID", "1000", "0"), ("DOAS_USER", "ada", "root")])
        {
            environment[who] = other;
            Assert.Equal(variable, CallerEnvironment.Refused(environment, isRoot: true));
            environment[who] = root;
            Assert.Null(CallerEnvironment.Refused(environment, isRoot: true));
        }
        environment["SUDO_UID"] = "0";
        Assert.Null(CallerEnvironment.Refused(environment, isRoot: true));
        environment.Remove("SUDO_UID");
        Assert.Null(CallerEnvironment.Refused(environment, isRoot: true));
    }

    [Fact]
    public void M28_terminal_language_and_path_are_no_reason_to_refuse() =>
        Assert.Null(CallerEnvironment.Refused(
            new Dictionary<string, string>
            {
                ["SUDO_UID"] = "1000",
                ["PATH"] = ".",
                ["LANG"] = "tr_TR.UTF-8",
                ["DOTNET_EnableDiagnostics"] = "0",
                ["DOTNET_ROOT"] = "/usr/share/dotnet",
                ["DOTNET_NOLOGO"] = "1",
            },
            isRoot: true));

    [RootFact]
    public void M28_the_program_itself_refuses_to_start_for_somebody_else_with_such_a_variable()
    {
        foreach (var who in (string[])["SUDO_UID=1000", "PKEXEC_UID=1000", "DOAS_USER=ada"])
        {
            var (code, said) = Start(who, "DOTNET_DbgMiniDumpName=/root/x", "--version");
            Assert.Equal(ExitCodes.Refused, code);
            Assert.Contains("DOTNET_DbgMiniDumpName is set", said, StringComparison.Ordinal);
        }
        Assert.Equal(ExitCodes.Done, Start("SUDO_UID=1000", "DOTNET_NOLOGO=1", "--version").Code);
        Assert.Equal(ExitCodes.Done, Start("SUDO_UID=0", "DOTNET_DbgMiniDumpName=/root/x", "--version").Code);
    }

    private static (int Code, string Said) Start(string who, string variable, string argument)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "gputty"), [argument])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name is not ("PATH" or "DOTNET_ROOT")).ToList())
            start.Environment.Remove(name);
        foreach (var pair in (string[])[who, variable]) start.Environment[pair.Split('=')[0]] = pair.Split('=')[1];
        using var program = Process.Start(start)!;
        var said = program.StandardOutput.ReadToEnd() + program.StandardError.ReadToEnd();
        program.WaitForExit();
        return (program.ExitCode, said);
    }

    [Theory]
    [InlineData("System.Globalization.Invariant", "true")]
    [InlineData("System.StartupHookProvider.IsSupported", "false")]
    public void M29_the_program_is_built_so_that_no_language_and_no_hook_of_the_caller_changes_it(string setting, string value) =>
        Assert.Contains(
            $"\"{setting}\": {value}",
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "gputty.runtimeconfig.json")),
            StringComparison.Ordinal);
}
