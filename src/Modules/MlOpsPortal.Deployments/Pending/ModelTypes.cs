using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;
using MlOpsPortal.Projects.Problem;

namespace MlOpsPortal.Models
{
    public readonly record struct ModelId(Guid Value) : IId<ModelId>
    {
        public static ModelId From(Guid value) => new(value);

        public static bool TryParse(string? text, IFormatProvider? provider, out ModelId id) => Id.TryParse(text, out id);

        public override string ToString() => Id.Text(Value);
    }

    public readonly record struct ModelVersionId(Guid Value) : IId<ModelVersionId>
    {
        public static ModelVersionId From(Guid value) => new(value);

        public static bool TryParse(string? text, IFormatProvider? provider, out ModelVersionId id) => Id.TryParse(text, out id);

        public override string ToString() => Id.Text(Value);
    }
}

namespace MlOpsPortal.Models.Contracts
{
    public sealed record ModelContract(
        MlTask Task, string Target, string? PositiveClass, ContractOutput Output, ImmutableArray<ContractFeature> Features, double? Threshold)
    {
        public string Hash() => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this, PortalJson.Options)));
    }

    public sealed record ContractOutput(string Name, int Column, string? Key);

    public sealed record ContractFeature(string Name, FeatureType Type, bool Nullable, string Input, int Position);

    public enum FeatureType
    {
        Number,
        Integer,
        Text,
        Boolean,
    }
}

namespace MlOpsPortal.Models
{
    public readonly record struct ReleaseRequestId(Guid Value) : IId<ReleaseRequestId>
    {
        public static ReleaseRequestId From(Guid value) => new(value);

        public static bool TryParse(string? text, IFormatProvider? provider, out ReleaseRequestId id) => Id.TryParse(text, out id);

        public override string ToString() => Id.Text(Value);
    }
}

namespace MlOpsPortal.Models.Registry
{

    public sealed record Person(UserId Id, string Name);

    public sealed record StoredFile(BlobId Blob, string Name, long Bytes, string Sha256);

    public sealed record ServableModel(
        ProjectId Project, ModelId Model, string ModelName, ModelVersionId Version, int Number, StoredFile File, ModelContract Contract, string ContractSha256);

    public interface IModelRegistry
    {
        Task<Result<ServableModel>> GetReadyAsync(Caller caller, ModelVersionId version, CancellationToken cancellationToken);
    }
}

namespace MlOpsPortal.Models.Approvals
{

    public enum ReleaseEnvironment
    {
        Sandbox,
        Production,
    }

    public interface IReleaseApprovals
    {
        Task<Result<ReleaseApproval?>> DemandAsync(Caller caller, ModelVersionId version, ReleaseEnvironment environment, CancellationToken cancellationToken);
    }

    public sealed record ReleaseApproval(
        ReleaseRequestId Request, ModelVersionId Version, ReleaseEnvironment Environment, Person RequestedBy, Person ApprovedBy, DateTimeOffset At, string Comment,
        string FileSha256, string ContractSha256, string EvidenceSha256);
}
