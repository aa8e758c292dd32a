using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using MlOpsPortal.Access.SignIn;
using MlOpsPortal.Access.Tenants;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using Npgsql;

namespace MlOpsPortal.Access.Data;

/// <summary>What stands above the tenants: accounts and the tenants themselves. Reached as <c>mlops_system</c> only, never by a module's query.</summary>
public sealed class AccountsDbContext(DbContextOptions<AccountsDbContext> options) : IdentityUserContext<Account, Guid>(options)
{
    internal const string SlugIndex = "ix_tenants_slug";

    internal DbSet<Tenant> Tenants => Set<Tenant>();

    internal DbSet<Session> Sessions => Set<Session>();

    internal DbSet<PasswordReset> PasswordResets => Set<PasswordReset>();

    /// <summary>Version 3 has the table for passkeys.</summary>
    protected override Version SchemaVersion => IdentitySchemaVersions.Version3;

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.HasDefaultSchema(AccessDbContext.SchemaName);
        builder.Entity<Account>(account =>
        {
            account.ToTable("accounts");
            account.Ignore(row => row.UserId);
            account.Property(row => row.Kind).HasConversion<string>();
            account.HasIndex(row => row.NormalizedEmail).HasDatabaseName("ix_accounts_email").IsUnique();
            account.HasIndex(row => row.NormalizedUserName).HasDatabaseName("ix_accounts_user_name").IsUnique();
        });
        builder.Entity<IdentityUserClaim<Guid>>().ToTable("account_claims");
        builder.Entity<IdentityUserLogin<Guid>>().ToTable("account_logins");
        builder.Entity<IdentityUserToken<Guid>>().ToTable("account_tokens");
        builder.Entity<IdentityUserPasskey<Guid>>(passkey =>
        {
            passkey.ToTable("account_passkeys");
            passkey.HasKey(row => row.CredentialId);
            passkey.Property(row => row.CredentialId).HasMaxLength(1024); // the longest that WebAuthn has
            passkey.OwnsOne(row => row.Data).ToJson("data");
            passkey.HasOne<Account>().WithMany().HasForeignKey(row => row.UserId);
        });
        builder.Entity<Tenant>(tenant =>
        {
            tenant.ToTable("tenants");
            tenant.Property(row => row.Id).HasConversion(new ValueConverter<TenantId, Guid>(id => id.Value, value => new TenantId(value)));
            tenant.Property(row => row.State).HasConversion<string>();
            tenant.HasIndex(row => row.Slug).HasDatabaseName(SlugIndex).IsUnique();
        });
        builder.Entity<Session>(session =>
        {
            session.ToTable("sessions");
            session.HasIndex(row => row.AccountId).HasDatabaseName("ix_sessions_account");
            session.HasIndex(row => row.LastSeenAt).HasDatabaseName("ix_sessions_last_seen");
        });
        builder.Entity<PasswordReset>(reset =>
        {
            reset.ToTable("password_resets");
            reset.HasIndex(row => row.Hash).HasDatabaseName("ix_password_resets_hash").IsUnique();
            reset.HasIndex(row => row.AccountId).HasDatabaseName("ix_password_resets_account");
            reset.Property(row => row.UsedAt).IsConcurrencyToken();
        });
        SnakeCase.Apply(builder);
    }
}

internal sealed class AccountsMigrations : IMigrations
{
    public string Module => "Accounts";

    public async Task ApplyAsync(NpgsqlDataSource owner, CancellationToken cancellationToken)
    {
        await using var context = new AccountsDbContext(PortalDbOptions.For<AccountsDbContext>(owner).Options);
        await context.Database.MigrateAsync(cancellationToken);
    }
}
