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
        var (id, size) = await client.BeginAsync(content, name ?? Path.GetFileName(file));
        for (var number = 0; number * size < content.Length; number++)
            await (await client.PutBlockAsync(id, number, content.AsMemory(number * size, Math.Min(size, content.Length - (number * size))))).RequiredAsync();
        await (await client.CompleteAsync(id)).RequiredAsync();
        return id;
    }

    /// <returns>The upload's id, and how long its blocks are.</returns>
    public static async Task<(string Id, int BlockSize)> BeginAsync(this HttpClient client, byte[] content, string name)
    {
        using var begun = await client.PostAsJsonAsync("/api/v1/uploads", new { fileName = name, length = content.Length, sha256 = Hash(content) });
        var upload = await begun.RequiredAsync();
        return (upload.GetProperty("id").GetString() ?? throw new JsonException("An upload without an id."), upload.GetProperty("blockSize").GetInt32());
    }

    public static async Task<HttpResponseMessage> PutBlockAsync(this HttpClient client, string upload, int number, ReadOnlyMemory<byte> block)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, string.Create(CultureInfo.InvariantCulture, $"/api/v1/uploads/{upload}/blocks/{number}")) { Content = new ReadOnlyMemoryContent(block) };
        request.Content.Headers.ContentType = new("application/octet-stream");
        request.Headers.Add("X-Content-SHA256", Hash(block.Span));
        return await client.SendAsync(request);
    }

    public static Task<HttpResponseMessage> CompleteAsync(this HttpClient client, string upload) => client.PostAsync($"/api/v1/uploads/{upload}/complete", content: null);

    private static string Hash(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
