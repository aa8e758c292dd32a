using Azure;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Platform.Blobs;

/// <summary>Tells a blob store that cannot be reached, does not answer, or fails, from a bug. After several attempts Azure's client throws one exception around those of all;
/// those of a store that keeps silent are cancellations, which on their own would be the caller's.</summary>
public static class BlobsAway
{
    public static bool Is(Exception exception) => exception.Causes().Any(cause =>
        cause is RequestFailedException { Status: 0 or 408 or 429 or >= 500 } or AggregateException { Source: "Azure.Core" });
}
