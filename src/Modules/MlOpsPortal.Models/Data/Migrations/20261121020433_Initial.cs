using System;
using Microsoft.EntityFrameworkCore.Migrations;
using MlOpsPortal.Platform.Data;

#nullable disable

namespace MlOpsPortal.Models.Data.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.EnsureSchema(
                name: "models");

            migrationBuilder.CreateTable(
                name: "evaluations",
                schema: "models",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    project_id = table.Column<Guid>(type: "uuid", nullable: false),
                    model_id = table.Column<Guid>(type: "uuid", nullable: false),
                    model_name = table.Column<string>(type: "text", nullable: false),
                    version_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    task = table.Column<string>(type: "text", nullable: false),
                    dataset_id = table.Column<Guid>(type: "uuid", nullable: false),
                    dataset_number = table.Column<int>(type: "integer", nullable: false),
                    dataset_name = table.Column<string>(type: "text", nullable: false),
                    dataset_role = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    contract_sha256 = table.Column<string>(type: "text", nullable: false),
                    threshold = table.Column<double>(type: "double precision", nullable: true),
                    seed = table.Column<int>(type: "integer", nullable: false),
                    resamples = table.Column<int>(type: "integer", nullable: false),
                    job_id = table.Column<Guid>(type: "uuid", nullable: false),
                    rows = table.Column<int>(type: "integer", nullable: true),
                    report = table.Column<string>(type: "jsonb", nullable: true),
                    refusal = table.Column<string>(type: "jsonb", nullable: true),
                    predictions_blob = table.Column<Guid>(type: "uuid", nullable: true),
                    predictions_sha256 = table.Column<string>(type: "text", nullable: true),
                    requested_by = table.Column<Guid>(type: "uuid", nullable: false),
                    requested_by_name = table.Column<string>(type: "text", nullable: false),
                    requested_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_evaluations", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "fidelity_rules",
                schema: "models",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    tolerance = table.Column<double>(type: "double precision", nullable: false),
                    refuse_above_share = table.Column<double>(type: "double precision", nullable: false),
                    set_by = table.Column<Guid>(type: "uuid", nullable: false),
                    set_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_fidelity_rules", x => x.tenant_id);
                });

            migrationBuilder.CreateTable(
                name: "models",
                schema: "models",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    project_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    name_key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    description = table.Column<string>(type: "text", nullable: false),
                    task = table.Column<string>(type: "text", nullable: false),
                    version_ids = table.Column<Guid[]>(type: "uuid[]", nullable: false),
                    latest_state = table.Column<string>(type: "text", nullable: true),
                    champion_number = table.Column<int>(type: "integer", nullable: true),
                    archived_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    document = table.Column<string>(type: "jsonb", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_models", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "release_requests",
                schema: "models",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    project_id = table.Column<Guid>(type: "uuid", nullable: false),
                    model_id = table.Column<Guid>(type: "uuid", nullable: false),
                    version_id = table.Column<Guid>(type: "uuid", nullable: false),
                    environment = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    document = table.Column<string>(type: "jsonb", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_release_requests", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateIndex(
                name: "ix_evaluations_tenant_id_dataset_id_dataset_number",
                schema: "models",
                table: "evaluations",
                columns: new[] { "tenant_id", "dataset_id", "dataset_number" });

            migrationBuilder.CreateIndex(
                name: "ix_evaluations_tenant_id_project_id_state",
                schema: "models",
                table: "evaluations",
                columns: new[] { "tenant_id", "project_id", "state" });

            migrationBuilder.CreateIndex(
                name: "ix_evaluations_tenant_id_version_id_dataset_id_dataset_number",
                schema: "models",
                table: "evaluations",
                columns: new[] { "tenant_id", "version_id", "dataset_id", "dataset_number" });

            migrationBuilder.CreateIndex(
                name: "ix_models_version_ids",
                schema: "models",
                table: "models",
                column: "version_ids")
                .Annotation("Npgsql:IndexMethod", "gin");

            migrationBuilder.CreateIndex(
                name: "ux_models_name",
                schema: "models",
                table: "models",
                columns: new[] { "tenant_id", "project_id", "name_key" },
                unique: true,
                filter: "archived_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_release_requests_tenant_id_project_id_state",
                schema: "models",
                table: "release_requests",
                columns: new[] { "tenant_id", "project_id", "state" });

            migrationBuilder.CreateIndex(
                name: "ux_release_requests_open",
                schema: "models",
                table: "release_requests",
                columns: new[] { "tenant_id", "version_id", "environment" },
                unique: true,
                filter: "state = 'Requested'");

            migrationBuilder.OpenSchema("models");
            migrationBuilder.SecureTenantTable("models", "models");
            migrationBuilder.SecureTenantTable("models", "evaluations");
            migrationBuilder.SecureTenantTable("models", "release_requests");
            migrationBuilder.SecureTenantTable("models", "fidelity_rules");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "evaluations",
                schema: "models");

            migrationBuilder.DropTable(
                name: "fidelity_rules",
                schema: "models");

            migrationBuilder.DropTable(
                name: "models",
                schema: "models");

            migrationBuilder.DropTable(
                name: "release_requests",
                schema: "models");
        }
    }
}
