using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.MlflowApi.Wire;

/// <summary>One request of an authenticated caller.</summary>
internal sealed class MlflowCall(HttpContext context, Caller caller)
{
    /// <summary>Longest JSON body, bytes: a dataset's profile alone may have 16 MiB, and more as escapes.</summary>
    public const long MaxBody = 64L * 1024 * 1024;

    public HttpContext Context => context;

    public Caller Caller => caller;

    public CancellationToken Aborted => context.RequestAborted;

    public TDesk Desk<TDesk>()
        where TDesk : notnull => context.RequestServices.GetRequiredService<TDesk>();

    /// <summary>A part of the route.</summary>
    public string Route(string name) => (string)context.Request.RouteValues[name]!; // the pattern has it, or the route would not have matched

    /// <summary>The query of a GET that has one, else the JSON body. A body that is no JSON object is one without fields, as MLflow takes it.</summary>
    public async Task<Result<MlflowFields>> ReadAsync()
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) && request.Query.Count > 0)
            return MlflowFields.Of(request.Query);
        if (!HasBodyType())
            return MlflowRefusals.ContentType();
        AllowBody(MaxBody);
        var pipe = request.BodyReader;
        ReadResult read;
        while (!(read = await pipe.ReadAsync(Aborted)).IsCompleted)
            pipe.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        var fields = MlflowFields.Parse(read.Buffer);
        pipe.AdvanceTo(read.Buffer.End);
        return fields;
    }

    /// <summary>May the body be read? What posts must say that it is JSON: no page of elsewhere can send that unasked.</summary>
    public bool HasBodyType()
    {
        var request = context.Request;
        if (!HttpMethods.IsPost(request.Method) && !HttpMethods.IsPut(request.Method) && request.ContentLength is null or 0)
            return true;
        var type = request.ContentType.AsSpan();
        var end = type.IndexOf(';');
        return (end < 0 ? type : type[..end]).Trim().Equals(MlflowJson.MediaType, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>How much this request may send; null for as much as it likes.</summary>
    public void AllowBody(long? bytes)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = bytes;
    }
}
