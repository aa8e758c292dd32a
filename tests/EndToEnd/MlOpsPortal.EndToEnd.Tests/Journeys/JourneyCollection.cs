using MlOpsPortal.Testing;

namespace MlOpsPortal.EndToEnd.Journeys;

/// <summary>One portal and one browser for all journeys.</summary>
[CollectionDefinition]
public sealed class JourneyCollection : ICollectionFixture<PortalFixture>, ICollectionFixture<Chromium>;
