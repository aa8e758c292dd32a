using System.Runtime.InteropServices;

namespace MlOpsPortal.AppHost;

/// <summary>The binaries that npm brings (PostgreSQL, ONNX Runtime, DuckDB) are those of Linux on x64 with glibc.</summary>
internal static class PlatformCheck
{
    /// <summary>The sentence for a platform that cannot work; null when it can.</summary>
    /// <param name="isLinux">The operating system's kind.</param>
    /// <param name="architecture">Of this process.</param>
    /// <param name="runtime">The runtime identifier; a distribution's own build names the distribution (debian.12-x64).</param>
    public static string? Refusal(bool isLinux, Architecture architecture, string runtime)
    {
        var usesMusl = runtime.Contains("musl", StringComparison.Ordinal) || runtime.StartsWith("alpine", StringComparison.Ordinal);
        return isLinux && architecture == Architecture.X64 && !usesMusl
            ? null
            : $"This platform ({runtime}) is not supported: the local launcher needs Linux on x64 with glibc; elsewhere, run it in a container or a virtual machine.";
    }
}
