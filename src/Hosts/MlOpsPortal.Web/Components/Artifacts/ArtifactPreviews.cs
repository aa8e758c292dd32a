using System.Text;
using System.Text.Json;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Tracking.Artifacts;

namespace MlOpsPortal.Web.Components.Artifacts;

/// <summary>What is known of a file before anybody downloads it.</summary>
/// <param name="Text">Of a text, a table or a model's description; null for what is no text.</param>
/// <param name="IsCut">The text goes on.</param>
public sealed record ArtifactPreview(Artifact File, ArtifactKind Kind, string? Text = null, ArtifactTable? Table = null, bool IsCut = false);

/// <summary>Reads as much of a file as a page shows.</summary>
internal sealed class ArtifactPreviews(ArtifactDesk artifacts)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public async Task<Result<ArtifactPreview>> ReadAsync(Caller caller, ArtifactAddress address, CancellationToken cancellationToken)
    {
        var found = await artifacts.FindAsync(caller, address, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        var file = found.Value;
        var kind = ArtifactKinds.Of(file.Path.Name, file.Length);
        if (kind is ArtifactKind.Other or ArtifactKind.Image or ArtifactKind.Page)
            return new ArtifactPreview(file, kind);
        var (text, isCut) = await TextAsync(file, cancellationToken);
        return text is null ? new ArtifactPreview(file, ArtifactKind.Other) : Of(file, kind, text, isCut);
    }

    /// <returns>Null for what is no UTF-8.</returns>
    internal async Task<(string? Text, bool IsCut)> TextAsync(Artifact file, CancellationToken cancellationToken)
    {
        var length = (int)Math.Min(file.Length, ArtifactKinds.MostText);
        if (length == 0)
            return ("", false);
        var bytes = new byte[length];
        await using var content = await artifacts.OpenAsync(file, 0, length, cancellationToken);
        await content.ReadExactlyAsync(bytes, cancellationToken);
        return (Decode(bytes, file.Length > length), file.Length > length);
    }

    private static ArtifactPreview Of(Artifact file, ArtifactKind kind, string text, bool isCut)
    {
        if (kind == ArtifactKind.Table)
            return new(file, kind, text, ArtifactTable.OfSeparated(text, ArtifactKinds.Extension(file.Path.Name) == ".tsv" ? '\t' : Separator(text), isCut), isCut);
        if (ArtifactKinds.Extension(file.Path.Name) == ".json" && !isCut)
            return ArtifactTable.OfJson(text) is { } table ? new(file, ArtifactKind.Table, text, table) : new(file, kind, Pretty(text));
        return new(file, kind, text, null, isCut);
    }

    /// <summary>A character that the end cut in two is left away.</summary>
    private static string? Decode(byte[] bytes, bool isCut)
    {
        if (bytes.AsSpan().Contains((byte)0))
            return null;
        var end = bytes.Length;
        while (isCut && end > bytes.Length - 4 && end > 0 && (bytes[end - 1] & 0xC0) == 0x80)
            end--;
        if (isCut && end > 0 && bytes[end - 1] >= 0xC0)
            end--;
        try
        {
            return Strict.GetString(bytes, 0, isCut ? end : bytes.Length);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static char Separator(string text)
    {
        var line = text.AsSpan(0, text.IndexOf('\n', StringComparison.Ordinal) is var end and >= 0 ? end : text.Length);
        return line.Count(';') > line.Count(',') ? ';' : ',';
    }

    private static string Pretty(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return JsonSerializer.Serialize(document.RootElement, Indented);
        }
        catch (JsonException)
        {
            return text;
        }
    }
}
