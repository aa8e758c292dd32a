using System;
using MlOpsPortal.Platform.Data;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MlOpsPortal.Monitoring.Data.Migrations
{
    /// <inheritdoc />
    public partial class Alerts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "alert_rules",
                schema: "monitoring",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    monitor_id = table.Column<Guid>(type: "uuid", nullable: false),
                    project_id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    is_default = table.Column<bool>(type: "boolean", nullable: false),
                    enabled = table.Column<bool>(type: "boolean", nullable: false),
                    document = table.Column<string>(type: "jsonb", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_alert_rules", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "alerts",
                schema: "monitoring",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    rule_id = table.Column<Guid>(type: "uuid", nullable: false),
                    monitor_id = table.Column<Guid>(type: "uuid", nullable: false),
                    deployment_id = table.Column<Guid>(type: "uuid", nullable: false),
                    project_id = table.Column<Guid>(type: "uuid", nullable: false),
                    incident_id = table.Column<Guid>(type: "uuid", nullable: false),
                    rule_name = table.Column<string>(type: "text", nullable: false),
                    signal = table.Column<string>(type: "text", nullable: false),
                    subject = table.Column<string>(type: "text", nullable: false),
                    severity = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    began = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    fired = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    latest = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    value = table.Column<double>(type: "double precision", nullable: false),
                    latest_value = table.Column<double>(type: "double precision", nullable: false),
                    raised_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    silenced_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    assignee = table.Column<Guid>(type: "uuid", nullable: true),
                    assignee_name = table.Column<string>(type: "text", nullable: true),
                    resolved_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    resolved_by_hand = table.Column<bool>(type: "boolean", nullable: false),
                    history = table.Column<string>(type: "jsonb", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_alerts", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "incidents",
                schema: "monitoring",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    deployment_id = table.Column<Guid>(type: "uuid", nullable: false),
                    project_id = table.Column<Guid>(type: "uuid", nullable: false),
                    title = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    cause = table.Column<string>(type: "text", nullable: false),
                    causes = table.Column<string>(type: "jsonb", nullable: false),
                    way = table.Column<string>(type: "jsonb", nullable: true),
                    since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    opened_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    closed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    history = table.Column<string>(type: "jsonb", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_incidents", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateIndex(
                name: "ix_alert_rules_tenant_id_monitor_id",
                schema: "monitoring",
                table: "alert_rules",
                columns: new[] { "tenant_id", "monitor_id" });

            migrationBuilder.CreateIndex(
                name: "ix_alerts_tenant_id_incident_id",
                schema: "monitoring",
                table: "alerts",
                columns: new[] { "tenant_id", "incident_id" });

            migrationBuilder.CreateIndex(
                name: "ix_alerts_tenant_id_monitor_id_raised_at",
                schema: "monitoring",
                table: "alerts",
                columns: new[] { "tenant_id", "monitor_id", "raised_at" });

            migrationBuilder.CreateIndex(
                name: "ix_alerts_tenant_id_project_id_state",
                schema: "monitoring",
                table: "alerts",
                columns: new[] { "tenant_id", "project_id", "state" });

            migrationBuilder.CreateIndex(
                name: "ux_alerts_open",
                schema: "monitoring",
                table: "alerts",
                columns: new[] { "tenant_id", "rule_id", "subject" },
                unique: true,
                filter: "state <> 'Resolved'");

            migrationBuilder.CreateIndex(
                name: "ix_incidents_tenant_id_deployment_id_state",
                schema: "monitoring",
                table: "incidents",
                columns: new[] { "tenant_id", "deployment_id", "state" });

            migrationBuilder.CreateIndex(
                name: "ix_incidents_tenant_id_project_id_state",
                schema: "monitoring",
                table: "incidents",
                columns: new[] { "tenant_id", "project_id", "state" });

            migrationBuilder.SecureTenantTable("monitoring", "alert_rules");
            migrationBuilder.SecureTenantTable("monitoring", "alerts", appMay: "SELECT, INSERT, UPDATE");
            migrationBuilder.SecureTenantTable("monitoring", "incidents", appMay: "SELECT, INSERT, UPDATE");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "alert_rules",
                schema: "monitoring");

            migrationBuilder.DropTable(
                name: "alerts",
                schema: "monitoring");

            migrationBuilder.DropTable(
                name: "incidents",
                schema: "monitoring");
        }
    }
}
