using GpuTty.Interop;
using GpuTty.Tests.Linux;

namespace GpuTty.Tests.Interop;

/// <summary>A file is given to somebody who may write in its folder.</summary>
public sealed class OwnershipTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gputty-owner").FullName;

    [RootFact]
    public void A_file_gets_owner_group_and_permissions()
    {
        File.WriteAllText($"{_folder}/file", "");
        Assert.Null(SysFiles.Own($"{_folder}/file", 4711, 4712, 0b110_110_000));
        var facts = SysFiles.Stat($"{_folder}/file")!.Value;
        Assert.Equal((4711u, 4712u, 0b110_110_000), (facts.Uid, facts.Gid, facts.Mode & 0b111_111_111));
    }

    [RootFact]
    public void A_link_in_its_place_is_refused_and_what_it_leads_to_left_alone()
    {
        File.WriteAllText($"{_folder}/other", "");
        File.SetUnixFileMode($"{_folder}/other", (UnixFileMode)0b110_100_100);
        File.CreateSymbolicLink($"{_folder}/link", $"{_folder}/other");
        Assert.Equal("it is a link", SysFiles.Own($"{_folder}/link", 4711, 4712, 0b110_110_000));
        var facts = SysFiles.Stat($"{_folder}/other")!.Value;
        Assert.Equal((0u, 0u, 0b110_100_100), (facts.Uid, facts.Gid, facts.Mode & 0b111_111_111));
    }

    [RootFact]
    public void What_is_not_there_is_said() => Assert.NotNull(SysFiles.Own($"{_folder}/nothing", 4711, 4712, 0b110_110_000));

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
