using System.Globalization;

namespace MlOpsPortal.Engines.DuckDb;

/// <summary>
/// Closes a connection's database before anything of a user's is read: no file but the listed ones, no network, no extension, no way to undo it.
/// It bounds DuckDB's own bookkeeping of memory, not the process: a scalar such as repeat() allocates beyond it and a crafted file may burn time,
/// so the child process carries limits and a deadline of its own.
/// </summary>
public static class DuckDbSandbox
{
    /// <param name="connection">Fresh: what it opened before stays open.</param>
    /// <param name="allowedPaths">Files it may read and write, each named in full; a listed path may be written too, so inputs are read-only files.</param>
    /// <param name="tempDirectory">
    /// For spilling; also DuckDB's home. DuckDB lets a query read and write anything inside it, so it is a folder of its own, apart from inputs and output.
    /// </param>
    /// <param name="memoryLimit">Bytes for DuckDB's buffers.</param>
    /// <param name="threads">Worker threads, 1 or more.</param>
    /// <param name="tempLimit">Bytes it may spill.</param>
    public static void Close(
        DuckDbConnection connection,
        IReadOnlyCollection<string> allowedPaths,
        string tempDirectory,
        long memoryLimit = 1L << 30,
        int threads = 2,
        long tempLimit = 2L << 30)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(memoryLimit, 1L << 20);
        foreach (var path in allowedPaths.Append(tempDirectory))
        {
            if (!Path.IsPathFullyQualified(path) || Path.GetFullPath(path) != path)
                throw new ArgumentException($"The sandbox takes full, normalised paths only, not '{path}'.", nameof(allowedPaths));
        }

        if (allowedPaths.FirstOrDefault(path => path.StartsWith(tempDirectory.TrimEnd('/') + "/", StringComparison.Ordinal)) is { } inside)
            throw new ArgumentException($"'{inside}' lies in the folder for spilling, where queries may write.", nameof(tempDirectory));

        // The order matters: access is closed after the paths are listed, and the lock comes last.
        string[] settings =
        [
            $"threads = {DuckDbSql.Literal(threads)}",
            $"memory_limit = {Bytes(memoryLimit)}",
            $"temp_directory = {DuckDbSql.Literal(tempDirectory)}",
            $"max_temp_directory_size = {Bytes(tempLimit)}",
            "autoinstall_known_extensions = false",
            "autoload_known_extensions = false",
            "allow_community_extensions = false",
            "allow_unredacted_secrets = false",
            $"home_directory = {DuckDbSql.Literal(tempDirectory)}",
            $"allowed_paths = {DuckDbSql.Literal(allowedPaths)}",
            "enable_external_access = false",
            "lock_configuration = true",
        ];
        foreach (var setting in settings)
            connection.Execute($"SET {setting}");
    }

    private static string Bytes(long count) => DuckDbSql.Literal(string.Create(CultureInfo.InvariantCulture, $"{count}B"));
}
