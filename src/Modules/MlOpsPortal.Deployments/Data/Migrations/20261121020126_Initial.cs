using System;
using MlOpsPortal.Platform.Data;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MlOpsPortal.Deployments.Data.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.EnsureSchema(
                name: "deployments");

            migrationBuilder.CreateTable(
                name: "deployments",
                schema: "deployments",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    project_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    environment = table.Column<string>(type: "text", nullable: false),
                    model_id = table.Column<Guid>(type: "uuid", nullable: false),
                    live_version = table.Column<int>(type: "integer", nullable: true),
                    is_off = table.Column<bool>(type: "boolean", nullable: false),
                    is_loading = table.Column<bool>(type: "boolean", nullable: false),
                    archived_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    document = table.Column<string>(type: "jsonb", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_deployments", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "traffic",
                schema: "deployments",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    deployment_id = table.Column<Guid>(type: "uuid", nullable: false),
                    minute = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    process_id = table.Column<Guid>(type: "uuid", nullable: false),
                    requests = table.Column<long>(type: "bigint", nullable: false),
                    rows = table.Column<long>(type: "bigint", nullable: false),
                    bad_input = table.Column<long>(type: "bigint", nullable: false),
                    unavailable = table.Column<long>(type: "bigint", nullable: false),
                    timed_out = table.Column<long>(type: "bigint", nullable: false),
                    failed = table.Column<long>(type: "bigint", nullable: false),
                    dropped = table.Column<long>(type: "bigint", nullable: false),
                    latency = table.Column<long[]>(type: "bigint[]", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_traffic", x => new { x.tenant_id, x.deployment_id, x.minute, x.process_id });
                });

            migrationBuilder.CreateIndex(
                name: "ix_deployments_tenant_id_project_id",
                schema: "deployments",
                table: "deployments",
                columns: new[] { "tenant_id", "project_id" });

            migrationBuilder.CreateIndex(
                name: "ux_deployments_name",
                schema: "deployments",
                table: "deployments",
                columns: new[] { "tenant_id", "name" },
                unique: true,
                filter: "archived_at IS NULL");

            migrationBuilder.OpenSchema("deployments");
            migrationBuilder.SecureTenantTable("deployments", "deployments", systemMay: "SELECT");
            migrationBuilder.SecureTenantTable("deployments", "traffic");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "deployments",
                schema: "deployments");

            migrationBuilder.DropTable(
                name: "traffic",
                schema: "deployments");
        }
    }
}
