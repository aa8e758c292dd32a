using System.Text;

namespace MlOpsPortal.Tracking.Artifacts;

/// <summary>Percent-encoding of an address' path: '+' is a plus, and only UTF-8 is text.</summary>
internal static class PercentCode
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A percent sign that begins no code is one: MLflow's client sends <c>100%.txt</c> as it stands.</summary>
    /// <returns>Null when the bytes are no UTF-8.</returns>
    public static string? Decode(ReadOnlySpan<char> raw)
    {
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(raw.Length)];
        var count = 0;
        for (var at = 0; at < raw.Length; at++)
        {
            if (raw[at] == '%' && Code(raw, at) is { } value)
            {
                bytes[count++] = value;
                at += 2;
            }
            else if (char.IsAscii(raw[at]))
            {
                bytes[count++] = (byte)raw[at];
            }
            else
            {
                return null; // an address is ASCII
            }
        }

        try
        {
            return Strict.GetString(bytes, 0, count);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>What a careless reader would make of it: only codes of ASCII are taken, everything else stays.</summary>
    public static string DecodeLeniently(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '%' && Code(text, at) is { } value and < 0x80)
            {
                result.Append((char)value);
                at += 2;
            }
            else
            {
                result.Append(text[at]);
            }
        }

        return result.ToString();
    }

    private static byte? Code(ReadOnlySpan<char> text, int at) =>
        at + 2 < text.Length && char.IsAsciiHexDigit(text[at + 1]) && char.IsAsciiHexDigit(text[at + 2]) ? (byte)((HexValue(text[at + 1]) << 4) | HexValue(text[at + 2])) : null;

    private static int HexValue(char digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
