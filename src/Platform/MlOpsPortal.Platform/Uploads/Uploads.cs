using System.Collections.Immutable;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Platform.Uploads;

/// <summary>Announces a file.</summary>
/// <param name="FileName">Shown to people; never a path.</param>
/// <param name="Length">Bytes, 1 to 2 GiB.</param>
/// <param name="Sha256">Of the whole file, 64 hex digits.</param>
public sealed record BeginUpload(string FileName, long Length, string Sha256);

/// <summary>How far an upload is: which blocks have arrived, of how many.</summary>
public sealed record UploadView(
    UploadId Id, string FileName, long Length, string Sha256, UploadState State, int BlockSize, int BlockCount, ImmutableArray<int> Received, DateTimeOffset ExpiresAt);

/// <summary>A complete file in a use case's hands.</summary>
public sealed record TakenFile(BlobRow Blob, string FileName);

/// <summary>File names as people may give them: shown, never used as a path.</summary>
internal static class FileNames
{
    private const int MaxLength = 250;

    public static bool IsAcceptable(string name) => name.Length is > 0 and <= MaxLength && !name.Any(char.IsControl) && Clean(name).Length > 0;

    /// <summary>The last part, in composed form: some browsers send a path.</summary>
    public static string Clean(string name) => name[(name.LastIndexOfAny(['/', '\\']) + 1)..].Trim().Normalize();
}
