using GpuTty.Interop;
using GpuTty.Tests.Linux.Commands;
using GpuTty.Tests.Linux.Processes;

namespace GpuTty.Tests.Linux.Guests;

/// <summary>What is run with somebody else's rights on root's terminal.</summary>
public sealed class UntypedProgramTests
{
    /// <summary>EPERM by the filter; ENOTTY, as standard input is no terminal here, for every other call.</summary>
    [AttackFact]
    public void It_cannot_type_into_the_terminal_and_can_do_everything_else_there()
    {
        var type = AttackProgram.PathOf("type");
        Assert.Equal("25 25 25 25", Tool.Run("sh", "-c", $"{type} </dev/null"));
        Assert.Equal("1 1 1 25", Tool.Run("sh", "-c", $"{Line(type)} </dev/null"));
    }

    [Fact]
    public void It_has_the_callers_mask_and_signals_and_not_ours()
    {
        Assert.Equal("0027", Tool.Run("sh", "-c", $"umask 077; {Line("/bin/sh", 0x17)} -c umask"));
        var ignored = Tool.Run("sh", "-c", $"{Line("/bin/grep")} SigIgn /proc/self/status");
        // SIGPIPE and SIGXFSZ; whatever else is ignored here, whoever started the tests has chosen so.
        Assert.Equal(0ul, ulong.Parse(ignored.Split('\t')[1], System.Globalization.NumberStyles.HexNumber, null) & (1ul << 12 | 1ul << 24));
    }

    [Fact]
    public void Its_arguments_reach_it_as_they_are_and_its_status_comes_back()
    {
        Assert.Equal("--help|-h|--|a b|", Tool.Run("sh", "-c", $"{Line("/usr/bin/printf")} '%s|' --help -h -- 'a b'"));
        Assert.Equal("7", Tool.Run("sh", "-c", $"{Line("/bin/sh")} -c 'exit 7'; echo $?"));
        Assert.Equal("127", Tool.Run("sh", "-c", $"{Line("/no/such/program")}; echo $?"));
    }

    private static string Line(string program, int mask = 0x12) =>
        string.Join(' ', [.. OtherProcess.Command(UntypedProgram.Word, $"{mask}"), program]);
}
