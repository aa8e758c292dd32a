using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Http;

namespace MlOpsPortal.Deployments.Serving.Scoring;

/// <summary>A way to ask for scores and to be answered.</summary>
internal abstract class ScoringFormat
{
    /// <summary>Named features, problem+json.</summary>
    public static readonly ScoringFormat Plain = new PlainFormat();

    /// <summary>Open Inference Protocol v2.</summary>
    public static readonly ScoringFormat Oip = new OipFormat();

    /// <summary>Fills the slot's cells; what does not fit the contract goes to its faults.</summary>
    public abstract void Read(ReadOnlySpan<byte> body, ScoringPlan plan, ScoringSlot slot, DateTimeOffset now);

    public abstract void Write(ScoringSlot slot, in AnswerFacts facts);

    public abstract Task RefuseAsync(HttpContext http, Refusal refusal);

    private sealed class PlainFormat : ScoringFormat
    {
        public override void Read(ReadOnlySpan<byte> body, ScoringPlan plan, ScoringSlot slot, DateTimeOffset now) => PlainRequest.Read(body, plan, slot, now);

        public override void Write(ScoringSlot slot, in AnswerFacts facts) => Replies.WritePlain(slot, facts);

        public override Task RefuseAsync(HttpContext http, Refusal refusal) => Problems.WriteAsync(http, refusal);
    }

    private sealed class OipFormat : ScoringFormat
    {
        public override void Read(ReadOnlySpan<byte> body, ScoringPlan plan, ScoringSlot slot, DateTimeOffset now) => OipRequest.Read(body, plan, slot, now);

        public override void Write(ScoringSlot slot, in AnswerFacts facts) => Replies.WriteOip(slot, facts);

        /// <summary>The protocol knows one text: all sentences in it.</summary>
        public override Task RefuseAsync(HttpContext http, Refusal refusal)
        {
            var texts = http.RequestServices.GetRequiredService<RefusalTexts>();
            var sentence = new StringBuilder(texts.Sentence(refusal));
            if (refusal is Validation { Fields: { IsDefaultOrEmpty: false } fields })
                foreach (var fault in fields)
                    sentence.Append(CultureInfo.InvariantCulture, $" {fault.Field}: {texts.Sentence(fault)}");
            if (refusal is Unavailable unavailable)
                http.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(unavailable.RetryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            http.Response.StatusCode = Problems.Status(refusal);
            return http.Response.WriteAsJsonAsync(new OipError(sentence.ToString()), http.RequestAborted);
        }
    }
}

/// <summary>An error of the Open Inference Protocol.</summary>
internal sealed record OipError(string Error);
