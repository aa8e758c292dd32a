using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;

namespace MlOpsPortal.Testing;

/// <summary>Files over the API.</summary>
public static class Uploads
{
    /// <summary>Announces a file, sends its blocks and completes it.</summary>
    /// <returns>The upload's id.</returns>
    public static async Task<string> UploadAsync(this HttpClient client, string file, string? name = null)
    {
        var content = await File.ReadAllBytesAsync(file);
        using var begun = await client.PostAsJsonAsync("/api/v1/uploads", new { fileName = name ?? Path.GetFileName(file), length = content.Length, sha256 = Hash(content) });
        var upload = await begun.RequiredAsync();
        var id = upload.GetProperty("id").GetString() ?? throw new JsonException("An upload without an id.");
        var size = upload.GetProperty("blockSize").GetInt32();
        for (var number = 0; number * size < content.Length; number++)
        {
            var block = content.AsMemory(number * size, Math.Min(size, content.Length - (number * size)));
            using var request = new HttpRequestMessage(HttpMethod.Put, string.Create(CultureInfo.InvariantCulture, $"/api/v1/uploads/{id}/blocks/{number}")) { Content = new ReadOnlyMemoryContent(block) };
            request.Content.Headers.ContentType = new("application/octet-stream");
            request.Headers.Add("X-Content-SHA256", Hash(block.Span));
            using var put = await client.SendAsync(request);
            await put.RequiredAsync();
        }

        using var completed = await client.PostAsync($"/api/v1/uploads/{id}/complete", content: null);
        await completed.RequiredAsync();
        return id;
    }

    private static string Hash(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
