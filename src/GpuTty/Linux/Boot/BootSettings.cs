using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Boot;
using GpuTty.Interop;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Desktop;
using GpuTty.Linux.State;
using GpuTty.Linux.Worker;

namespace GpuTty.Linux.Boot;

/// <summary>/var/lib/gputty/boot.json, and below /etc what follows from it.</summary>
/// <param name="hold">Keeps switches, and others of these, away until it is disposed.</param>
internal sealed class BootSettings(
    FileSystemRoot root, StateDirectory lib, CommandRunner tools, Func<OwnProgram> program, Func<IDisposable> hold) : IBootSettings
{
    private const string Note = "boot.json";
    private const int LongestFile = 64 * 1024;

    public BootChoices Choices() => lib.Read(Note) is { } content
        ? StateFormat.Read(
            content,
            StateJson.Default.BootChoices,
            lib.PathOf(Note),
            $"Remove it, then choose again: rm {lib.PathOf(Note)}",
            IsWhole)
        : BootChoices.None;

    private static bool IsWhole(BootChoices choices) =>
        !choices.Cards.IsDefault
        && choices.Cards.All(choice =>
            choice is { Functions.IsDefaultOrEmpty: false } && choice.Functions.All(function => function is not null));

    public async Task<BootState> ReadAsync(string kernel, CancellationToken cancel)
    {
        var choices = Choices();
        var (early, problem) = choices.Cards.IsEmpty ? (null, null) : await EarlyModules.ReadAsync(root, tools, kernel, cancel);
        return new BootState(choices, Files(choices), early, problem);
    }

    public BootFiles Files(BootChoices choices)
    {
        var wanted = FilesFor(choices);
        ImmutableArray<string> older =
        [
            .. choices.Cards.Select(choice => (Path: RuleOf(root, choice), Text: BootRule.OlderText(choice)))
                .Concat(wanted.Select(file => (file.Path, Text: BootUnit.OlderText(program()))))
                .Where(file => SysFiles.Text(file.Path, LongestFile) == file.Text)
                .Select(file => file.Path),
        ];
        var wrong = wanted.Where(file => SysFiles.Text(file.Path, LongestFile) != file.Text).Select(file => file.Path).Except(older);
        if (!choices.Cards.IsEmpty && !File.Exists(root.Etc(BootUnit.Link))) wrong = wrong.Append(root.Etc(BootUnit.Link));
        var units = new[] { BootUnit.Path, BootUnit.Link }.Select(root.Etc)
            .Where(path => choices.Cards.IsEmpty && SysFiles.Stat(path) is not null);
        return new BootFiles(Shown(wrong), Shown(Unwanted(wanted).Concat(units)), Shown(older));
    }

    private ImmutableArray<string> Shown(IEnumerable<string> paths) => [.. paths.Select(root.Shown)];

    /// <summary>Rules of cards that were not chosen.</summary>
    private IEnumerable<string> Unwanted(ImmutableArray<(string Path, string Text)> wanted) =>
        SysFiles.Names(root.Etc(BootRule.Folder))
            .Where(BootRule.IsOurs)
            .Select(name => root.Etc($"{BootRule.Folder}/{name}"))
            .Where(path => !wanted.Any(file => file.Path == path));

    private static string RuleOf(FileSystemRoot root, BootChoice choice) =>
        root.Etc($"{BootRule.Folder}/{BootRule.FileName(choice.Card)}");

    public ImmutableArray<(string Path, string Text)> FilesFor(BootChoices choices) => Files(root, program, choices);

    /// <summary>Each file that such choices need, with its text; looks at nothing.</summary>
    public static ImmutableArray<(string Path, string Text)> Files(FileSystemRoot root, Func<OwnProgram> program, BootChoices choices) =>
        choices.Cards.IsEmpty ? [] :
        [
            .. choices.Cards
                .Where(choice => !choice.IsOnce)
                .Select(choice => (RuleOf(root, choice), BootRule.Text(choice))),
            (root.Etc(BootUnit.Path), BootUnit.Text(program())),
        ];

    public void Keep(Func<BootChoices, BootChoices> change)
    {
        using var mine = hold();
        var before = Choices();
        try
        {
            Put(change(before));
        }
        catch (HostException)
        {
            TakeBack(before);
            throw;
        }
    }

    /// <summary>A choice of which only a part could be written is none; what
    /// was there before is there again as far as there is room.</summary>
    private void TakeBack(BootChoices before)
    {
        try
        {
            Put(before);
        }
        catch (HostException)
        {
            // Said already: nothing can be written there. Rules of cards that were not chosen are gone by now.
        }
    }

    private void Put(BootChoices choices)
    {
        lib.Ensure();
        if (!choices.Cards.IsEmpty) ProgramPlace.Check(root, program().Command);
        var files = FilesFor(choices);
        // Killed in the middle, too little is done at the next start, and never something that nobody wants.
        foreach (var path in Unwanted(files)) SystemFile.Delete(path);
        if (choices.Cards.IsEmpty)
        {
            SystemFile.Delete(root.Etc(BootUnit.Link));
            SystemFile.Delete(root.Etc(BootUnit.Path));
            lib.Delete(Note);
            return;
        }
        lib.Replace(Note, StateFormat.Write(choices, StateJson.Default.BootChoices));
        foreach (var (path, text) in files) SystemFile.Write(path, text);
        SystemFile.Link(root.Etc(BootUnit.Link), $"../{BootUnit.Name}");
    }
}
