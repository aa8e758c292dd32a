using MlOpsPortal.Testing;

namespace MlOpsPortal.Architecture;

/// <summary>One running portal for all classes that look at one.</summary>
[CollectionDefinition]
public sealed class PortalCollection : ICollectionFixture<PortalFixture>;
