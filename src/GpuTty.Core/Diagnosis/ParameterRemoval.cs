using System.Collections.Immutable;
using GpuTty.Host.Settings;
using GpuTty.Text;

namespace GpuTty.Diagnosis;

/// <summary>What takes a parameter out of the kernel command line: gputty, another program, or a person.</summary>
internal static class ParameterRemoval
{
    private const string Kernelstub = "/etc/kernelstub/configuration", Enrolls = "ENABLE_ENROLL_LIMINE_CONFIG=";

    /// <summary>Null where only a person can, as <see cref="Advice"/> says.</summary>
    public static Correction? Of(SettingsFiles settings, KernelParameter parameter)
    {
        // It keeps a list of its own, and writes the boot loader's entries anew.
        if (LeftoverRemoval.Places(settings, parameter).Any(place => place.File.Path == Kernelstub) && ShellWord.CanBeTyped(parameter.Word))
            return Correction.ByCommand($"kernelstub --delete-options {ShellWord.Quoted(parameter.Word)}").ThenRestart();
        var correction = LeftoverRemoval.OfParameter(settings, parameter);
        var files = correction?.Changes.OfType<FileChange.Edit>().Select(edit => edit.File).ToList() ?? [];
        if (files.Exists(file => file.IsOfPackage) || Enrolled(settings, files) is not null) return null;
        return files.Exists(file => file.Path.Contains("/dracut.conf", StringComparison.Ordinal))
            ? correction.Then(LeftoverRemoval.Rebuilt(settings))
            : correction;
    }

    /// <summary>What a person does where <see cref="Of"/> has nothing.</summary>
    public static string Advice(SettingsFiles settings, KernelParameter parameter)
    {
        if (NixSettings.AreOf(settings)) return NixSettings.Advice(parameter);
        var files = LeftoverRemoval.Places(settings, parameter).Select(place => place.File).ToImmutableArray();
        if (files.FirstOrDefault(file => file.IsOfPackage) is { } packaged)
            return $"Copy {packaged.Path} to {Own(packaged)}, remove {parameter.Word} there, "
                + "update the boot loader configuration, then reboot.";
        if (Enrolled(settings, files) is { } enrolled)
            return $"Remove {parameter.Word} from {enrolled.Path}, enroll its checksum in Limine again, then reboot.";
        if (files.IsEmpty && settings.CommandLines.Length > 0)
            return "It is in none of the files that were looked at "
                + $"({Counted.Names([.. settings.CommandLines.Select(file => file.Path)], 3)}): remove it where the boot loader "
                + "keeps it, or, if you have done so, update the boot loader configuration; then reboot.";
        return $"Remove {parameter.Word} from the kernel command line{(files.IsEmpty ? "" : $" in {files[0].Path}")}, then reboot.";
    }

    /// <summary>The file of the administrator that hides a package's.</summary>
    private static string Own(SettingsFile file) =>
        file.Path.StartsWith("/usr/lib/dracut/", StringComparison.Ordinal)
            ? $"/etc/{file.Path["/usr/lib/dracut/".Length..]}"
            : $"/etc/{file.Path["/usr/lib/".Length..]}";

    /// <summary>Limine does not start with a file that differs from the checksum that its own program has in it.</summary>
    private static SettingsFile? Enrolled(SettingsFiles settings, IEnumerable<SettingsFile> files) =>
        settings.CommandLines.Any(file =>
            file.Path == "/etc/default/limine"
            && file.Lines.Any(line =>
                line.Text.TrimStart() is var text
                && text.StartsWith(Enrolls, StringComparison.Ordinal)
                && CommandLineFiles.Assigned(text[Enrolls.Length..]) == "yes"))
            ? files.FirstOrDefault(file => file.Name == "limine.conf")
            : null;
}
