using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Tracking.Artifacts;

public sealed class UploadGateTests
{
    [Fact]
    public void A_tenant_has_its_places_and_leaves_others_theirs()
    {
        var gate = new UploadGate();
        var (one, other) = (new TenantId(Guid.CreateVersion7()), new TenantId(Guid.CreateVersion7()));
        var places = Enumerable.Range(0, UploadGate.PerTenant).Select(_ => gate.Enter(one).ShouldNotBeNull()).ToList();

        gate.Enter(one).ShouldBeNull();
        gate.Enter(other).ShouldNotBeNull();
        places[0].Dispose();
        places[0].Dispose();
        gate.Enter(one).ShouldNotBeNull();
        gate.Enter(one).ShouldBeNull();
    }

    [Fact]
    public void All_tenants_together_have_their_places_too()
    {
        var gate = new UploadGate();
        for (var number = 0; number < UploadGate.Altogether; number++)
            gate.Enter(new TenantId(Guid.CreateVersion7())).ShouldNotBeNull();

        gate.Enter(new TenantId(Guid.CreateVersion7())).ShouldBeNull();
    }
}
