using System;
using Microsoft.EntityFrameworkCore.Migrations;
using MlOpsPortal.Platform.Data;

#nullable disable

namespace MlOpsPortal.Monitoring.Data.Migrations
{
    /// <inheritdoc />
    public partial class Monitors : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "actuals",
                schema: "monitoring",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    deployment_id = table.Column<Guid>(type: "uuid", nullable: false),
                    prediction_id = table.Column<string>(type: "text", nullable: false),
                    event_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    value = table.Column<double>(type: "double precision", nullable: false),
                    received_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_actuals", x => new { x.tenant_id, x.deployment_id, x.prediction_id, x.event_at });
                });

            migrationBuilder.CreateTable(
                name: "monitor_runs",
                schema: "monitoring",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    monitor_id = table.Column<Guid>(type: "uuid", nullable: false),
                    deployment_id = table.Column<Guid>(type: "uuid", nullable: false),
                    window_from = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    window_to = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    revision = table.Column<int>(type: "integer", nullable: false),
                    rows = table.Column<long>(type: "bigint", nullable: false),
                    labelled = table.Column<long>(type: "bigint", nullable: false),
                    model_version = table.Column<int>(type: "integer", nullable: true),
                    reference = table.Column<string>(type: "jsonb", nullable: false),
                    scores = table.Column<string>(type: "jsonb", nullable: false),
                    detail = table.Column<string>(type: "jsonb", nullable: false),
                    computed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    job_id = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_monitor_runs", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "monitors",
                schema: "monitoring",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    deployment_id = table.Column<Guid>(type: "uuid", nullable: false),
                    project_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name_key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    document = table.Column<string>(type: "jsonb", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    archived_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    caught_up_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_monitors", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateIndex(
                name: "ix_actuals_tenant_id_deployment_id_event_at",
                schema: "monitoring",
                table: "actuals",
                columns: new[] { "tenant_id", "deployment_id", "event_at" });

            migrationBuilder.CreateIndex(
                name: "ix_actuals_tenant_id_deployment_id_received_at",
                schema: "monitoring",
                table: "actuals",
                columns: new[] { "tenant_id", "deployment_id", "received_at" });

            migrationBuilder.CreateIndex(
                name: "ix_monitor_runs_tenant_id_deployment_id_window_to",
                schema: "monitoring",
                table: "monitor_runs",
                columns: new[] { "tenant_id", "deployment_id", "window_to" });

            migrationBuilder.CreateIndex(
                name: "ix_monitor_runs_tenant_id_monitor_id_window_from_window_to",
                schema: "monitoring",
                table: "monitor_runs",
                columns: new[] { "tenant_id", "monitor_id", "window_from", "window_to" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_monitors_tenant_id_project_id",
                schema: "monitoring",
                table: "monitors",
                columns: new[] { "tenant_id", "project_id" });

            migrationBuilder.CreateIndex(
                name: "ux_monitors_name",
                schema: "monitoring",
                table: "monitors",
                columns: new[] { "tenant_id", "deployment_id", "name_key" },
                unique: true,
                filter: "archived_at IS NULL");

            migrationBuilder.SecureTenantTable("monitoring", "actuals", appMay: "SELECT, INSERT, UPDATE");
            migrationBuilder.SecureTenantTable("monitoring", "monitors", appMay: "SELECT, INSERT, UPDATE");
            migrationBuilder.SecureTenantTable("monitoring", "monitor_runs", appMay: "SELECT, INSERT, UPDATE");

            // History may be logged too. Days near today have a partition each; a month that lies back as a whole has one for all its days, so that ten years
            // are some hundred partitions and not some thousand. In a month that has days of its own already, a further day gets its own.
            migrationBuilder.Sql("""
                CREATE OR REPLACE FUNCTION monitoring.ensure_predictions_day(wanted date) RETURNS void
                LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
                DECLARE
                    day_name text := 'predictions_' || to_char(wanted, 'YYYYMMDD');
                    month_name text := 'predictions_' || to_char(wanted, 'YYYYMM') || '_month';
                    month_from date := date_trunc('month', wanted)::date;
                    month_to date := (date_trunc('month', wanted) + interval '1 month')::date;
                    partition text;
                    own text := $own$tenant_id = NULLIF(current_setting('app.tenant', true), '')::uuid$own$;
                BEGIN
                    IF to_regclass('monitoring.' || day_name) IS NOT NULL OR to_regclass('monitoring.' || month_name) IS NOT NULL THEN
                        RETURN;
                    END IF;
                    IF wanted < current_date - 3660 OR wanted > current_date + 10 THEN
                        RAISE EXCEPTION 'No partition is made for %.', wanted USING ERRCODE = '22008';
                    END IF;
                    PERFORM pg_advisory_xact_lock(hashtextextended('monitoring.predictions', 0));
                    IF to_regclass('monitoring.' || day_name) IS NOT NULL OR to_regclass('monitoring.' || month_name) IS NOT NULL THEN
                        RETURN;
                    END IF;
                    IF month_to <= current_date - 40 AND NOT EXISTS (
                        SELECT FROM pg_class class JOIN pg_namespace space ON space.oid = class.relnamespace
                        WHERE space.nspname = 'monitoring' AND class.relname ~ ('^predictions_' || to_char(wanted, 'YYYYMM') || '[0-9]{2}$')) THEN
                        partition := month_name;
                        EXECUTE format('CREATE TABLE monitoring.%I PARTITION OF monitoring.predictions FOR VALUES FROM (%L) TO (%L)', partition, month_from, month_to);
                    ELSE
                        partition := day_name;
                        EXECUTE format('CREATE TABLE monitoring.%I PARTITION OF monitoring.predictions FOR VALUES FROM (%L) TO (%L)', partition, wanted, wanted + 1);
                    END IF;
                    EXECUTE format('ALTER TABLE monitoring.%I ENABLE ROW LEVEL SECURITY', partition);
                    EXECUTE format('CREATE POLICY tenant ON monitoring.%I TO mlops_app USING (%s) WITH CHECK (%s)', partition, own, own);
                END
                $body$;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "actuals",
                schema: "monitoring");

            migrationBuilder.DropTable(
                name: "monitor_runs",
                schema: "monitoring");

            migrationBuilder.DropTable(
                name: "monitors",
                schema: "monitoring");
        }
    }
}
