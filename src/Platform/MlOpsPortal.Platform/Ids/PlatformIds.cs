namespace MlOpsPortal.Platform.Ids;

/// <summary>A company that rents the portal; the border that nothing crosses.</summary>
public readonly record struct TenantId(Guid Value) : IId<TenantId>
{
    public static TenantId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out TenantId id) => Id.TryParse(text, out id);

    public override string ToString() => Id.Text(Value);
}

/// <summary>A person's or a service's account; accounts are global, memberships belong to a tenant.</summary>
public readonly record struct UserId(Guid Value) : IId<UserId>
{
    public static UserId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out UserId id) => Id.TryParse(text, out id);

    public override string ToString() => Id.Text(Value);
}

/// <summary>A place inside a tenant that people are members of (the portal's projects). Everything in it is hidden from others.</summary>
public readonly record struct ScopeId(Guid Value) : IId<ScopeId>
{
    public static ScopeId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out ScopeId id) => Id.TryParse(text, out id);

    public override string ToString() => Id.Text(Value);
}

public readonly record struct UploadId(Guid Value) : IId<UploadId>
{
    public static UploadId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out UploadId id) => Id.TryParse(text, out id);

    public override string ToString() => Id.Text(Value);
}

public readonly record struct BlobId(Guid Value) : IId<BlobId>
{
    public static BlobId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out BlobId id) => Id.TryParse(text, out id);

    public override string ToString() => Id.Text(Value);
}

public readonly record struct JobId(Guid Value) : IId<JobId>
{
    public static JobId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out JobId id) => Id.TryParse(text, out id);

    public override string ToString() => Id.Text(Value);
}
