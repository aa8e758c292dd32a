using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Datasets.Reading;

/// <summary>The first look at a text file, in managed code: encoding, NULs, line lengths. What is not plain UTF-8 is written anew as such,
/// so that the CSV reader meets one encoding only.</summary>
internal static class TextFile
{
    /// <summary>Bytes; the CSV reader's own limit.</summary>
    public const int MaxLine = 2_000_000;
    private const int Block = 1 << 20;

    public sealed record Normal(string Path, TextEncoding Encoding, ImmutableArray<FileNote> Notes);

    /// <param name="rewritten">Where the UTF-8 text goes if the file is something else.</param>
    public static Result<Normal> Normalise(string path, string rewritten, TextEncoding? asked)
    {
        var (encoding, mark) = Sniff(path);
        if (asked is { } given && given != TextEncoding.Utf8)
            return Rewrite(path, rewritten, given, given == TextEncoding.Utf16 ? encoding as UnicodeEncoding ?? Encoding.Unicode : Latin1());
        if (encoding is UnicodeEncoding wide)
            return Rewrite(path, rewritten, TextEncoding.Utf16, wide);
        if (Scan(path, mark, out var isUtf8) is { } fault)
            return fault;
        if (!isUtf8)
            return asked is null ? Rewrite(path, rewritten, TextEncoding.Latin1, Latin1()) : new Validation("datasets.not_utf8") { Kind = ValidationKind.Unprocessable };
        return mark == 0 ? new Normal(path, TextEncoding.Utf8, []) : Rewrite(path, rewritten, TextEncoding.Utf8, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
    }

    private static Encoding Latin1()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        return Encoding.GetEncoding(1252);
    }

    /// <returns>UTF-16 by its byte order mark or by NULs in every other byte; else UTF-8, with the length of its mark.</returns>
    private static (Encoding Encoding, int Mark) Sniff(string path)
    {
        Span<byte> head = stackalloc byte[4096];
        using var file = File.OpenRead(path);
        head = head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        if (head.StartsWith(Encoding.Unicode.Preamble))
            return (new UnicodeEncoding(bigEndian: false, byteOrderMark: true), 2);
        if (head.StartsWith(Encoding.BigEndianUnicode.Preamble))
            return (new UnicodeEncoding(bigEndian: true, byteOrderMark: true), 2);
        var (even, odd) = (0, 0);
        for (var at = 0; at + 1 < head.Length; at += 2)
            (even, odd) = (even + (head[at] == 0 ? 1 : 0), odd + (head[at + 1] == 0 ? 1 : 0));
        if (head.Length >= 4 && odd > head.Length / 5 && even == 0)
            return (new UnicodeEncoding(bigEndian: false, byteOrderMark: false), 0);
        if (head.Length >= 4 && even > head.Length / 5 && odd == 0)
            return (new UnicodeEncoding(bigEndian: true, byteOrderMark: false), 0);
        return (Encoding.UTF8, head.StartsWith(Encoding.UTF8.Preamble) ? 3 : 0);
    }

    /// <summary>Looks for NULs and endless lines, and whether it all is UTF-8.</summary>
    private static Validation? Scan(string path, int mark, out bool isUtf8)
    {
        isUtf8 = true;
        var buffer = ArrayPool<byte>.Shared.Rent(Block + 4);
        try
        {
            using var file = File.OpenRead(path);
            file.Position = mark;
            long line = 1, length = 0;
            var kept = 0;
            int read;
            while ((read = file.ReadAtLeast(buffer.AsSpan(kept, Block), Block, throwOnEndOfStream: false)) > 0)
            {
                var fresh = buffer.AsSpan(kept, read);
                if (Lines(fresh, ref line, ref length) is { } fault)
                    return fault;
                if (!isUtf8)
                    continue;
                var text = buffer.AsSpan(0, kept + read);
                var whole = text.Length - (read < Block ? 0 : Unfinished(text));
                isUtf8 = Utf8.IsValid(text[..whole]);
                text[whole..].CopyTo(buffer);
                kept = text.Length - whole;
            }

            isUtf8 &= kept == 0;
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static Validation? Lines(ReadOnlySpan<byte> text, ref long line, ref long length)
    {
        var nul = text.IndexOf((byte)0);
        if (nul >= 0)
            return Unprocessable("datasets.nul_byte", line + text[..nul].Count((byte)'\n'));
        int end;
        while ((end = text.IndexOfAny((byte)'\n', (byte)'\r')) >= 0)
        {
            if (length + end > MaxLine)
                return Unprocessable("datasets.line_too_long", line);
            line += text[end] == '\n' || (end + 1 < text.Length && text[end + 1] != '\n') ? 1 : 0;
            length = 0;
            text = text[(end + 1)..];
        }

        length += text.Length;
        return length > MaxLine ? Unprocessable("datasets.line_too_long", line) : null;
    }

    /// <returns>Bytes at the end that begin a character whose rest is in the next block.</returns>
    private static int Unfinished(ReadOnlySpan<byte> text)
    {
        for (var back = 1; back <= 3 && back <= text.Length; back++)
        {
            var lead = text[^back];
            if (lead < 0x80)
                return 0;
            if (lead >= 0xC0)
                return back < (lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2) ? back : 0;
        }

        return 0;
    }

    private static Result<Normal> Rewrite(string path, string rewritten, TextEncoding encoding, Encoding from)
    {
        long line = 1, length = 0;
        using (var reader = new StreamReader(path, from, detectEncodingFromByteOrderMarks: true, Block))
        using (var writer = new StreamWriter(rewritten, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), Block))
        {
            var buffer = new char[Block];
            int read;
            while ((read = reader.Read(buffer)) > 0)
            {
                if (Lines(Encoding.UTF8.GetBytes(buffer, 0, read), ref line, ref length) is { } fault)
                    return fault;
                writer.Write(buffer, 0, read);
            }
        }

        return new Normal(rewritten, encoding, encoding == TextEncoding.Latin1 ? [new FileNote("datasets.note_latin1", [])] : []);
    }

    private static Validation Unprocessable(string code, long line) => new(code, line.ToString(CultureInfo.InvariantCulture)) { Kind = ValidationKind.Unprocessable };
}
