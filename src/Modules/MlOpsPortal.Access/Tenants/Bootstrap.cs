using MlOpsPortal.Access.SignIn;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Permissions;
using Npgsql;

namespace MlOpsPortal.Access.Tenants;

internal sealed record FirstTenant(string TenantName, string Slug, string Email, string Name, string Password);

public sealed record BootstrapDone(TenantSummary Tenant, UserId Administrator);

/// <summary>The one way to a first administrator, who is the first operator too. Whether it happened is told by memberships, which are written last: a run that was cut off
/// may be repeated and finds what it left.</summary>
internal sealed class Bootstrap(PortalDatabase database, TenantDesk tenants, AccountDesk people)
{
    private const long Lock = 0x6D6C6F7073; // any number that nobody else locks

    public async Task<Result<BootstrapDone>> RunAsync(FirstTenant first, CancellationToken cancellationToken)
    {
        await using var connection = await database.System.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var one = new NpgsqlCommand("SELECT pg_advisory_xact_lock($1)", connection, transaction) { Parameters = { new() { Value = Lock } } })
            await one.ExecuteNonQueryAsync(cancellationToken);
        await using (var members = new NpgsqlCommand("SELECT EXISTS (SELECT FROM access.memberships)", connection, transaction))
        {
            if (await members.ExecuteScalarAsync(cancellationToken) is true)
                return AccessErrors.AlreadyBootstrapped;
        }

        if (TenantSlug.Check(first.TenantName, first.Slug) is { } refusal)
            return refusal;
        var person = await people.CreateOrResetAsync(first.Email, first.Name, first.Password, cancellationToken);
        if (!person.IsOk)
            return person.Refusal;
        var tenant = await tenants.FindAsync(first.Slug, cancellationToken) is { } left ? left : await tenants.CreateAsync(first.TenantName, first.Slug, cancellationToken);
        if (!tenant.IsOk)
            return tenant.Refusal;
        await people.MakeOperatorAsync(person.Value.UserId, cancellationToken);
        await tenants.AddMemberAsync(tenant.Value.Id, person.Value, [Role.TenantAdministrator], cancellationToken);
        return new BootstrapDone(tenant.Value, person.Value.UserId);
    }
}
