using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using GpuTty.Cli.Json;
using GpuTty.Host;
using GpuTty.Host.Guests;
using GpuTty.Host.Pci;
using GpuTty.Host.Settings;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Devices;

namespace GpuTty.Cli.Output;

/// <summary>Reads the machine out of a report that somebody else has sent. Nothing
/// is written, and no more is unpacked than a report can be long.</summary>
internal static class ReportArchive
{
    /// <summary>Packed; and unpacked, as far as it is read.</summary>
    public const int Longest = 16 * 1024 * 1024;
    /// <summary>Functions, holders, services and sessions: what is said of each is worked out from all the others.</summary>
    private const int MostEntries = 10_000;
    private const int LongestUnpacked = 64 * 1024 * 1024, MostFiles = 100;

    /// <param name="name">What it is called, for the sentence.</param>
    /// <exception cref="HostException">It is no report, damaged, too long, or of a newer version.</exception>
    public static ReportedMachine Read(byte[] packed, string name)
    {
        try
        {
            var machine = Parse(Find(packed)
                ?? throw new HostException(
                    $"{name} is no report of gputty, or one of a version that could not be opened.",
                    "Make a new one: gputty report"));
            Try(machine);
            return machine;
        }
        catch (Exception damaged) when (damaged is IOException or InvalidDataException or JsonException or FormatException
            or NotSupportedException or InvalidOperationException)
        {
            throw Damaged(name);
        }
        catch (Exception edited) when (edited is not HostException)
        {
            // Whoever edits a report may write anything into it; that it cannot be shown is found here and not in the middle.
            throw Damaged(name);
        }
    }

    private static HostException Damaged(string name) =>
        new($"{name} cannot be read: it is no report of gputty, or it was cut off or edited.", "Ask for it again: gputty report");

    private static byte[]? Find(byte[] packed)
    {
        using var unpacked = new Bounded(new GZipStream(new MemoryStream(packed), CompressionMode.Decompress), LongestUnpacked);
        using var tar = new TarReader(unpacked);
        for (var count = 0; count < MostFiles && tar.GetNextEntry() is { } entry; count++)
        {
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile)
                || entry.Name != $"{Report.Folder}/{ReportedMachine.FileName}")
                continue;
            using var content = new MemoryStream();
            entry.DataStream?.CopyTo(content);
            return content.ToArray();
        }
        return null;
    }

    private static ReportedMachine Parse(byte[] json)
    {
        using (var document = JsonDocument.Parse(json))
        {
            if (document.RootElement.GetProperty("schema").GetInt32() is var schema && schema > ReportedMachine.Newest)
                throw new HostException(
                    $"The report was made by a newer gputty (its format is {schema}, and this program knows {ReportedMachine.Newest}).",
                    "Update gputty.");
        }
        var read = JsonSerializer.Deserialize(json, ReportJson.Default.ReportedMachine) ?? throw new JsonException("null");
        var host = read.Machine;
        if (host.Devices.Length + host.Holders.Length + host.Units.Length + host.Sessions.Length > MostEntries)
            throw new FormatException("It describes more than any machine has.");
        // Versions that did not tell of libvirt have left it out.
        return host.Libvirt is null ? read with { Machine = host with { Libvirt = LibvirtState.None } } : read;
    }

    /// <summary>Everything that is decided and said about it, once.</summary>
    private static void Try(ReportedMachine machine)
    {
        _ = machine.Text();
        _ = DoctorPages.Of(machine.Machine, machine.FindingsThere(), Configuration.Empty);
        foreach (var card in Card.FindAll(machine.Machine))
            _ = (NextSwitch.Of(machine.Machine, card, Configuration.Empty), CardDiagnosis.Of(machine.Machine, card));
        foreach (var device in machine.Machine.Devices) _ = DeviceMarks.Of(machine.Machine, device);
        _ = CardChoice.Candidates(machine.Machine);
    }

    /// <summary>Gives no more than so many bytes.</summary>
    private sealed class Bounded(Stream inner, long left) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = inner.Read(buffer, offset, count);
            left -= read;
            return left < 0 ? throw new InvalidDataException("It is too long.") : read;
        }

        public override void Flush() => inner.Flush();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
