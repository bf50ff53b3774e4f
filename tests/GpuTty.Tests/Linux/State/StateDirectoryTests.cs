using GpuTty.Host;
using GpuTty.Interop;
using GpuTty.Tests.Linux.Commands;

namespace GpuTty.Tests.Linux.State;

public sealed class StateDirectoryTests : StateFixture
{
    [Fact]
    public void Directories_and_files_are_for_their_owner_only()
    {
        State.Ensure();
        State.Run.Replace("home.json", "{}"u8);

        Assert.Equal("700", Tool.Run("stat", "-c", "%a", State.Run.Path));
        Assert.Equal("600", Tool.Run("stat", "-c", "%a", State.Run.PathOf("home.json")));
        Assert.Equal("{}"u8.ToArray(), State.Run.Read("home.json"));
    }

    [Fact]
    public void What_is_not_there_is_no_error() => Assert.Null(State.Run.Read("home.json"));

    [Fact]
    public void M27_a_link_in_place_of_a_file_is_refused_and_its_target_left_alone()
    {
        State.Ensure();
        var target = $"{Root}/precious";
        File.WriteAllText(target, "precious");
        File.CreateSymbolicLink(State.Run.PathOf("lock"), target);

        AssertRefused("is a symbolic link", () => State.Run.OpenOrCreate("lock"));
        AssertRefused("is a symbolic link", () => State.Run.Read("lock"));
        State.Run.Replace("lock", "mine"u8);
        Assert.Equal("precious", File.ReadAllText(target));
        Assert.Null(File.ResolveLinkTarget(State.Run.PathOf("lock"), false));
    }

    [Fact]
    public void M27_a_file_with_a_second_name_is_refused()
    {
        State.Run.Replace("journal", "x"u8);
        Tool.Run("ln", State.Run.PathOf("journal"), $"{Root}/other");

        AssertRefused("second name", () => State.Run.Read("journal"));
    }

    [Fact]
    public void M27_a_pipe_is_refused_and_not_waited_for()
    {
        State.Ensure();
        Tool.Run("mkfifo", "-m", "600", State.Run.PathOf("request"));

        AssertRefused("is not a plain file", () => State.Run.Read("request"));
        AssertRefused("is not a plain file", () => State.Run.OpenOrCreate("request"));
    }

    [Fact]
    public void A_file_that_others_may_write_is_refused()
    {
        State.Run.Replace("home.json", "{}"u8);
        Tool.Run("chmod", "622", State.Run.PathOf("home.json"));

        AssertRefused("can be written to by other users", () => State.Run.Read("home.json"));
    }

    /// <summary>It holds what the way back of a card is read from: whoever obeys loses nothing.</summary>
    [Fact]
    public void What_others_could_only_read_is_closed_and_what_they_could_have_written_is_moved_away_and_never_removed()
    {
        State.Run.Replace("home.json", "{}"u8);
        Tool.Run("chmod", "755", State.Run.Path);
        Assert.Equal($"Close it: chmod 700 {State.Run.Path}", Assert.Throws<HostException>(State.Run.Ensure).Remedy);
        Tool.Run("chmod", "700", State.Run.Path);
        Tool.Run("chmod", "640", State.Run.PathOf("home.json"));
        Assert.Equal(
            $"Close it: chmod 600 {State.Run.PathOf("home.json")}",
            Assert.Throws<HostException>(() => State.Run.Read("home.json")).Remedy);
        Tool.Run("chmod", "600", State.Run.PathOf("home.json"));
        Assert.Equal("{}"u8.ToArray(), State.Run.Read("home.json"));

        Tool.Run("chmod", "775", State.Run.Path);
        Assert.Equal(
            $"See what it is, then move it away: mv {State.Run.Path} {State.Run.Path}.untrusted",
            Assert.Throws<HostException>(State.Run.Ensure).Remedy);
    }

    [Fact]
    public void M27_a_directory_that_is_a_link_or_open_to_others_is_refused()
    {
        Directory.CreateDirectory($"{Root}/elsewhere");
        File.CreateSymbolicLink(State.Run.Path, $"{Root}/elsewhere");
        AssertRefused("is a symbolic link", State.Run.Ensure);

        Directory.CreateDirectory(State.Lib.Path);
        Tool.Run("chmod", "1777", State.Lib.Path);
        AssertRefused("can be written to by other users", State.Lib.Ensure);
    }

    [RootFact]
    public void M27_what_somebody_else_owns_is_refused()
    {
        State.Run.Replace("home.json", "{}"u8);
        Tool.Run("chown", "nobody", State.Run.PathOf("home.json"));
        AssertRefused("belongs to user 65534", () => State.Run.Read("home.json"));

        State.Lib.Ensure();
        Tool.Run("chown", "nobody", State.Lib.Path);
        AssertRefused("belongs to user 65534", State.Lib.Ensure);
    }

    [Fact]
    public void Replacing_a_file_leaves_the_old_one_or_the_new_one_and_no_third()
    {
        State.Run.Replace("home.json", "old"u8);
        using var held = State.Run.TryOpen("home.json", Native.ReadOnly)!;
        State.Run.Replace("home.json", "new"u8);

        var before = new byte[10];
        Assert.Equal("old"u8.ToArray(), before[..RandomAccess.Read(held, before, 0)]);
        Assert.Equal("new"u8.ToArray(), State.Run.Read("home.json"));
        Assert.Single(Directory.GetFiles(State.Run.Path));
    }

    [Fact]
    public async Task A_file_that_is_replaced_again_and_again_can_be_read_at_every_moment()
    {
        State.Run.Replace("journal", "first"u8);
        using var enough = new CancellationTokenSource();
        var replacing = Task.Run(() =>
        {
            while (!enough.IsCancellationRequested) State.Run.Replace("journal", "other"u8);
        });
        try
        {
            for (var look = 0; look < 20_000; look++)
                Assert.Equal(5, State.Run.Read("journal")?.Length);
        }
        finally
        {
            await enough.CancelAsync();
            await replacing;
        }
    }

    private static void AssertRefused(string why, Action action)
    {
        var refused = Assert.Throws<HostException>(action);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.NotEmpty(refused.Remedy);
    }
}
