using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using MlOpsPortal.Deployments.Releases;
using MlOpsPortal.Deployments.Serving.Scoring;
using MlOpsPortal.Engines.OnnxRuntime;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Platform.Blobs;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Deployments.Serving;

/// <summary>Fetches, hashes, loads, checks and warms a release, all before it may answer. Whatever goes wrong is a refusal that the release keeps.</summary>
internal sealed class ModelLoader(IModelFiles files, IOptions<ServingOptions> options, TimeProvider time)
{
    private const int WarmRuns = 3;
    private const int LongestMessage = 300;

    public async Task<Result<LoadedModel>> LoadAsync(TenantId tenant, Release release, CancellationToken stopping)
    {
        var limit = options.Value.LoadTimeout;
        using var late = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stopping);
        try
        {
            if (release.Version.File is not { } file)
                return DeploymentsErrors.LoadFailed("the version has no file");
            var content = await files.ReadAsync(tenant, file, either.Token);
            var actual = Convert.ToHexStringLower(SHA256.HashData(content));
            return actual == file.Sha256 ? Open(release, content, either.Token) : DeploymentsErrors.LoadHash(file.Sha256, actual);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !stopping.IsCancellationRequested)
        {
            return DeploymentsErrors.LoadSlow(limit);
        }
        catch (SignatureException exception)
        {
            return DeploymentsErrors.LoadSignature(exception.Message);
        }
        catch (Exception exception) when (exception is OnnxException or IOException or InvalidDataException or OutOfMemoryException || BlobsAway.Is(exception))
        {
            return DeploymentsErrors.LoadFailed(Shorten(exception.Message));
        }
    }

    private static Result<LoadedModel> Open(Release release, byte[] content, CancellationToken cancellationToken)
    {
        var session = OnnxSession.Load(content, OnnxSessionOptions.Serving, cancellationToken);
        OnnxRowPool? rows = null;
        try
        {
            var plan = ScoringPlan.Join(release.Version.Contract, session);
            var cells = WarmRow(plan);
            var answer = Place(BatchScorer.Run(session, plan, cells, cancellationToken), plan.Contract.Output);
            if (answer.Kind != AnswerKind.Other && plan.Inputs.All(input => input.Shape is [-1 or 1, ..]))
                rows = session.CreateRowPool([plan.Contract.Output.Name]);
            var model = new LoadedModel(release, plan, session, rows, answer, session.Inputs.Any(input => input.Shape is [1, ..]));
            for (var run = 0; run < WarmRuns; run++)
                ScoreRows.Run(model, cells, new double[1], cancellationToken);
            return model;
        }
        catch (Exception exception)
        {
            rows?.Dispose();
            session.Dispose();
            if (exception is OnnxException failed)
                return DeploymentsErrors.WarmFailed(Shorten(failed.Message));
            throw;
        }
    }

    /// <summary>A row that every model of the contract takes: zeros, empty texts, missing where that is allowed.</summary>
    private static RowCells WarmRow(ScoringPlan plan)
    {
        var cells = new RowCells();
        cells.Begin(plan.Features.Length);
        cells.Resize(1);
        foreach (var feature in plan.Features)
        {
            if (feature.Type == FeatureType.Text)
                cells.Set(0, feature.Index, "");
            else if (feature.IsReal)
                cells.Set(0, feature.Index, feature.Nullable ? double.NaN : 0d);
            else
                cells.Set(0, feature.Index, 0L);
        }

        return cells;
    }

    private static AnswerPlace Place(OnnxOutput output, ContractOutput contract)
    {
        if (output.Keys is { } keys)
        {
            var column = keys.TakeWhile(key => Convert.ToString(key, CultureInfo.InvariantCulture) != contract.Key).Count();
            return column < keys.Count ? new AnswerPlace(AnswerKind.Map, column) : throw new SignatureException($"Output '{output.Name}' has no class '{contract.Key}'.");
        }

        if (output.Data.Length <= contract.Column)
            throw new SignatureException($"Output '{output.Name}' has {output.Data.Length} values a row, the contract reads number {contract.Column}.");
        var kind = output.ElementType switch
        {
            OnnxElementType.Float => AnswerKind.Floats,
            OnnxElementType.Double => AnswerKind.Doubles,
            OnnxElementType.Int64 => AnswerKind.Wholes,
            OnnxElementType.Int32 => AnswerKind.Other,
            _ => throw new SignatureException($"Output '{output.Name}' holds {output.ElementType}, which is no answer."),
        };
        return new AnswerPlace(kind, contract.Column);
    }

    private static string Shorten(string message)
    {
        var line = message.ReplaceLineEndings(" ");
        return line.Length <= LongestMessage ? line : line[..LongestMessage] + "…";
    }
}
