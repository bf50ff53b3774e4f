using System.Globalization;

namespace GpuTty.Host.Pci;

/// <summary>
/// Where a PCI function sits: <c>domain:bus:slot.function</c>, as sysfs names it (Documentation/ABI/testing/sysfs-bus-pci).
/// Domains may have more than four hexadecimal digits (VMD and hwloc machines use <c>10000:</c>).
/// </summary>
/// <param name="Domain">0 to 0x7fffffff.</param>
/// <param name="Bus">0 to 255.</param>
/// <param name="Slot">0 to 31.</param>
/// <param name="Function">0 to 7.</param>
public readonly record struct PciAddress(int Domain, int Bus, int Slot, int Function)
    : IComparable<PciAddress>, ISpanParsable<PciAddress>, ISpanFormattable
{
    /// <summary>The address of a text such as <c>0000:01:00.0</c> or, without a domain, <c>01:00.0</c>.</summary>
    /// <exception cref="FormatException">The text is not an address.</exception>
    public static PciAddress Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is not a PCI address such as 0000:01:00.0.");

    /// <inheritdoc cref="Parse(ReadOnlySpan{char})"/>
    public static PciAddress Parse(string text) => Parse(text.AsSpan());

    public static bool TryParse(ReadOnlySpan<char> text, out PciAddress address)
    {
        address = default;
        var dot = text.LastIndexOf('.');
        if (dot < 0 || !TryHex(text[(dot + 1)..], 1, 1, 7, out var function)) return false;
        var head = text[..dot];
        var slotColon = head.LastIndexOf(':');
        if (slotColon < 0 || !TryHex(head[(slotColon + 1)..], 2, 2, 31, out var slot)) return false;
        head = head[..slotColon];
        var busColon = head.LastIndexOf(':');
        var domain = 0;
        if (busColon >= 0 && !TryHex(head[..busColon], 4, 8, int.MaxValue, out domain)) return false;
        if (!TryHex(head[(busColon + 1)..], 2, 2, 255, out var bus)) return false;
        address = new PciAddress(domain, bus, slot, function);
        return true;
    }

    /// <summary>True for functions of one physical device: same domain, bus and slot.</summary>
    public bool SharesSlotWith(PciAddress other) => Domain == other.Domain && Bus == other.Bus && Slot == other.Slot;

    /// <summary>What a card is called: its slot without domain 0, <c>01:00</c>; with the
    /// function where that is not the first, as of a virtual function: <c>00:02.1</c>.</summary>
    public string SlotName => Function == 0 ? Place : ShortName;

    /// <summary>The address without domain 0: <c>01:00.0</c>; what people read.</summary>
    public string ShortName => $"{Place}.{Function:x}";

    private string Place => Domain == 0 ? $"{Bus:x2}:{Slot:x2}" : $"{Domain:x4}:{Bus:x2}:{Slot:x2}";

    /// <summary>The name sysfs uses: <c>0000:01:00.0</c>.</summary>
    public override string ToString() => $"{Domain:x4}:{Bus:x2}:{Slot:x2}.{Function:x}";

    public bool TryFormat(Span<char> to, out int written) => to.TryWrite($"{Domain:x4}:{Bus:x2}:{Slot:x2}.{Function:x}", out written);

    public int CompareTo(PciAddress other) =>
        (Domain, Bus, Slot, Function).CompareTo((other.Domain, other.Bus, other.Slot, other.Function));

    public static bool operator <(PciAddress left, PciAddress right) => left.CompareTo(right) < 0;
    public static bool operator >(PciAddress left, PciAddress right) => left.CompareTo(right) > 0;
    public static bool operator <=(PciAddress left, PciAddress right) => left.CompareTo(right) <= 0;
    public static bool operator >=(PciAddress left, PciAddress right) => left.CompareTo(right) >= 0;

    // An address is written in one way, whatever the format and the culture.
    static PciAddress ISpanParsable<PciAddress>.Parse(ReadOnlySpan<char> text, IFormatProvider? provider) => Parse(text);
    static bool ISpanParsable<PciAddress>.TryParse(ReadOnlySpan<char> text, IFormatProvider? provider, out PciAddress address) =>
        TryParse(text, out address);
    static PciAddress IParsable<PciAddress>.Parse(string text, IFormatProvider? provider) => Parse(text);
    static bool IParsable<PciAddress>.TryParse(string? text, IFormatProvider? provider, out PciAddress address) =>
        TryParse(text, out address);
    string IFormattable.ToString(string? format, IFormatProvider? provider) => ToString();
    bool ISpanFormattable.TryFormat(Span<char> to, out int written, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        TryFormat(to, out written);

    private static bool TryHex(ReadOnlySpan<char> text, int shortest, int longest, int highest, out int value)
    {
        value = 0;
        return text.Length >= shortest && text.Length <= longest
            && int.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
            && value >= 0 && value <= highest;
    }
}
