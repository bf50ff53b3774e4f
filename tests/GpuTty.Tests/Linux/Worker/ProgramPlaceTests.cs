using GpuTty.Host;
using GpuTty.Linux.Worker;
using GpuTty.Tests.Linux.Commands;

namespace GpuTty.Tests.Linux.Worker;

/// <summary>Root runs a program by itself from now on: nobody else may be able to exchange it.</summary>
public sealed class ProgramPlaceTests : IDisposable
{
    private const string Program = "/opt/tools/gputty";
    private readonly MachineTree _tree = new();

    public ProgramPlaceTests() => _tree.File(Program.TrimStart('/'), "program");

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void One_that_only_root_can_change_is_run_and_one_that_is_not_there_is_no_matter()
    {
        ProgramPlace.Check(_tree.Root, [Program]);
        ProgramPlace.Check(_tree.Root, ["/nowhere/gputty", "run"]);
    }

    [RootFact]
    public void One_in_the_folder_of_a_user_is_not()
    {
        Tool.Run("chown", $"{SecondUser.Uid}", _tree.At("opt/tools"));
        Refused("/opt/tools belongs to user 65534, and root would run /opt/tools/gputty by itself.");
    }

    [RootFact]
    public void One_that_belongs_to_a_user_is_not()
    {
        Tool.Run("chown", $"{SecondUser.Uid}", _tree.At("opt/tools/gputty"));
        Refused("/opt/tools/gputty belongs to user 65534");
    }

    [Fact]
    public void One_that_everybody_can_write_to_or_whose_folder_everybody_can_is_not()
    {
        var everybody = (UnixFileMode)0b111_111_111;
        File.SetUnixFileMode(_tree.At("opt"), everybody);
        Refused("/opt is writable by all users");
        File.SetUnixFileMode(_tree.At("opt"), everybody | UnixFileMode.StickyBit);
        ProgramPlace.Check(_tree.Root, [Program]);
        File.SetUnixFileMode(_tree.At("opt/tools/gputty"), everybody);
        Refused("/opt/tools/gputty is writable by all users");
    }

    private void Refused(string why) =>
        Assert.StartsWith(
            why, Assert.Throws<HostException>(() => ProgramPlace.Check(_tree.Root, [Program])).Message, StringComparison.Ordinal);
}
