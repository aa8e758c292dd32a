using System;
using MlOpsPortal.Platform.Data;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MlOpsPortal.Datasets.Data.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.EnsureSchema(
                name: "datasets");

            migrationBuilder.CreateTable(
                name: "datasets",
                schema: "datasets",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    project_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    name_key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    description = table.Column<string>(type: "text", nullable: false),
                    owner_name = table.Column<string>(type: "text", nullable: false),
                    version_count = table.Column<int>(type: "integer", nullable: false),
                    latest_state = table.Column<string>(type: "text", nullable: true),
                    rows = table.Column<long>(type: "bigint", nullable: true),
                    columns = table.Column<int>(type: "integer", nullable: true),
                    roles = table.Column<string>(type: "text", nullable: false),
                    archived_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    document = table.Column<string>(type: "jsonb", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_datasets", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "quality",
                schema: "datasets",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    dataset_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    results = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_quality", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "version_documents",
                schema: "datasets",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    dataset_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    document = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_version_documents", x => new { x.tenant_id, x.dataset_id, x.number });
                });

            migrationBuilder.CreateIndex(
                name: "ux_datasets_name",
                schema: "datasets",
                table: "datasets",
                columns: new[] { "tenant_id", "project_id", "name_key" },
                unique: true,
                filter: "archived_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_quality_tenant_id_dataset_id_number_at",
                schema: "datasets",
                table: "quality",
                columns: new[] { "tenant_id", "dataset_id", "number", "at" });

            migrationBuilder.OpenSchema("datasets");
            migrationBuilder.SecureTenantTable("datasets", "datasets", appMay: "SELECT, INSERT, UPDATE");
            migrationBuilder.SecureTenantTable("datasets", "version_documents", appMay: "SELECT, INSERT");
            migrationBuilder.SecureTenantTable("datasets", "quality", appMay: "SELECT, INSERT");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "datasets",
                schema: "datasets");

            migrationBuilder.DropTable(
                name: "quality",
                schema: "datasets");

            migrationBuilder.DropTable(
                name: "version_documents",
                schema: "datasets");
        }
    }
}
