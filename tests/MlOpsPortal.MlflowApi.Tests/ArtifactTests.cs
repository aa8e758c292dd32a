using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.MlflowApi;

/// <summary>Files of runs over MLflow's proxy.</summary>
[Collection<PortalCollection>]
public sealed class ArtifactTests(PortalFixture portal)
{
    [Fact]
    public async Task A_file_comes_back_byte_for_byte_as_an_attachment_that_nothing_runs()
    {
        var (scientist, run, experiment) = await ArrangeAsync();
        var content = RandomNumberGenerator.GetBytes(100_000);
        await scientist.PutAsync($"{experiment}/{run}/artifacts/page/report.html", content);

        using var answer = await scientist.Client.GetAsync($"{Wires.Proxy}{experiment}/{run}/artifacts/page/report.html");

        (await answer.Content.ReadAsByteArrayAsync()).ShouldBe(content);
        answer.Content.Headers.ContentLength.ShouldBe(content.Length);
        answer.Content.Headers.ContentDisposition?.DispositionType.ShouldBe("attachment");
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("sandbox");
    }

    [Fact]
    public async Task A_newer_file_takes_the_place_of_the_older_and_of_its_blob()
    {
        var (scientist, run, experiment) = await ArrangeAsync();
        var key = $"{experiment}/{run}/artifacts/a.txt";
        await scientist.PutAsync(key, "first"u8.ToArray());
        await scientist.PutAsync(key, "second"u8.ToArray());

        (await scientist.Client.GetStringAsync(Wires.Proxy + key)).ShouldBe("second");
        var files = (await scientist.CallAsync(HttpMethod.Get, $"artifacts/list?run_id={run}")).GetProperty("files");
        files.GetArrayLength().ShouldBe(1);
        files[0].GetProperty("file_size").GetInt64().ShouldBe(6);
    }

    [Fact]
    public async Task Many_writers_of_one_file_leave_one_of_their_contents_whole()
    {
        var (scientist, run, experiment) = await ArrangeAsync();
        var key = $"{experiment}/{run}/artifacts/contested.txt";

        await Task.WhenAll(Enumerable.Range(0, 12).Select(number => scientist.PutAsync(key, Encoding.UTF8.GetBytes(new string((char)('a' + number), 1_000)))));

        var left = await scientist.Client.GetStringAsync(Wires.Proxy + key);
        left.Length.ShouldBe(1_000);
        left.Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_file_of_several_blocks_streams_in_without_a_length_and_out_in_ranges()
    {
        var (scientist, run, experiment) = await ArrangeAsync();
        var key = $"{experiment}/{run}/artifacts/large.bin";
        var content = new byte[(20 * 1024 * 1024) + 7];
        new Random(7).NextBytes(content);
        using var request = new HttpRequestMessage(HttpMethod.Put, Wires.Proxy + key) { Content = new StreamContent(new MemoryStream(content)) };
        request.Headers.TransferEncodingChunked = true;
        using var put = await scientist.Client.SendAsync(request);
        await put.RequiredAsync();

        SHA256.HashData(await scientist.Client.GetByteArrayAsync(Wires.Proxy + key)).ShouldBe(SHA256.HashData(content));
        foreach (var (from, to) in new (long?, long?)[] { (0, 0), (8_388_600, 8_388_620), (20 * 1024 * 1024, null), (null, 5) })
        {
            using var ranged = new HttpRequestMessage(HttpMethod.Get, Wires.Proxy + key) { Headers = { Range = new RangeHeaderValue(from, to) } };
            using var part = await scientist.Client.SendAsync(ranged);
            part.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
            var (start, end) = from is null ? (content.Length - (int)to!.Value, content.Length) : ((int)from.Value, (int)(to + 1 ?? content.Length)); // one of the two is set
            (await part.Content.ReadAsByteArrayAsync()).ShouldBe(content[start..end]);
            part.Content.Headers.ContentRange?.Length.ShouldBe(content.Length);
        }

        using var outside = new HttpRequestMessage(HttpMethod.Get, Wires.Proxy + key) { Headers = { Range = new RangeHeaderValue(content.Length, null) } };
        using var refused = await scientist.Client.SendAsync(outside);
        refused.StatusCode.ShouldBe(HttpStatusCode.RequestedRangeNotSatisfiable);
    }

    [Fact]
    public async Task An_empty_file_without_a_length_is_a_file()
    {
        var (scientist, run, experiment) = await ArrangeAsync();
        var key = $"{experiment}/{run}/artifacts/empty.txt";
        using var request = new HttpRequestMessage(HttpMethod.Put, Wires.Proxy + key) { Content = new StreamContent(new MemoryStream()) };
        request.Headers.TransferEncodingChunked = true;
        using var put = await scientist.Client.SendAsync(request);
        await put.RequiredAsync();

        (await scientist.Client.GetByteArrayAsync(Wires.Proxy + key)).ShouldBeEmpty();
        var files = (await scientist.CallAsync(HttpMethod.Get, $"/api/2.0/mlflow-artifacts/artifacts?path={experiment}/{run}/artifacts")).GetProperty("files");
        files[0].GetProperty("file_size").GetInt64().ShouldBe(0);
        files[0].GetProperty("is_dir").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Names_keep_their_characters()
    {
        var (scientist, run, experiment) = await ArrangeAsync();
        foreach (var name in new[] { "a b.txt", "a+b", "100%", "loss%step%3", "a#b", "q?x", "größe.csv", "日本.txt", "😀.txt" })
        {
            await scientist.PutAsync($"{experiment}/{run}/artifacts/names/{Uri.EscapeDataString(name)}", Encoding.UTF8.GetBytes(name));
            (await scientist.Client.GetStringAsync($"{Wires.Proxy}{experiment}/{run}/artifacts/names/{Uri.EscapeDataString(name)}")).ShouldBe(name);
            (await scientist.Client.GetStringAsync($"/get-artifact?run_id={run}&path=names/{Uri.EscapeDataString(name)}")).ShouldBe(name);
        }

        var listed = (await scientist.CallAsync(HttpMethod.Get, $"artifacts/list?run_id={run}&path=names")).GetProperty("files").EnumerateArray().Select(file => file.GetProperty("path").GetString());
        listed.ShouldContain("names/a+b");
        listed.ShouldContain("names/größe.csv");
    }

    [Fact]
    public async Task A_folder_is_listed_by_names_over_the_proxy_and_by_paths_for_a_run()
    {
        var (scientist, run, experiment) = await ArrangeAsync();
        foreach (var path in new[] { "model/MLmodel", "model/data/model.pkl", "model-2/x", "a.txt" })
            await scientist.PutAsync($"{experiment}/{run}/artifacts/{path}", [1]);

        (await NamesAsync(scientist, $"/api/2.0/mlflow-artifacts/artifacts?path={experiment}/{run}/artifacts")).ShouldBe(["a.txt", "model/", "model-2/"], ignoreOrder: true);
        (await NamesAsync(scientist, $"/api/2.0/mlflow-artifacts/artifacts?path={experiment}/{run}/artifacts/model")).ShouldBe(["MLmodel", "data/"]);
        (await NamesAsync(scientist, $"artifacts/list?run_id={run}&path=model")).ShouldBe(["model/MLmodel", "model/data/"]);
        (await NamesAsync(scientist, $"artifacts/list?run_id={run}&path=model/MLmodel")).ShouldBeEmpty();
        (await NamesAsync(scientist, $"/api/2.0/mlflow-artifacts/artifacts?path={experiment}/{run}/artifacts/nothing")).ShouldBeEmpty();
        (await NamesAsync(scientist, "/api/2.0/mlflow-artifacts/artifacts")).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_not_there_is_404_and_a_folder_is_no_file()
    {
        var (scientist, run, experiment) = await ArrangeAsync();
        await scientist.PutAsync($"{experiment}/{run}/artifacts/model/MLmodel", [1]);

        await scientist.TryAsync(HttpMethod.Get, $"{Wires.Proxy}{experiment}/{run}/artifacts/no").ShouldBeRefusedAsync(HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
        await scientist.TryAsync(HttpMethod.Get, $"/get-artifact?run_id={run}&path=no").ShouldBeRefusedAsync(HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
        await scientist.TryAsync(HttpMethod.Get, $"{Wires.Proxy}{experiment}/{run}/artifacts/model").ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        await scientist.TryPutAsync($"{experiment}/{run}/artifacts/model", [1]).ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        await scientist.TryPutAsync($"{experiment}/{run}/artifacts/model/MLmodel/x", [1]).ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        await scientist.TryPutAsync($"{experiment}/{Guid.CreateVersion7():n}/artifacts/x", [1]).ShouldBeRefusedAsync(HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
        await scientist.TryPutAsync($"0/{run}/artifacts/x", [1]).ShouldBeRefusedAsync(HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
        await scientist.TryPutAsync("x.txt", [1]).ShouldBeRefusedAsync(HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
    }

    [Fact]
    public async Task A_folder_is_deleted_with_what_is_in_it_and_nothing_beside_it()
    {
        var (scientist, run, experiment) = await ArrangeAsync();
        foreach (var path in new[] { "model/MLmodel", "model/data/x", "model2/y", "model" + "!" })
            await scientist.PutAsync($"{experiment}/{run}/artifacts/{path}", [1]);

        await scientist.CallAsync(HttpMethod.Delete, $"{Wires.Proxy}{experiment}/{run}/artifacts/model");

        (await NamesAsync(scientist, $"artifacts/list?run_id={run}")).ShouldBe(["model!", "model2/"], ignoreOrder: true);
        await scientist.CallAsync(HttpMethod.Delete, $"{Wires.Proxy}{experiment}/{run}/artifacts/model"); // again: nothing to do
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("../../../../../../../etc/passwd")]
    [InlineData("{run}/../../x")]
    [InlineData("%2e%2e%2f%2e%2e%2fetc%2fpasswd")]
    [InlineData("%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("%252e%252e%252fetc")]
    [InlineData("..%5c..%5cwindows")]
    [InlineData("..;/etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("%2fetc%2fpasswd")]
    [InlineData("C:/windows/win.ini")]
    [InlineData("file:///etc/passwd")]
    [InlineData("s3://bucket/x")]
    [InlineData("{run}/a%0db")]
    [InlineData("{run}/gpj%E2%80%AEexe")]
    [InlineData("{run}/CON")]
    [InlineData("{run}/name.")]
    [InlineData("{run}/a//b")]
    [InlineData("{run}/a%ff")]
    public async Task An_address_that_leads_elsewhere_is_refused_before_anything_is_read(string key)
    {
        var (scientist, run, experiment) = await ArrangeAsync();
        var path = key.Replace("{run}", $"{experiment}/{run}/artifacts", StringComparison.Ordinal);

        foreach (var (method, target) in new[]
                 {
                     ("GET", Wires.Proxy + path), ("PUT", Wires.Proxy + path), ("DELETE", Wires.Proxy + path), ("GET", "/ajax-api/2.0/mlflow-artifacts/artifacts/" + path),
                     ("POST", "/api/2.0/mlflow-artifacts/mpu/create/" + path),
                 })
        {
            var (status, body) = await scientist.RawAsync(portal.Url, method, target, method == "POST" ? """{"path":"x","num_parts":1}""" : "");
            status.ShouldBe(400, $"{method} {target}: {body}");
            body.ShouldContain("Invalid path");
        }
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("%2fetc/passwd")]
    [InlineData("C:/x")]
    [InlineData("a/../b")]
    [InlineData("a\\b")]
    public async Task A_path_in_a_query_is_held_to_the_same(string path)
    {
        var (scientist, run, _) = await ArrangeAsync();
        var model = await scientist.LoggedModelAsync(await scientist.ExperimentAsync(await ProjectAsync(), $"e-{Guid.NewGuid():n}"));
        foreach (var address in new[]
                 {
                     $"/get-artifact?run_id={run}&path=", $"{Wires.Api}get-artifact?run_id={run}&path=", $"{Wires.Api}artifacts/list?run_id={run}&path=",
                     $"{Wires.Api}logged-models/{model}/artifacts/directories?artifact_directory_path=", $"{Wires.Api}logged-models/{model}/artifacts/files?artifact_file_path=",
                     "/api/2.0/mlflow-artifacts/artifacts?path=",
                 })
        {
            var (status, body) = await scientist.RawAsync(portal.Url, "GET", address + path.Replace("\\", "%5c", StringComparison.Ordinal));
            status.ShouldBe(400, $"{address}{path}: {body}");
        }
    }

    [Fact]
    public async Task A_colleague_without_the_role_reads_and_does_not_write_and_a_stranger_finds_nothing()
    {
        var (scientist, run, experiment) = await ArrangeAsync();
        var key = $"{experiment}/{run}/artifacts/secret.txt";
        await scientist.PutAsync(key, "canary"u8.ToArray());
        var ours = tenant!; // arranged
        var stranger = await portal.TenantAsync("Stranger");

        (await ours[Role.Viewer].Client.GetStringAsync(Wires.Proxy + key)).ShouldBe("canary");
        await ours[Role.Viewer].TryPutAsync(key, [1]).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "PERMISSION_DENIED");
        await ours[Role.DataEngineer].TryAsync(HttpMethod.Delete, Wires.Proxy + key).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "PERMISSION_DENIED");
        foreach (var nobody in new[] { ours.Outsider, stranger.Administrator })
        {
            await nobody.TryAsync(HttpMethod.Get, Wires.Proxy + key).ShouldBeRefusedAsync(HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
            await nobody.TryPutAsync(key, [1]).ShouldBeRefusedAsync(HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
            await nobody.TryAsync(HttpMethod.Delete, Wires.Proxy + key).ShouldBeRefusedAsync(HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
            await nobody.TryAsync(HttpMethod.Get, $"artifacts/list?run_id={run}").ShouldBeRefusedAsync(HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
            (await NamesAsync(nobody, $"/api/2.0/mlflow-artifacts/artifacts?path={experiment}/{run}/artifacts")).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Parts_in_any_order_become_one_file_and_their_addresses_need_no_token()
    {
        var (scientist, run, experiment) = await ArrangeAsync();
        byte[][] parts = [RandomNumberGenerator.GetBytes(300_000), RandomNumberGenerator.GetBytes(9 * 1024 * 1024), RandomNumberGenerator.GetBytes(1)];
        var folder = $"{experiment}/{run}/artifacts/big";
        var begun = await scientist.CallAsync(HttpMethod.Post, $"/api/2.0/mlflow-artifacts/mpu/create/{folder}", new { path = "/home/me/weights.bin", num_parts = parts.Length });
        var addresses = begun.GetProperty("credentials").EnumerateArray().Select(one => one.GetProperty("url").GetString()!).ToArray(); // each has one
        var complete = new
        {
            path = "/home/me/weights.bin", upload_id = begun.GetProperty("upload_id").GetString(), parts = addresses.Select((url, index) => new { part_number = index + 1, etag = "", url }).ToArray(),
        };

        using var nobody = new HttpClient();
        foreach (var number in new[] { 2, 0 })
            (await nobody.PutAsync(addresses[number], new ByteArrayContent(parts[number]))).StatusCode.ShouldBe(HttpStatusCode.OK);
        await scientist.TryAsync(HttpMethod.Post, $"/api/2.0/mlflow-artifacts/mpu/complete/{folder}", complete).ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        await scientist.TryAsync(HttpMethod.Get, $"{Wires.Proxy}{folder}/weights.bin").ShouldBeRefusedAsync(HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
        (await nobody.PutAsync(addresses[1], new ByteArrayContent([0]))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await nobody.PutAsync(addresses[1], new ByteArrayContent(parts[1]))).StatusCode.ShouldBe(HttpStatusCode.OK); // again: the later one counts
        await scientist.CallAsync(HttpMethod.Post, $"/api/2.0/mlflow-artifacts/mpu/complete/{folder}", complete);
        await scientist.CallAsync(HttpMethod.Post, $"/api/2.0/mlflow-artifacts/mpu/complete/{folder}", complete); // the answer may have been lost

        SHA256.HashData(await scientist.Client.GetByteArrayAsync($"{Wires.Proxy}{folder}/weights.bin")).ShouldBe(SHA256.HashData([.. parts.SelectMany(part => part)]));
        (await nobody.PutAsync(addresses[0], new ByteArrayContent([9]))).StatusCode.ShouldBe(HttpStatusCode.NotFound); // what is complete takes nothing more
    }

    [Fact]
    public async Task An_upload_in_parts_is_its_owners_alone_and_a_forged_ticket_opens_nothing()
    {
        var (scientist, run, experiment) = await ArrangeAsync();
        var ours = tenant!; // arranged
        var stranger = await portal.TenantAsync("Stranger");
        var folder = $"{experiment}/{run}/artifacts/big";
        var begun = await scientist.CallAsync(HttpMethod.Post, $"/api/2.0/mlflow-artifacts/mpu/create/{folder}", new { path = "w.bin", num_parts = 1 });
        var address = begun.GetProperty("credentials")[0].GetProperty("url").GetString()!; // it has one
        var complete = new { path = "w.bin", upload_id = begun.GetProperty("upload_id").GetString(), parts = new[] { new { part_number = 1, etag = "", url = address } } };
        using var nobody = new HttpClient();
        (await nobody.PutAsync(address, new ByteArrayContent([1]))).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await nobody.PutAsync(address[..^3] + "AAA", new ByteArrayContent([1]))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await nobody.PutAsync(address[..(address.LastIndexOf('/') + 1)] + "x", new ByteArrayContent([1]))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        foreach (var other in new[] { ours[Role.MlOpsEngineer], ours.Outsider, stranger[Role.DataScientist] })
            await other.TryAsync(HttpMethod.Post, $"/api/2.0/mlflow-artifacts/mpu/complete/{folder}", complete).ShouldBeRefusedAsync(HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
        await scientist.TryAsync(HttpMethod.Post, $"/api/2.0/mlflow-artifacts/mpu/complete/{experiment}/{run}/artifacts/elsewhere", complete).ShouldBeRefusedAsync(HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
        await ours[Role.Viewer].TryAsync(HttpMethod.Post, $"/api/2.0/mlflow-artifacts/mpu/create/{folder}", new { path = "w.bin", num_parts = 1 }).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "PERMISSION_DENIED");
        await scientist.TryAsync(HttpMethod.Post, $"/api/2.0/mlflow-artifacts/mpu/create/{folder}", new { path = "w.bin", num_parts = 10_001 }).ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");

        await scientist.CallAsync(HttpMethod.Post, $"/api/2.0/mlflow-artifacts/mpu/abort/{folder}", new { path = "w.bin", complete.upload_id });
        await scientist.TryAsync(HttpMethod.Post, $"/api/2.0/mlflow-artifacts/mpu/complete/{folder}", complete).ShouldBeRefusedAsync(HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
    }

    [Fact]
    public async Task Addresses_into_the_store_are_not_given_out()
    {
        var (scientist, run, experiment) = await ArrangeAsync();
        await scientist.PutAsync($"{experiment}/{run}/artifacts/x", [1]);

        (await scientist.TryAsync(HttpMethod.Get, $"/api/2.0/mlflow-artifacts/presigned/{experiment}/{run}/artifacts/x").ShouldBeRefusedAsync(HttpStatusCode.NotImplemented, "NOT_IMPLEMENTED"))
            .ShouldStartWith("Multipart download is not supported");
        await scientist.TryAsync(HttpMethod.Post, "artifacts/presigned-upload-url", new { run_id = run, path = "x" }).ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
    }

    private TestTenant? tenant;

    private TestProject? project;

    private async Task<TestProject> ProjectAsync() => project ??= await (tenant ??= await portal.TenantAsync("Artifacts")).ProjectAsync("Churn");

    private async Task<(TestMember Scientist, string Run, string Experiment)> ArrangeAsync()
    {
        var place = await ProjectAsync();
        var scientist = tenant![Role.DataScientist]; // ProjectAsync made it
        var experiment = await scientist.ExperimentAsync(place, $"e-{Guid.NewGuid():n}");
        return (scientist, await scientist.RunAsync(experiment), experiment);
    }

    /// <summary>Folders with a slash behind.</summary>
    private static async Task<string[]> NamesAsync(TestMember member, string address)
    {
        var body = await member.CallAsync(HttpMethod.Get, address);
        return body.TryGetProperty("files", out var files)
            ? [.. files.EnumerateArray().Select(file => file.GetProperty("path").GetString() + (file.GetProperty("is_dir").GetBoolean() ? "/" : ""))]
            : [];
    }
}
