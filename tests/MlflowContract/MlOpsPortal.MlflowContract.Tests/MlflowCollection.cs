using MlOpsPortal.MlflowContract.Environments;
using MlOpsPortal.Testing;

namespace MlOpsPortal.MlflowContract;

/// <summary>One portal and one pair of Python environments for all tests; each test takes a tenant of its own.</summary>
[CollectionDefinition]
public sealed class MlflowCollection : ICollectionFixture<PortalFixture>, ICollectionFixture<MlflowEnvironments>;
