namespace GpuTty.Tests;

public sealed class CallerEnvironmentTests
{
    [Theory]
    [InlineData("LD_PRELOAD")]
    [InlineData("LD_LIBRARY_PATH")]
    [InlineData("DOTNET_STARTUP_HOOKS")]
    [InlineData("CORECLR_PROFILER_PATH")]
    [InlineData("DOTNET_ADDITIONAL_DEPS")]
    public void M28_what_would_load_code_into_root_is_refused_under_sudo_and_only_there(string variable)
    {
        Dictionary<string, string> environment = new() { [variable] = "x", ["SUDO_UID"] = "1000", ["TERM"] = "xterm", ["HOME"] = "/home/x" };
        Assert.Equal(variable, CallerEnvironment.Refused(environment, isRoot: true));
        Assert.Null(CallerEnvironment.Refused(environment, isRoot: false));
        environment["SUDO_UID"] = "0";
        Assert.Null(CallerEnvironment.Refused(environment, isRoot: true));
        environment.Remove("SUDO_UID");
        Assert.Null(CallerEnvironment.Refused(environment, isRoot: true));
    }

    [Fact]
    public void M28_terminal_language_and_path_are_no_reason_to_refuse() =>
        Assert.Null(CallerEnvironment.Refused(new Dictionary<string, string> { ["SUDO_UID"] = "1000", ["PATH"] = ".", ["LANG"] = "tr_TR.UTF-8", ["DOTNET_EnableDiagnostics"] = "0" }, isRoot: true));

    [Theory]
    [InlineData("System.Globalization.Invariant", "true")]
    [InlineData("System.StartupHookProvider.IsSupported", "false")]
    public void M29_the_program_is_built_so_that_no_language_and_no_hook_of_the_caller_changes_it(string setting, string value) =>
        Assert.Contains($"\"{setting}\": {value}", File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "gputty.runtimeconfig.json")), StringComparison.Ordinal);
}
