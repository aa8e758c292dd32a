using MlOpsPortal.Platform.Data;
using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MlOpsPortal.Monitoring.Data.Migrations
{
    /// <inheritdoc />
    public partial class KpiMeasurements : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "kpi_definitions",
                schema: "monitoring",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kpi_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    project_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kpi_version = table.Column<int>(type: "integer", nullable: false),
                    spec = table.Column<string>(type: "jsonb", nullable: false),
                    created_by = table.Column<Guid>(type: "uuid", nullable: false),
                    created_by_name = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_kpi_definitions", x => new { x.tenant_id, x.kpi_id, x.number });
                });

            migrationBuilder.CreateTable(
                name: "kpi_runs",
                schema: "monitoring",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    kpi_id = table.Column<Guid>(type: "uuid", nullable: false),
                    project_id = table.Column<Guid>(type: "uuid", nullable: false),
                    definition = table.Column<int>(type: "integer", nullable: false),
                    trigger = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    from_day = table.Column<DateOnly>(type: "date", nullable: false),
                    to_day = table.Column<DateOnly>(type: "date", nullable: false),
                    inputs = table.Column<string>(type: "jsonb", nullable: false),
                    outcomes = table.Column<string>(type: "jsonb", nullable: false),
                    fault = table.Column<string>(type: "jsonb", nullable: true),
                    by_name = table.Column<string>(type: "text", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_kpi_runs", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateIndex(
                name: "ix_kpi_runs_tenant_id_kpi_id_started_at",
                schema: "monitoring",
                table: "kpi_runs",
                columns: new[] { "tenant_id", "kpi_id", "started_at" });

            migrationBuilder.CreateIndex(
                name: "ux_kpi_runs_under_way",
                schema: "monitoring",
                table: "kpi_runs",
                columns: new[] { "tenant_id", "kpi_id" },
                unique: true,
                filter: "ended_at IS NULL");

            migrationBuilder.SecureTenantTable("monitoring", "kpi_definitions", appMay: "SELECT, INSERT");
            migrationBuilder.SecureTenantTable("monitoring", "kpi_runs", appMay: "SELECT, INSERT, UPDATE");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "kpi_definitions",
                schema: "monitoring");

            migrationBuilder.DropTable(
                name: "kpi_runs",
                schema: "monitoring");
        }
    }
}
