using System.Collections.Immutable;
using System.Globalization;
using GpuTty.Text;

namespace GpuTty.Host.Settings;

/// <summary>What is configured, each value with its place, and what is wrong with the files.</summary>
/// <param name="Values">One for each key that has a value, defaults among them.</param>
public sealed record Configuration(ImmutableArray<ConfiguredValue> Values, ImmutableArray<ConfigurationProblem> Problems)
{
    private const string Variable = "GPUTTY_";

    /// <summary>Nothing but defaults.</summary>
    public static Configuration Empty { get; } = Of([], ImmutableDictionary<string, string>.Empty);

    /// <param name="files">Those that override others come later.</param>
    /// <param name="environment">Of the caller.</param>
    public static Configuration Of(IEnumerable<ConfigurationFile> files, IReadOnlyDictionary<string, string> environment)
    {
        var values = ConfigurationKey.All
            .Where(key => key.Default.Length > 0)
            .ToDictionary(key => key.Name, key => new ConfiguredValue(key, key.Default, ConfigurationSource.Default));
        var problems = ImmutableArray.CreateBuilder<ConfigurationProblem>();
        foreach (var file in files)
        {
            if (file.Problem is { } problem) problems.Add(problem);
            if (file.Text is { } text) Take(file, text, values, problems);
        }
        foreach (var key in ConfigurationKey.All)
        {
            if (!environment.TryGetValue(Variable + key.Name, out var typed)) continue;
            if (key.IsSystemOnly) problems.Add(OnlySystem(Variable + key.Name, key));
            else if (key.Read(typed) is { } value)
                values[key.Name] = new ConfiguredValue(key, value, ConfigurationSource.Environment, Written: key.Name);
            else problems.Add(Wrong(Variable + key.Name, key.Name, key));
        }
        return new Configuration(
            [.. ConfigurationKey.All.Where(key => values.ContainsKey(key.Name)).Select(key => values[key.Name])],
            problems.ToImmutable());
    }

    /// <summary>The first thing that has to be mended before anything that is configured is used; null where nothing has.</summary>
    public ConfigurationProblem? Error => Problems.FirstOrDefault(problem => problem.IsError);

    /// <summary>Null where the key has neither a value nor a default.</summary>
    public ConfiguredValue? Find(ConfigurationKey key) => Values.FirstOrDefault(value => value.Key.Name == key.Name);

    /// <summary>Empty where there is none.</summary>
    public string this[ConfigurationKey key] => Find(key)?.Value ?? "";

    public TimeSpan HookTimeout => TimeSpan.FromSeconds(int.Parse(this[ConfigurationKey.HookTimeout], CultureInfo.InvariantCulture));

    /// <summary>This, unless something in it has to be mended first.</summary>
    /// <exception cref="HostException">Something has.</exception>
    public Configuration Usable() => Error is { } error ? throw new HostException(error.Problem, error.Remedy) : this;

    private static void Take(
        ConfigurationFile file,
        string text,
        Dictionary<string, ConfiguredValue> values,
        ImmutableArray<ConfigurationProblem>.Builder problems)
    {
        var seen = new Dictionary<string, int>();
        foreach (var line in ConfigurationLine.Parse(text))
        {
            var where = $"{file.Path}:{line.Number}";
            if (line.Problem is { } problem)
            {
                problems.Add(new(
                    where,
                    $"Line {line.Number} of {file.Path} {problem}.",
                    "Write KEY=VALUE there, or put a # before it.",
                    IsError: true));
                continue;
            }
            if (ConfigurationKey.WithoutEffect.TryGetValue(line.Key, out var why))
            {
                problems.Add(new(where, $"{line.Key} in {where} has no effect: {why}.", "Nothing to do.", IsError: false));
                continue;
            }
            if (ConfigurationKey.Find(line.Key) is not { } key)
            {
                problems.Add(Unknown(where, line.Key));
                continue;
            }
            if (seen.TryGetValue(key.Name, out var first))
                problems.Add(new(
                    where,
                    $"{line.Key} is set twice in {file.Path}, in lines {first} and {line.Number}: the last one counts.",
                    $"Remove line {first}.",
                    IsError: false));
            seen[key.Name] = line.Number;
            if (key.IsSystemOnly && file.IsOfUser) problems.Add(OnlySystem(where, key));
            else if (line.Value.Length == 0) values.Remove(key.Name);
            else if (key.Read(line.Value) is { } value)
                values[key.Name] = new ConfiguredValue(key, value, file.Source, file.Path, line.Number, line.Key);
            else problems.Add(Wrong(where, line.Key, key));
            if (line.Value.Length == 0 && key.Default.Length > 0 && !values.ContainsKey(key.Name))
                values[key.Name] = new ConfiguredValue(key, key.Default, ConfigurationSource.Default);
        }
    }

    private static ConfigurationProblem Unknown(string where, string key)
    {
        var shown = Visible.Text(key, 60);
        return new(
            where,
            $"{shown} in {where} is no key of gputty.",
            ConfigurationKey.Nearest(key) is { } near ? $"Did you mean {near}? All keys: gputty config" : "All keys: gputty config",
            IsError: false);
    }

    /// <summary>Without the value: it may be a line of a file that is nobody's business.</summary>
    private static ConfigurationProblem Wrong(string where, string written, ConfigurationKey key) =>
        new(
            where,
            $"The value of {written} in {where} is not {key.Takes}.",
            "Correct it, then check again: gputty config check",
            IsError: true);

    private static ConfigurationProblem OnlySystem(string where, ConfigurationKey key) =>
        new(
            where,
            $"{key.Name} in {where} is not used: only files of the system may say it.",
            "Write it into /etc/gputty.conf.",
            IsError: false);
}
