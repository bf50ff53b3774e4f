using System.Collections.Immutable;
using System.Text;
using System.Xml;

namespace GpuTty.Host.Guests;

/// <summary>XML as a tree that is written as libvirt writes it, so that a change shows as what was changed and nothing else.</summary>
public abstract record Markup
{
    public sealed record Words(string Value) : Markup;

    public sealed record Remark(string Value) : Markup;

    /// <param name="Name">With its prefix.</param>
    /// <param name="IsEmpty">Written as one tag.</param>
    public sealed record Element(
        string Name, ImmutableArray<KeyValuePair<string, string>> Attributes, ImmutableArray<Markup> Children, bool IsEmpty) : Markup
    {
        public string? this[string attribute] => Attributes.FirstOrDefault(pair => pair.Key == attribute).Value;

        public IEnumerable<Element> Elements(string name) => Children.OfType<Element>().Where(child => child.Name == name);

        public Element? First(string name) => Elements(name).FirstOrDefault();

        /// <summary>The text in it, without that of elements in it.</summary>
        public string Text => string.Concat(Children.OfType<Words>().Select(words => words.Value)).Trim();

        /// <summary>In its place where there is one of that name, else behind the others.</summary>
        public Element With(string attribute, string value)
        {
            var at = Attributes.ToList().FindIndex(pair => pair.Key == attribute);
            var set = KeyValuePair.Create(attribute, value);
            return this with { Attributes = at < 0 ? Attributes.Add(set) : Attributes.SetItem(at, set) };
        }

        public Element Replace(Markup before, Markup after) => this with { Children = Children.SetItem(IndexOf(before), after) };

        /// <summary>A line of its own behind an element of these, or as the
        /// last one; the indentation is that of the first element.</summary>
        /// <param name="depth">How deep this element's children are.</param>
        public Element Append(Element child, int depth, Element? behind = null)
        {
            var indent = $"\n{new string(' ', 2 * depth)}";
            if (IsEmpty || !Children.OfType<Element>().Any())
                return this with
                {
                    IsEmpty = false,
                    Children = [new Words(indent), child, new Words($"\n{new string(' ', 2 * (depth - 1))}")],
                };
            var at = IndexOf(behind ?? Children.OfType<Element>().Last()) + 1;
            return this with { Children = Children.InsertRange(at, (Markup[])[new Words(indent), child]) };
        }

        /// <summary>By place and not by content: two elements may be the same.</summary>
        private int IndexOf(Markup child) => Children.ToList().FindIndex(other => ReferenceEquals(other, child));
    }

    /// <summary>An element of one line, or with children of a line each.</summary>
    public static Element Of(string name, int depth, IEnumerable<(string, string)> attributes, params Element[] children)
    {
        var element = new Element(name, [.. attributes.Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2))], [], true);
        return children.Aggregate(element, (all, child) => all.Append(child, depth + 1));
    }

    /// <exception cref="FormatException">It is none.</exception>
    public static ImmutableArray<Markup> Parse(string text)
    {
        try
        {
            using var reader = DomainXml.Open(text, ignoresRemarks: false);
            var open = new Stack<(Element Element, List<Markup> Children)>();
            var top = new List<Markup>();
            while (reader.Read())
            {
                var here = open.Count > 0 ? open.Peek().Children : top;
                switch (reader.NodeType)
                {
                    case XmlNodeType.Element:
                        var element = ElementAt(reader);
                        if (element.IsEmpty) here.Add(element);
                        else open.Push((element, []));
                        break;
                    case XmlNodeType.EndElement:
                        var (begun, children) = open.Pop();
                        (open.Count > 0 ? open.Peek().Children : top).Add(begun with { Children = [.. children] });
                        break;
                    case XmlNodeType.Comment: here.Add(new Remark(reader.Value)); break;
                    case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                        here.Add(new Words(reader.Value));
                        break;
                }
                if (open.Count > 256) throw new FormatException("its elements are nested too deeply");
            }
            return [.. top];
        }
        catch (XmlException broken)
        {
            throw new FormatException($"line {broken.LineNumber} is no XML", broken);
        }
    }

    public static string Write(ImmutableArray<Markup> nodes)
    {
        var text = new StringBuilder();
        foreach (var node in nodes) Write(text, node, isForeign: false);
        return text.ToString();
    }

    private static Element ElementAt(XmlReader reader)
    {
        var (name, isEmpty) = (reader.Name, reader.IsEmptyElement);
        var attributes = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        while (reader.MoveToNextAttribute()) attributes.Add(KeyValuePair.Create(reader.Name, reader.Value));
        return new Element(name, attributes.ToImmutable(), [], isEmpty);
    }

    /// <param name="isForeign">Of another program: libvirt keeps it as libxml2 writes it.</param>
    private static void Write(StringBuilder text, Markup node, bool isForeign)
    {
        switch (node)
        {
            case Words words:
                text.Append(isForeign || words.Value.All(char.IsWhiteSpace) ? Escaped(words.Value) : EscapedByLibvirt(words.Value));
                break;
            case Remark remark: text.Append("<!--").Append(remark.Value).Append("-->"); break;
            case Element element:
                var quote = isForeign ? '"' : '\'';
                text.Append('<').Append(element.Name);
                foreach (var (name, value) in element.Attributes)
                    text.Append(' ')
                        .Append(name)
                        .Append('=')
                        .Append(quote)
                        .Append(isForeign ? Escaped(value).Replace("\"", "&quot;", StringComparison.Ordinal) : EscapedByLibvirt(value))
                        .Append(quote);
                text.Append(element.IsEmpty ? "/>" : ">");
                if (element.IsEmpty) break;
                foreach (var child in element.Children) Write(text, child, isForeign || element.Name == "metadata");
                text.Append("</").Append(element.Name).Append('>');
                break;
        }
    }

    private static string EscapedByLibvirt(string value) =>
        Escaped(value).Replace("'", "&apos;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal);

    private static string Escaped(string value) =>
        value
            .Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal);
}
