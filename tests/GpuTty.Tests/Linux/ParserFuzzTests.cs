using System.Runtime.CompilerServices;
using System.Text;
using GpuTty.Host.Pci;
using GpuTty.Text;
using Xunit.Abstractions;

namespace GpuTty.Tests.Linux;

/// <summary>Every parser of what the machine says, listed by hand: whatever comes, it neither throws nor hangs.</summary>
public sealed class ParserFuzzTests(ITestOutputHelper output)
{
    private const int Seed = 20261121, Random = 250, Mutations = 500;

    public static TheoryData<string> Parsers => [.. MachineParsers.All.Keys];

    [Theory, MemberData(nameof(Parsers))]
    public void Whatever_comes_no_parser_throws_or_hangs(string name)
    {
        var (sample, parse) = MachineParsers.All[name];
        var random = new Random(Seed);
        var whole = Encoding.UTF8.GetBytes(sample);
        List<byte[]> inputs =
        [
            whole,
            [],
            Fill((byte)'f'),
            Fill(0),
            Fill((byte)'\n'),
            Fill((byte)' '),
            Fill((byte)':'),
            Fill(0xff),
            [.. Enumerable.Range(0, (1 << 20) / whole.Length).SelectMany(_ => whole)],
            .. Enumerable.Range(0, Random).Select(_ => Bytes(random, random.Next(400))),
            .. Enumerable.Range(0, Mutations).Select(_ => Mutated(random, whole)),
            .. Found(name),
        ];
        foreach (var input in inputs)
        {
            var began = System.Diagnostics.Stopwatch.GetTimestamp();
            try { parse(input); }
            catch (Exception thrown)
            {
                Assert.Fail(
                    $"seed {Seed}: {thrown.GetType().Name} for "
                        + $"{Visible.Text(Encoding.Latin1.GetString(input.AsSpan(0, Math.Min(300, input.Length))))}\n{thrown}");
            }
            Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(20), "it took too long");
        }
        Counts.Add(output, "inputs fuzzed", inputs.Count);
    }

    [Fact]
    public void Addresses_come_back_as_they_were_and_nothing_else_is_one()
    {
        var random = new Random(Seed);
        const int count = 20_000;
        for (var n = 0; n < count; n++)
        {
            var address = new PciAddress(
                random.Next(4) == 0 ? random.Next(int.MaxValue) : random.Next(0x20000),
                random.Next(256),
                random.Next(32),
                random.Next(8));
            Assert.Equal(address, PciAddress.Parse(address.ToString()));
            Assert.Equal(address, PciAddress.Parse(address.ToString().ToUpperInvariant()));
            if (address.Domain == 0) Assert.Equal(address, PciAddress.Parse(address.ShortName));
        }
        foreach (var wrong in (string[])
        [
            "", ".", ":", "0000:01:00", "0000:01:00.8", "0000:01:20.0", "0000:100:00.0", "000:01:00.0", "0000:1:00.0",
            "0000:01:0.0", "0000:01:00.00", "80000000:01:00.0", "100000000:01:00.0",
            " 0000:01:00.0", "0000:01:00.0 ",
            "0000:01:00.0\n", "+000:01:00.0", "-001:01:00.0", "0x00:01:00.0", "0000:01:00,0", "0000::00.0", "00:00:01:00.0",
            "٠٠٠٠:٠١:٠٠.٠", "0000:01:00.-1",
        ])
            Assert.False(PciAddress.TryParse(wrong, out _), wrong);
        Counts.Add(output, "inputs fuzzed", count * 2);
    }

    [Fact]
    public void L1_the_first_address_of_all_is_written_in_full() => Assert.Equal("0000:00:00.0", new PciAddress(0, 0, 0, 0).ToString());

    /// <summary>What a search by branches has found (tests/fuzz.sh).</summary>
    private static IEnumerable<byte[]> Found(string parser) =>
        Path.Combine(Corpus(), Fuzzing.FolderOf(parser)) is var folder && Directory.Exists(folder)
            ? Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)
            : [];

    private static string Corpus([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "..", "Corpus");

    private static byte[] Fill(byte value)
    {
        var bytes = new byte[1 << 20];
        Array.Fill(bytes, value);
        return bytes;
    }

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>A few bytes changed, lost, doubled or put in; what parsers look for more often than chance would.</summary>
    private static byte[] Mutated(Random random, byte[] whole)
    {
        var bytes = whole.ToList();
        for (var change = random.Next(1, 6); change > 0 && bytes.Count > 0; change--)
        {
            var at = random.Next(bytes.Count);
            var odds = "\0\n\t :=;,-()[]<>'\"{}.\\/\u001b"u8;
            var odd = odds[random.Next(odds.Length)];
            switch (random.Next(6))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes.RemoveRange(at, random.Next(bytes.Count - at)); break;
                case 2: bytes.InsertRange(at, bytes.GetRange(at, random.Next(bytes.Count - at))); break;
                case 3: bytes.Insert(at, odd); break;
                case 4: bytes[at] = odd; break;
                default: bytes.InsertRange(at, Bytes(random, random.Next(20))); break;
            }
        }
        return [.. bytes];
    }
}
