using System;
using Microsoft.EntityFrameworkCore.Migrations;
using MlOpsPortal.Platform.Data;

#nullable disable

namespace MlOpsPortal.Registry.Data.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.EnsureSchema(
                name: "registry");

            migrationBuilder.CreateTable(
                name: "governance",
                schema: "registry",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    protected_aliases = table.Column<string[]>(type: "text[]", nullable: false),
                    protect_stages = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_governance", x => x.tenant_id);
                });

            migrationBuilder.CreateTable(
                name: "model_aliases",
                schema: "registry",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    model_id = table.Column<Guid>(type: "uuid", nullable: false),
                    alias = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    number = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_model_aliases", x => new { x.tenant_id, x.model_id, x.alias });
                });

            migrationBuilder.CreateTable(
                name: "model_tags",
                schema: "registry",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    model_id = table.Column<Guid>(type: "uuid", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    value = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_model_tags", x => new { x.tenant_id, x.model_id, x.key });
                });

            migrationBuilder.CreateTable(
                name: "model_versions",
                schema: "registry",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    model_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    description = table.Column<string>(type: "text", nullable: true),
                    source = table.Column<string>(type: "text", nullable: false),
                    storage = table.Column<string>(type: "text", nullable: false),
                    files = table.Column<string>(type: "text", nullable: true),
                    run_id = table.Column<string>(type: "text", nullable: true),
                    logged_model = table.Column<string>(type: "text", nullable: true),
                    run_link = table.Column<string>(type: "text", nullable: true),
                    stage = table.Column<string>(type: "text", nullable: false),
                    created_ms = table.Column<long>(type: "bigint", nullable: false),
                    updated_ms = table.Column<long>(type: "bigint", nullable: false),
                    created_by = table.Column<string>(type: "text", nullable: false),
                    sha256 = table.Column<string>(type: "text", nullable: true),
                    file_count = table.Column<int>(type: "integer", nullable: false),
                    bytes = table.Column<long>(type: "bigint", nullable: false),
                    flavors = table.Column<string[]>(type: "text[]", nullable: false),
                    deleted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    deleted_by = table.Column<string>(type: "text", nullable: true),
                    portal_version = table.Column<Guid>(type: "uuid", nullable: true),
                    portal_model = table.Column<Guid>(type: "uuid", nullable: true),
                    portal_number = table.Column<int>(type: "integer", nullable: true),
                    portal_refusal = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_model_versions", x => new { x.tenant_id, x.model_id, x.number });
                });

            migrationBuilder.CreateTable(
                name: "move_requests",
                schema: "registry",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    model_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    archive_others = table.Column<bool>(type: "boolean", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    asked_by_id = table.Column<Guid>(type: "uuid", nullable: false),
                    asked_by = table.Column<string>(type: "text", nullable: false),
                    asked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    decided_by = table.Column<string>(type: "text", nullable: true),
                    decided_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    comment = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_move_requests", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "movements",
                schema: "registry",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    model_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    from = table.Column<string>(type: "text", nullable: true),
                    to = table.Column<string>(type: "text", nullable: true),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    actor_id = table.Column<Guid>(type: "uuid", nullable: false),
                    actor_name = table.Column<string>(type: "text", nullable: false),
                    request = table.Column<Guid>(type: "uuid", nullable: true),
                    asked_by = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_movements", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "registered_models",
                schema: "registry",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    project_id = table.Column<Guid>(type: "uuid", nullable: false),
                    project_chosen = table.Column<bool>(type: "boolean", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    description = table.Column<string>(type: "text", nullable: true),
                    created_ms = table.Column<long>(type: "bigint", nullable: false),
                    updated_ms = table.Column<long>(type: "bigint", nullable: false),
                    next_number = table.Column<int>(type: "integer", nullable: false),
                    revision = table.Column<long>(type: "bigint", nullable: false),
                    deleted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    deleted_by = table.Column<string>(type: "text", nullable: true),
                    created_by = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_registered_models", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "version_tags",
                schema: "registry",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    model_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    value = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_version_tags", x => new { x.tenant_id, x.model_id, x.number, x.key });
                });

            migrationBuilder.CreateIndex(
                name: "ix_model_versions_tenant_id_logged_model",
                schema: "registry",
                table: "model_versions",
                columns: new[] { "tenant_id", "logged_model" });

            migrationBuilder.CreateIndex(
                name: "ix_model_versions_tenant_id_portal_version",
                schema: "registry",
                table: "model_versions",
                columns: new[] { "tenant_id", "portal_version" });

            migrationBuilder.CreateIndex(
                name: "ix_model_versions_tenant_id_run_id",
                schema: "registry",
                table: "model_versions",
                columns: new[] { "tenant_id", "run_id" });

            migrationBuilder.CreateIndex(
                name: "ix_model_versions_tenant_id_updated_ms",
                schema: "registry",
                table: "model_versions",
                columns: new[] { "tenant_id", "updated_ms" });

            migrationBuilder.CreateIndex(
                name: "ix_move_requests_tenant_id_state_id",
                schema: "registry",
                table: "move_requests",
                columns: new[] { "tenant_id", "state", "id" });

            migrationBuilder.CreateIndex(
                name: "ux_move_requests_open",
                schema: "registry",
                table: "move_requests",
                columns: new[] { "tenant_id", "model_id", "kind", "name", "number" },
                unique: true,
                filter: "state = 'Requested'");

            migrationBuilder.CreateIndex(
                name: "ix_movements_tenant_id_model_id_id",
                schema: "registry",
                table: "movements",
                columns: new[] { "tenant_id", "model_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_registered_models_tenant_id_updated_ms",
                schema: "registry",
                table: "registered_models",
                columns: new[] { "tenant_id", "updated_ms" });

            migrationBuilder.CreateIndex(
                name: "ux_registered_models_name",
                schema: "registry",
                table: "registered_models",
                columns: new[] { "tenant_id", "name" },
                unique: true,
                filter: "deleted_at IS NULL");

            migrationBuilder.OpenSchema("registry");
            migrationBuilder.SecureTenantTable("registry", "governance");
            migrationBuilder.SecureTenantTable("registry", "model_aliases");
            migrationBuilder.SecureTenantTable("registry", "model_tags");
            migrationBuilder.SecureTenantTable("registry", "model_versions", systemMay: "SELECT");
            migrationBuilder.SecureTenantTable("registry", "move_requests");
            migrationBuilder.SecureTenantTable("registry", "movements", "SELECT, INSERT");
            migrationBuilder.SecureTenantTable("registry", "registered_models", systemMay: "SELECT");
            migrationBuilder.SecureTenantTable("registry", "version_tags");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "governance",
                schema: "registry");

            migrationBuilder.DropTable(
                name: "model_aliases",
                schema: "registry");

            migrationBuilder.DropTable(
                name: "model_tags",
                schema: "registry");

            migrationBuilder.DropTable(
                name: "model_versions",
                schema: "registry");

            migrationBuilder.DropTable(
                name: "move_requests",
                schema: "registry");

            migrationBuilder.DropTable(
                name: "movements",
                schema: "registry");

            migrationBuilder.DropTable(
                name: "registered_models",
                schema: "registry");

            migrationBuilder.DropTable(
                name: "version_tags",
                schema: "registry");
        }
    }
}
