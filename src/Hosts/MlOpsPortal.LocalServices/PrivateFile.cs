using System.Text;
using System.Text.Json;

namespace MlOpsPortal.LocalServices;

/// <summary>Small JSON files that only their owner may read (mode 0600), replaced as a whole or not at all.</summary>
public static class PrivateFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static T? Read<T>(string path) where T : class =>
        File.Exists(path) ? JsonSerializer.Deserialize<T>(File.ReadAllText(path), Json) : null;

    public static void Write<T>(string path, T value) => WriteText(path, JsonSerializer.Serialize(value, Json));

    internal static void WriteText(string path, string text)
    {
        var next = path + ".new";
        File.Delete(next);
        var create = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var stream = new FileStream(next, create))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        File.Move(next, path, overwrite: true);
    }
}
