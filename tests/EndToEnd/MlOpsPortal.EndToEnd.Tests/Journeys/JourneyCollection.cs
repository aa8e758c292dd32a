using MlOpsPortal.Testing;

[assembly: PortalLog]

namespace MlOpsPortal.EndToEnd.Journeys;

/// <summary>One portal, one browser and one furnished tenant for all journeys.</summary>
[CollectionDefinition]
public sealed class JourneyCollection : ICollectionFixture<PortalFixture>, ICollectionFixture<Chromium>, ICollectionFixture<Furnished>;
