using System.Globalization;
using MlOpsPortal.Deployments.Releases;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Deployments;

/// <summary>Why this module refuses; the sentences are in Refusals.resx.</summary>
public static class DeploymentsErrors
{
    public static Conflict NameTaken() => new("deployments.name_taken");

    public static Conflict Archived() => new("deployments.archived");

    public static Conflict OtherModel() => new("deployments.other_model");

    public static Conflict AlreadyLive(int version) => new("deployments.already_live", Text(version));

    public static Conflict NeedsApproval(int version) => new("deployments.needs_approval", Text(version));

    public static Conflict ReleaseLoading(int version) => new("deployments.release_loading", Text(version));

    public static Conflict NoWayBack() => new("deployments.no_way_back");

    public static Conflict AlreadyOff() => new("deployments.already_off");

    public static Conflict NotOff() => new("deployments.not_off");

    public static Conflict ReleaseMove(ReleaseState from, ReleaseMove move) => new("deployments.release_move", from.ToString(), move.ToString());

    public static NotFound NoEndpoint(string name) => new("deployments.no_endpoint", name);

    public static NotFound NoVersion(string version) => new("deployments.no_version", version);

    public static Unavailable NothingLive(string name) => new("deployments.nothing_live", name);

    public static Conflict NotRun(string name) => new("deployments.not_run", name);

    public static Unavailable Off(string name, string reason) => new("deployments.off", name, reason);

    public static Unavailable TooSlow(TimeSpan deadline) => new("deployments.too_slow", Text((int)deadline.TotalMilliseconds)) { Kind = UnavailableKind.TooSlow };

    public static Unavailable SpoolFull() => new("deployments.spool_full");

    public static Unavailable SpoolFailed() => new("deployments.spool_failed") { Kind = UnavailableKind.NoRoom };

    public static Validation BodyTooLarge(long most) => new("deployments.body_too_large", Text(most)) { Kind = ValidationKind.TooLarge };

    public static Validation TooManyRows(int most) => new("deployments.too_many_rows", Text(most)) { Kind = ValidationKind.TooLarge };

    public static Validation WrongType() => new("deployments.wrong_type") { Kind = ValidationKind.WrongType };

    public static Validation NotFinite(int row) => new("deployments.not_finite", Text(row)) { Kind = ValidationKind.Unprocessable };

    public static Validation RunFailed(string message) => new("deployments.run_failed", message) { Kind = ValidationKind.Unprocessable };

    public static Validation LoadHash(string expected, string actual) => new("deployments.load_hash", expected, actual);

    public static Validation LoadFailed(string message) => new("deployments.load_failed", message);

    public static Validation LoadSignature(string message) => new("deployments.load_signature", message);

    public static Validation WarmFailed(string message) => new("deployments.warm_failed", message);

    public static Unavailable LoadSlow(TimeSpan limit) => new("deployments.load_slow", Text((int)limit.TotalSeconds));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
