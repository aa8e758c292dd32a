using System.Globalization;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Tracking.Artifacts;

/// <summary>How many files come in at once, in this process: each holds a block of memory. Who comes later is told to try again, as MLflow's client does by itself.</summary>
internal sealed class UploadGate
{
    public const int PerTenant = 32;
    public const int Altogether = 128;
    private readonly Lock gate = new();
    private readonly Dictionary<TenantId, int> inside = [];
    private int all;

    /// <returns>Dispose it when the file is in; null when there is no place.</returns>
    public IDisposable? Enter(TenantId tenant)
    {
        lock (gate)
        {
            var mine = inside.GetValueOrDefault(tenant);
            if (mine >= PerTenant || all >= Altogether)
                return null;
            (inside[tenant], all) = (mine + 1, all + 1);
            return new Place(this, tenant);
        }
    }

    public static Unavailable Full() => ArtifactErrors.TooManyUploads(PerTenant.ToString(CultureInfo.InvariantCulture));

    private void Leave(TenantId tenant)
    {
        lock (gate)
        {
            all--;
            if (--inside[tenant] == 0)
                inside.Remove(tenant);
        }
    }

    private sealed class Place(UploadGate gate, TenantId tenant) : IDisposable
    {
        private bool left;

        public void Dispose()
        {
            if (!left)
                gate.Leave(tenant);
            left = true;
        }
    }
}
