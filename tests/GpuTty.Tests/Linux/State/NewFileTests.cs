using GpuTty.Host;
using GpuTty.Linux.Settings;
using GpuTty.Linux.State;
using GpuTty.Switching;
using Xunit.Abstractions;

namespace GpuTty.Tests.Linux.State;

public sealed class NewFileTests(ITestOutputHelper output) : StateFixture
{
    /// <summary>Whatever is in the place of a report: nothing is followed, waited for or written over.</summary>
    [Fact]
    public void A_file_that_is_there_already_is_refused_whatever_it_is()
    {
        var victim = $"{Root}/victim";
        File.WriteAllText(victim, "untouched");
        var path = $"{Root}/report";
        Action[] places =
        [
            () => File.WriteAllText(path, "x"),
            () => File.CreateSymbolicLink(path, victim),
            () => File.CreateSymbolicLink(path, $"{Root}/nowhere"),
            () => File.CreateSymbolicLink(path, path),
            () => File.CreateSymbolicLink(path, "/dev/null"),
            () => Commands.Tool.Run("ln", victim, path),
            () => Commands.Tool.Run("mkfifo", path),
            () => Directory.CreateDirectory(path),
        ];
        foreach (var make in places)
        {
            make();
            Assert.Throws<HostException>(() => NewFile.Write(path, "y"u8));
            Assert.Equal("untouched", File.ReadAllText(victim));
            Assert.False(File.Exists($"{Root}/nowhere"));
            if (Directory.Exists(path) && new FileInfo(path).LinkTarget is null) Directory.Delete(path);
            else File.Delete(path);
        }
        string[] names = [
            $"{Root}/no/where",
            $"{victim}/where",
            $"{Root}/",
            $"{Root}/.",
            $"{Root}/..",
            "/",
            $"{Root}/{new string('A', 300)}",
            $"{Root}/{string.Concat(Enumerable.Repeat("a/", 3000))}x",
            "/proc/self/x",
            $"{Root}/a\0b",
        ];
        foreach (var name in names) Assert.Throws<HostException>(() => NewFile.Write(name, "y"u8));
        Counts.Add(output, "report files refused", places.Length + names.Length);
    }

    [Fact]
    public void A_file_is_for_its_owner_alone_and_never_over_another_one()
    {
        var path = $"{Root}/report";
        Assert.Equal(path, NewFile.Write(path, "x"u8));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Throws<HostException>(() => NewFile.Write(path, "y"u8));
        Assert.Equal("x", File.ReadAllText(path));
        File.CreateSymbolicLink($"{Root}/link", $"{Root}/elsewhere");
        Assert.Throws<HostException>(() => NewFile.Write($"{Root}/link", "y"u8));
        Assert.False(File.Exists($"{Root}/elsewhere"));
        Assert.Contains(
            "there is no folder",
            Assert.Throws<HostException>(() => NewFile.Write($"{Root}/no/where", "y"u8)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "there is no folder",
            Assert.Throws<HostException>(() => NewFile.Write($"{path}/where", "y"u8)).Message,
            StringComparison.Ordinal);
    }

    /// <summary>A worker that is killed meanwhile leaves nothing whose name is taken when the switch is resumed.</summary>
    [Fact]
    public async Task A_file_has_its_name_only_when_all_of_it_is_written()
    {
        var path = $"{Root}/card.rom";
        var content = new byte[16 << 20];
        var seen = new List<long>();
        using var isWatched = new ManualResetEventSlim();
        using var isWritten = new ManualResetEventSlim();
        var watch = Task.Run(() =>
        {
            while (!isWritten.IsSet)
            {
                if (new FileInfo(path) is { Exists: true } there) seen.Add(there.Length);
                isWatched.Set();
            }
        });
        isWatched.Wait();
        NewFile.Write(path, content);
        isWritten.Set();
        await watch;
        Assert.All(seen, length => Assert.Equal(content.Length, length));
        Assert.Equal(content.Length, new FileInfo(path).Length);
    }

    /// <summary>Whoever may rename what is in the parent of the folder, as group
    /// syslog may in /var/log on Ubuntu, puts another one in its place.</summary>
    [Fact]
    public void What_is_written_into_a_folder_stays_in_it_whoever_takes_its_name()
    {
        State.Ensure();
        using var log = RunLog.Begin(State);
        Directory.Move(State.Log.Path, $"{State.Log.Path}.aside");
        Directory.CreateDirectory($"{Root}/victim");
        File.CreateSymbolicLink(State.Log.Path, $"{Root}/victim");
        // More than one file for people: the next one is opened anew.
        var line = new LogLine(DateTimeOffset.UnixEpoch, LogLevel.Info, LogSource.Gputty, new string('x', 4000));
        for (var count = 0; count < 5000; count++) log.Add(line);
        Assert.Empty(Directory.GetFiles($"{Root}/victim"));
        var files = Directory.GetFiles($"{State.Log.Path}.aside");
        Assert.True(files.Length >= 2, $"{files.Length}");
        Assert.All(files, file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Fact]
    public void What_is_wrong_with_a_name_is_a_sentence_and_what_to_do_another()
    {
        Directory.CreateDirectory($"{Root}/folder");
        var folder = Assert.Throws<HostException>(() => NewFile.Write($"{Root}/folder", "x"u8));
        Assert.Equal(
            ($"{Root}/folder cannot be written: it is a folder.", "Name a file in it."), (folder.Message, folder.Remedy));
        NewFile.Write($"{Root}/taken", "x"u8);
        var taken = Assert.Throws<HostException>(() => NewFile.Write($"{Root}/taken", "y"u8));
        Assert.Equal($"{Root}/taken cannot be written: File exists.", taken.Message);
    }

    /// <summary>Root writes for whoever called sudo: theirs is the file, and root's right to write anywhere is not lent.</summary>
    [RootFact]
    public void What_root_writes_for_a_user_is_the_user_s_and_only_where_the_user_may_write()
    {
        const uint nobody = 65534;
        var home = $"{Root}/home";
        Directory.CreateDirectory(home);
        for (var folder = home; folder.StartsWith(Path.GetTempPath(), StringComparison.Ordinal) && folder.Length > 5;
             folder = Path.GetDirectoryName(folder)!)
            Commands.Tool.Run("chmod", "o+x", folder);
        Commands.Tool.Run("chown", $"{nobody}", home);
        var user = new CallingUser(nobody, home) { Group = nobody };
        Assert.Equal($"{home}/plan.txt", NewFile.WriteAs(user, "~/plan.txt", "x"u8));
        Assert.Equal($"{nobody} {nobody} 600", Commands.Tool.Run("stat", "-c", "%u %g %a", $"{home}/plan.txt"));
        Assert.Throws<HostException>(() => NewFile.WriteAs(user, $"{home}/plan.txt", "y"u8));
        Directory.CreateDirectory($"{Root}/of-root");
        File.CreateSymbolicLink($"{home}/link", $"{Root}/of-root");
        foreach (var refused in (string[])[$"{Root}/of-root/plan.txt", $"{home}/link/plan.txt", "~/link"])
            Assert.Contains("cannot be written", Assert.Throws<HostException>(
                () => NewFile.WriteAs(user, refused, "y"u8)).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles($"{Root}/of-root"));
        // This thread is root again.
        NewFile.Write($"{Root}/of-root/plan.txt", "x"u8);
    }

    /// <summary>As a worker that was killed has left it before it could say that it had.</summary>
    [Fact]
    public void A_file_is_there_already_where_it_is_a_plain_one_of_ones_own_with_the_same_content()
    {
        var path = $"{Root}/card.rom";
        Assert.False(NewFile.IsThere(path, "image"u8));
        NewFile.Write(path, "image"u8);
        Assert.True(NewFile.IsThere(path, "image"u8));
        Assert.False(NewFile.IsThere(path, "imagf"u8));
        Assert.False(NewFile.IsThere(path, "images"u8));
        Assert.False(NewFile.IsThere(path, "imag"u8));
        File.CreateSymbolicLink($"{Root}/link.rom", path);
        Assert.False(NewFile.IsThere($"{Root}/link.rom", "image"u8));
        Commands.Tool.Run("mkfifo", $"{Root}/pipe.rom");
        Assert.False(NewFile.IsThere($"{Root}/pipe.rom", "image"u8));
        Assert.False(NewFile.IsThere(Root, ""u8));
    }
}
