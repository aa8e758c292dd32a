using System;
using Microsoft.EntityFrameworkCore.Migrations;
using MlOpsPortal.Platform.Data;

#nullable disable

namespace MlOpsPortal.Audit.Data.Migrations
{
    /// <inheritdoc />
    public partial class Seals : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "seals",
                schema: "audit",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sequence = table.Column<long>(type: "bigint", nullable: false),
                    entry_id = table.Column<Guid>(type: "uuid", nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    sealed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_seals", x => new { x.tenant_id, x.sequence });
                });

            migrationBuilder.CreateIndex(
                name: "ix_seals_tenant_id_entry_id",
                schema: "audit",
                table: "seals",
                columns: new[] { "tenant_id", "entry_id" },
                unique: true);

            // The portal's own hands may only look at seals; the sealer, who has no tenant, adds to them and reads what it seals.
            migrationBuilder.SecureTenantTable("audit", "seals", appMay: "SELECT", systemMay: "SELECT, INSERT");
            migrationBuilder.Sql("CREATE POLICY portal ON platform.audit TO mlops_system USING (true) WITH CHECK (true); GRANT SELECT ON platform.audit TO mlops_system;");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("REVOKE SELECT ON platform.audit FROM mlops_system; DROP POLICY portal ON platform.audit;");
            migrationBuilder.DropTable(
                name: "seals",
                schema: "audit");
        }
    }
}
