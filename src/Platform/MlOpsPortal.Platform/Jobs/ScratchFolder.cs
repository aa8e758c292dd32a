using System.Globalization;

namespace MlOpsPortal.Platform.Jobs;

/// <summary>A child's folder, for its owner only, gone when disposed: <c>in/</c> for staged inputs, <c>out/</c> for results, <c>spill/</c> for what does not fit in memory.</summary>
public sealed class ScratchFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    internal ScratchFolder(string root)
    {
        var process = $"{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}-{WorkerIdentity.StartOf(Environment.ProcessId)}";
        Path = System.IO.Path.GetFullPath(System.IO.Path.Combine(root, process, Guid.NewGuid().ToString("n", CultureInfo.InvariantCulture)));
        foreach (var folder in new[] { Path, In, Out, Spill })
            Directory.CreateDirectory(folder, OwnerOnly);
    }

    public string Path { get; }

    public string In => System.IO.Path.Combine(Path, "in");

    public string Out => System.IO.Path.Combine(Path, "out");

    public string Spill => System.IO.Path.Combine(Path, "spill");

    /// <summary>Where an input is to be put. Names are ours, never a user's.</summary>
    public string Input(string name) => System.IO.Path.Combine(In, name);

    /// <summary>What is staged is only read from then on.</summary>
    public static void Protect(string input) => File.SetUnixFileMode(input, UnixFileMode.UserRead);

    /// <summary>Where a result is to be put.</summary>
    public string Output(string name) => System.IO.Path.Combine(Out, name);

    /// <summary>A result that the child has made: a plain file. A link would let a child that was taken over hand out what it may not.</summary>
    /// <exception cref="InvalidDataException">It is no plain file.</exception>
    public FileInfo Made(string name)
    {
        var file = new FileInfo(Output(name));
        return file.Exists && file.LinkTarget is null && !file.Attributes.HasFlag(FileAttributes.Directory)
            ? file
            : throw new InvalidDataException($"The child left no plain file '{name}'.");
    }

    public void Dispose()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }

    /// <summary>Removes what processes that are no more have left.</summary>
    internal static void SweepDead(string root)
    {
        if (!Directory.Exists(root))
            return;
        foreach (var folder in Directory.EnumerateDirectories(root))
        {
            var parts = System.IO.Path.GetFileName(folder).Split('-');
            if (parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var process) && WorkerIdentity.StartOf(process) != parts[1])
                Directory.Delete(folder, recursive: true);
        }
    }
}
