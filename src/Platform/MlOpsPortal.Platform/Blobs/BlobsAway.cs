using Azure;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Platform.Blobs;

/// <summary>Tells a blob store that cannot be reached, or that fails, from a bug. After several attempts Azure's client throws one exception around those of all.</summary>
public static class BlobsAway
{
    public static bool Is(Exception exception) => exception.Causes().Any(cause => cause is RequestFailedException { Status: 0 or 408 or 429 or >= 500 });
}
