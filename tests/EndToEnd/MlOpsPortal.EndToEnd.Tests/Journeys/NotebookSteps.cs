using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using MlOpsPortal.Testing;

namespace MlOpsPortal.EndToEnd.Journeys;

/// <summary>A dataset version as a notebook reads it: one address, a token, and parts of the file where asked.</summary>
internal static class NotebookSteps
{
    public static async Task ReadAsync(TestMember scientist, TestMember viewer, TestDataset dataset)
    {
        var address = new Uri($"/api/v1/datasets/{dataset.Id}/versions/1/data.parquet", UriKind.Relative);
        using var whole = await scientist.Client.GetAsync(address);
        whole.StatusCode.ShouldBe(HttpStatusCode.OK);
        var bytes = await whole.Content.ReadAsByteArrayAsync();
        bytes.AsSpan(0, 4).SequenceEqual("PAR1"u8).ShouldBeTrue();
        var tag = whole.Headers.ETag.ShouldNotBeNull();
        tag.Tag.ShouldBe($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))}\"");
        whole.Content.Headers.ContentDisposition.ShouldNotBeNull().FileName.ShouldBe("training-v1.parquet");

        using var ask = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Range = new RangeHeaderValue(null, 8) } };
        using var end = await scientist.Client.SendAsync(ask);
        end.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        (await end.Content.ReadAsByteArrayAsync()).ShouldBe(bytes[^8..]);

        using var again = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { IfNoneMatch = { tag } } };
        using var same = await scientist.Client.SendAsync(again);
        same.StatusCode.ShouldBe(HttpStatusCode.NotModified);

        using var head = await scientist.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, address));
        head.StatusCode.ShouldBe(HttpStatusCode.OK);
        head.Content.Headers.ContentLength.ShouldBe(bytes.Length);
        head.Headers.AcceptRanges.ShouldContain("bytes");
        using var hidden = await viewer.Client.GetAsync(address);
        hidden.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    /// <summary>From what answers back to the file it learnt from, the problem and its KPI.</summary>
    public static async Task WalkBackAsync(TestMember engineer, string endpoint)
    {
        var lineage = await engineer.GetAsync($"/api/v1/endpoints/{endpoint}/lineage");
        var nodes = lineage.GetProperty("nodes").EnumerateArray().ToDictionary(node => Modelling.Text(node, "id"), node => Modelling.Text(node, "kind"));
        var edges = lineage.GetProperty("edges").EnumerateArray().Select(edge => (From: Modelling.Text(edge, "from"), To: Modelling.Text(edge, "to"))).ToList();
        edges.ShouldAllBe(edge => nodes.ContainsKey(edge.From) && nodes.ContainsKey(edge.To));
        nodes.Values.ShouldBe(["endpoint", "approval", "modelVersion", "evaluation", "dataset", "dataset", "file", "file", "problem", "kpi"], ignoreOrder: true);
        var reached = new HashSet<string>([nodes.Single(node => node.Value == "endpoint").Key], StringComparer.Ordinal);
        for (var round = 0; round < nodes.Count; round++)
            foreach (var edge in edges.Where(edge => reached.Contains(edge.From)).ToList())
                reached.Add(edge.To);
        reached.Count.ShouldBe(nodes.Count);
    }
}
