using System;
using Microsoft.EntityFrameworkCore.Migrations;
using MlOpsPortal.Platform.Data;

#nullable disable

namespace MlOpsPortal.Tracking.Data.Migrations
{
    /// <inheritdoc />
    public partial class ArtifactsAndLoggedModels : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.EnsureSchema(
                name: "tracking");

            migrationBuilder.CreateTable(
                name: "artifact_parts",
                schema: "tracking",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    upload_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    blocks = table.Column<int>(type: "integer", nullable: false),
                    length = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_artifact_parts", x => new { x.tenant_id, x.upload_id, x.number });
                });

            migrationBuilder.CreateTable(
                name: "artifact_pins",
                schema: "tracking",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    path = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    sha256 = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_artifact_pins", x => new { x.tenant_id, x.owner_id, x.path });
                });

            migrationBuilder.CreateTable(
                name: "artifact_uploads",
                schema: "tracking",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    is_model = table.Column<bool>(type: "boolean", nullable: false),
                    path = table.Column<string>(type: "text", nullable: false),
                    blob_id = table.Column<Guid>(type: "uuid", nullable: false),
                    parts = table.Column<int>(type: "integer", nullable: false),
                    by = table.Column<Guid>(type: "uuid", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    complete = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_artifact_uploads", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "artifacts",
                schema: "tracking",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    path = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    blob_id = table.Column<Guid>(type: "uuid", nullable: false),
                    length = table.Column<long>(type: "bigint", nullable: false),
                    sha256 = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    by = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_artifacts", x => new { x.tenant_id, x.owner_id, x.path });
                });

            migrationBuilder.CreateTable(
                name: "deleted_artifacts",
                schema: "tracking",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    path = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    blob_id = table.Column<Guid>(type: "uuid", nullable: false),
                    length = table.Column<long>(type: "bigint", nullable: false),
                    sha256 = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    by = table.Column<Guid>(type: "uuid", nullable: false),
                    deleted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    deleted_by = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_deleted_artifacts", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "logged_model_metrics",
                schema: "tracking",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    model_id = table.Column<Guid>(type: "uuid", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false),
                    step = table.Column<long>(type: "bigint", nullable: false),
                    timestamp = table.Column<long>(type: "bigint", nullable: false),
                    run_id = table.Column<Guid>(type: "uuid", nullable: false),
                    value = table.Column<double>(type: "double precision", nullable: false),
                    dataset_name = table.Column<string>(type: "text", nullable: false),
                    dataset_digest = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_logged_model_metrics", x => new { x.tenant_id, x.model_id, x.key, x.timestamp, x.step, x.run_id });
                });

            migrationBuilder.CreateTable(
                name: "logged_model_params",
                schema: "tracking",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    model_id = table.Column<Guid>(type: "uuid", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false),
                    value = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_logged_model_params", x => new { x.tenant_id, x.model_id, x.key });
                });

            migrationBuilder.CreateTable(
                name: "logged_model_tags",
                schema: "tracking",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    model_id = table.Column<Guid>(type: "uuid", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false),
                    value = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_logged_model_tags", x => new { x.tenant_id, x.model_id, x.key });
                });

            migrationBuilder.CreateTable(
                name: "logged_models",
                schema: "tracking",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    experiment_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    model_type = table.Column<string>(type: "text", nullable: true),
                    source_run_id = table.Column<string>(type: "text", nullable: true),
                    status = table.Column<short>(type: "smallint", nullable: false),
                    status_message = table.Column<string>(type: "text", nullable: true),
                    created_ms = table.Column<long>(type: "bigint", nullable: false),
                    updated_ms = table.Column<long>(type: "bigint", nullable: false),
                    deleted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    created_by = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_logged_models", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateIndex(
                name: "ix_artifact_uploads_expires_at",
                schema: "tracking",
                table: "artifact_uploads",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "ix_deleted_artifacts_deleted_at",
                schema: "tracking",
                table: "deleted_artifacts",
                column: "deleted_at");

            migrationBuilder.CreateIndex(
                name: "ix_deleted_artifacts_tenant_id_owner_id_deleted_at",
                schema: "tracking",
                table: "deleted_artifacts",
                columns: new[] { "tenant_id", "owner_id", "deleted_at" });

            migrationBuilder.CreateIndex(
                name: "ix_logged_models_deleted_at",
                schema: "tracking",
                table: "logged_models",
                column: "deleted_at",
                filter: "deleted_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_logged_models_tenant_id_experiment_id_created_ms_id",
                schema: "tracking",
                table: "logged_models",
                columns: new[] { "tenant_id", "experiment_id", "created_ms", "id" },
                descending: new[] { false, false, true, false });

            migrationBuilder.CreateIndex(
                name: "ix_logged_models_tenant_id_experiment_id_name",
                schema: "tracking",
                table: "logged_models",
                columns: new[] { "tenant_id", "experiment_id", "name" });

            migrationBuilder.SecureTenantTable("tracking", "artifacts");
            migrationBuilder.SecureTenantTable("tracking", "deleted_artifacts", systemMay: "SELECT");
            migrationBuilder.SecureTenantTable("tracking", "artifact_pins");
            migrationBuilder.SecureTenantTable("tracking", "artifact_uploads", systemMay: "SELECT");
            migrationBuilder.SecureTenantTable("tracking", "artifact_parts");
            migrationBuilder.SecureTenantTable("tracking", "logged_models", systemMay: "SELECT");
            migrationBuilder.SecureTenantTable("tracking", "logged_model_params");
            migrationBuilder.SecureTenantTable("tracking", "logged_model_tags");
            migrationBuilder.SecureTenantTable("tracking", "logged_model_metrics");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "artifact_parts",
                schema: "tracking");

            migrationBuilder.DropTable(
                name: "artifact_pins",
                schema: "tracking");

            migrationBuilder.DropTable(
                name: "artifact_uploads",
                schema: "tracking");

            migrationBuilder.DropTable(
                name: "artifacts",
                schema: "tracking");

            migrationBuilder.DropTable(
                name: "deleted_artifacts",
                schema: "tracking");

            migrationBuilder.DropTable(
                name: "logged_model_metrics",
                schema: "tracking");

            migrationBuilder.DropTable(
                name: "logged_model_params",
                schema: "tracking");

            migrationBuilder.DropTable(
                name: "logged_model_tags",
                schema: "tracking");

            migrationBuilder.DropTable(
                name: "logged_models",
                schema: "tracking");
        }
    }
}
