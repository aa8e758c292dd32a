using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Data;

namespace MlOpsPortal.Access.Data;

/// <summary>Opens the accounts, as the system role. Dispose what it gives.</summary>
public sealed class Accounts(PortalDatabase database)
{
    private readonly DbContextOptions<AccountsDbContext> options = PortalDbOptions.For<AccountsDbContext>(database.System).Options;

    public AccountsDbContext Open() => new(options);
}
