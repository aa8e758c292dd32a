using System.Globalization;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Tracking;

/// <summary>An experiment. Written as 32 hex digits; the tenant's default one as <c>0</c>, the id that MLflow's client takes when it is told none.</summary>
public readonly record struct ExperimentId(Guid Value) : IId<ExperimentId>
{
    private const string DefaultText = "0";

    /// <summary>The same in every tenant, as its wire id is.</summary>
    public static readonly ExperimentId Default = new(new Guid("00000000-0000-7000-8000-0000000000d0"));

    public static ExperimentId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out ExperimentId id)
    {
        if (text != DefaultText)
            return Id.TryParse(text, out id);
        id = Default;
        return true;
    }

    /// <summary>The id of nothing for a text that is none.</summary>
    public static ExperimentId Parse(string? text) => TryParse(text, CultureInfo.InvariantCulture, out var id) ? id : default;

    public override string ToString() => this == Default ? DefaultText : Id.Text(Value);
}

/// <summary>A run: 32 lower-case hex digits, as MLflow writes its own.</summary>
public readonly record struct RunId(Guid Value) : IId<RunId>
{
    public static RunId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out RunId id) => Id.TryParse(text, out id);

    /// <summary>The id of nothing for a text that is none.</summary>
    public static RunId Parse(string? text) => TryParse(text, CultureInfo.InvariantCulture, out var id) ? id : default;

    public override string ToString() => Id.Text(Value);
}

/// <summary>A logged model: <c>m-</c> and 32 hex digits.</summary>
public readonly record struct LoggedModelId(Guid Value) : IId<LoggedModelId>
{
    private const string Prefix = "m-";

    public static LoggedModelId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out LoggedModelId id) =>
        Id.TryParse(text?.StartsWith(Prefix, StringComparison.Ordinal) == true ? text[Prefix.Length..] : null, out id);

    /// <summary>The id of nothing for a text that is none.</summary>
    public static LoggedModelId Parse(string? text) => TryParse(text, CultureInfo.InvariantCulture, out var id) ? id : default;

    public override string ToString() => Prefix + Id.Text(Value);
}
