using System.Text.Json;
using GpuTty.Diagnosis;
using GpuTty.Planning.Checks;

namespace GpuTty.Cli.Json;

/// <summary>The stable words of what doctor finds, as its document has them, and their explanations.</summary>
internal static class CodeText
{
    private static readonly Lazy<Dictionary<string, Explanation>> s_explained = new(() =>
        Enum.GetValues<DiagnosisCode>().Select(code => (Word: Of(code), Explanation: Explanations.Of(code)))
            .Concat(Enum.GetValues<CheckCode>().Select(code => (Word: Of(code), Explanation: CheckExplanations.Of(code))))
            .DistinctBy(one => one.Word).ToDictionary(one => one.Word, one => one.Explanation));

    /// <summary>What was found, by its word; null where it is the word of a check, or none.</summary>
    public static DiagnosisCode? Finding(string word) =>
        Enum.GetValues<DiagnosisCode>().Where(code => Of(code) == word).Select(code => (DiagnosisCode?)code).FirstOrDefault();

    /// <summary>All words that can be explained, in the order of the alphabet.</summary>
    public static IEnumerable<string> Explained => s_explained.Value.Keys.Order(StringComparer.Ordinal);

    public static Explanation? Explanation(string word) => s_explained.Value.GetValueOrDefault(word);

    public static string Of(DiagnosisCode code) => JsonSerializer.Serialize(code, JsonContext.Default.DiagnosisCode).Trim('"');
    public static string Of(CheckCode code) => JsonSerializer.Serialize(code, JsonContext.Default.CheckCode).Trim('"');
}
