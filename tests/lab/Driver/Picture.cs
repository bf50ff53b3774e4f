using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace GpuTty.Lab.Driver;

/// <summary>What a screen shows: three bytes (red, green, blue) for every pixel, rows from the top.</summary>
public sealed record Picture(int Width, int Height, byte[] Pixels)
{
    private static readonly byte[] s_signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    /// <summary>Share of the pixels (0 to 1) that are not black; a dark screen is 0.</summary>
    public double Lit
    {
        get
        {
            var lit = 0;
            for (var at = 0; at < Pixels.Length; at += 3)
                if (Pixels[at] + Pixels[at + 1] + Pixels[at + 2] > 0) lit++;
            return (double)lit / (Width * Height);
        }
    }

    /// <summary>True where a cell of a text console has a pixel that is not black.</summary>
    public bool IsLitAt(int column, int row, int columns, int rows)
    {
        var (width, height) = (Width / columns, Height / rows);
        return Enumerable.Range(row * height, height).Any(y => Enumerable.Range(column * width, width).Any(x =>
            Pixels.AsSpan(((y * Width) + x) * 3, 3).ContainsAnyExcept((byte)0)));
    }

    /// <summary>Reads QEMU's "P6 WIDTH HEIGHT 255" pictures.</summary>
    public static Picture ReadPpm(byte[] file)
    {
        var at = 0;
        var numbers = new int[3];
        if (NextWord() != "P6") throw new LabException("Not a P6 picture.");
        for (var i = 0; i < 3; i++) numbers[i] = int.Parse(NextWord(), CultureInfo.InvariantCulture);
        var pixels = file[at..];
        return pixels.Length == numbers[0] * numbers[1] * 3
            ? new Picture(numbers[0], numbers[1], pixels)
            : throw new LabException($"The picture is cut short: {pixels.Length} bytes for {numbers[0]}x{numbers[1]}.");

        string NextWord()
        {
            var start = at;
            while (file[at] > ' ') at++;
            return Encoding.ASCII.GetString(file, start, at++ - start);
        }
    }

    public void SavePng(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var file = File.Create(path);
        file.Write(s_signature);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Height);
        (header[8], header[9]) = (8, 2); // 8 bits a colour, red-green-blue
        WriteChunk(file, "IHDR", header);
        WriteChunk(file, "IDAT", Compressed());
        WriteChunk(file, "IEND", []);
    }

    private byte[] Compressed()
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize))
        {
            for (var row = 0; row < Height; row++)
            {
                zlib.WriteByte(0); // no filter
                zlib.Write(Pixels, row * Width * 3, Width * 3);
            }
        }
        return packed.ToArray();
    }

    private static void WriteChunk(Stream file, string type, byte[] data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(body));
        file.Write(number);
    }

    private static uint Crc(byte[] data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }
        return ~crc;
    }
}
