using SharpFuzz;

namespace GpuTty.Tests.Linux;

/// <summary>
/// What tests/fuzz.sh calls: AFL++ finds inputs that reach new branches of a parser (SharpFuzz marks the
/// branches in the compiled program). What it has found lies in Corpus, and ParserFuzzTests replays it.
/// </summary>
internal static class Fuzzing
{
    public static int Run(string[] words) => words switch
    {
        ["list"] => List(),
        ["samples", var folder] => WriteSamples(folder),
        ["instrument", .. var files] => Instrument(files),
        ["parse", var name] => Parse(name),
        _ => 1,
    };

    /// <summary>Its folder in Corpus: <c>kernel's lines</c> is <c>kernel-s-lines</c>.</summary>
    public static string FolderOf(string parser) => new([.. parser.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')]);

    private static int List()
    {
        foreach (var name in MachineParsers.All.Keys) Console.WriteLine(FolderOf(name));
        return 0;
    }

    /// <summary>Where the search begins.</summary>
    private static int WriteSamples(string folder)
    {
        foreach (var (name, parser) in MachineParsers.All)
            File.WriteAllText(
                Path.Combine(Directory.CreateDirectory(Path.Combine(folder, FolderOf(name))).FullName, "sample"), parser.Sample);
        return 0;
    }

    private static int Instrument(string[] files)
    {
        foreach (var file in files) Fuzzer.Instrument(file, _ => true, Options.Value);
        return 0;
    }

    /// <summary>An exception is a finding, and so is what takes longer than
    /// the script allows. Marked code runs only while AFL++ listens.</summary>
    private static int Parse(string name)
    {
        Action<byte[]>? parse = null;
        Fuzzer.OutOfProcess.Run((Stream input) =>
        {
            parse ??= MachineParsers.All.First(parser => FolderOf(parser.Key) == name).Value.Parse;
            using var bytes = new MemoryStream();
            input.CopyTo(bytes);
            parse(bytes.ToArray());
        });
        return 0;
    }
}
