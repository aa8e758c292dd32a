using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Access.Members;
using MlOpsPortal.Access.Tokens;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Access.Data;

/// <summary>Who is a member of the tenant and of its scopes, who is invited, and which tokens are out.</summary>
public sealed class AccessDbContext(DbContextOptions<AccessDbContext> options, TenantId tenant) : TenantDbContext(options, tenant)
{
    internal const string SchemaName = "access";

    internal DbSet<Membership> Memberships => Set<Membership>();

    internal DbSet<ScopeMembership> ScopeMemberships => Set<ScopeMembership>();

    internal DbSet<Invitation> Invitations => Set<Invitation>();

    internal DbSet<TokenRow> Tokens => Set<TokenRow>();

    protected override string Schema => SchemaName;

    protected override void OnModuleCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Membership>(row =>
        {
            row.ToTable("memberships");
            row.HasKey(member => new { member.TenantId, member.UserId });
            row.PrimitiveCollection(member => member.Roles).ElementType().HasConversion<string>();
            row.Property(member => member.Kind).HasConversion<string>();
            row.Property(member => member.Version).IsConcurrencyToken();
            row.HasIndex(member => member.UserId);
        });
        modelBuilder.Entity<ScopeMembership>(row =>
        {
            row.ToTable("scope_memberships");
            row.HasKey(member => new { member.TenantId, member.Scope, member.UserId });
            row.PrimitiveCollection(member => member.Roles).ElementType().HasConversion<string>();
            row.Property(member => member.Version).IsConcurrencyToken();
            row.HasIndex(member => new { member.TenantId, member.UserId });
        });
        modelBuilder.Entity<Invitation>(row =>
        {
            row.ToTable("invitations");
            row.HasKey(invitation => new { invitation.TenantId, invitation.Id });
            row.PrimitiveCollection(invitation => invitation.Roles).ElementType().HasConversion<string>();
            row.Property(invitation => invitation.State).HasConversion<string>().IsConcurrencyToken();
            row.HasIndex(invitation => invitation.Hash).IsUnique();
        });
        modelBuilder.Entity<TokenRow>(row =>
        {
            row.ToTable("tokens");
            row.HasKey(token => new { token.TenantId, token.Id });
            row.PrimitiveCollection(token => token.Roles).ElementType().HasConversion<string>();
            row.HasIndex(token => token.Hash).IsUnique();
            row.HasIndex(token => new { token.TenantId, token.UserId });
        });
    }
}
