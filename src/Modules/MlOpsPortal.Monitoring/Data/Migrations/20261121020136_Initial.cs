using MlOpsPortal.Platform.Data;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MlOpsPortal.Monitoring.Data.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.EnsureSchema(
                name: "monitoring");

            // Partitioned, which EF cannot say. The primary key carries the partition's key, so that an id is unique per deployment and UTC day.
            migrationBuilder.Sql("""
                CREATE TABLE monitoring.predictions (
                    tenant_id uuid NOT NULL,
                    deployment_id uuid NOT NULL,
                    day date NOT NULL,
                    prediction_id text NOT NULL,
                    occurred_at timestamp with time zone NOT NULL,
                    logged_at timestamp with time zone NOT NULL,
                    version integer,
                    output double precision NOT NULL,
                    label text,
                    latency_microseconds integer NOT NULL,
                    features jsonb NOT NULL,
                    CONSTRAINT pk_predictions PRIMARY KEY (tenant_id, deployment_id, day, prediction_id)
                ) PARTITION BY RANGE (day);
                """);

            migrationBuilder.CreateIndex(
                name: "ix_predictions_tenant_id_deployment_id_occurred_at",
                schema: "monitoring",
                table: "predictions",
                columns: new[] { "tenant_id", "deployment_id", "occurred_at" });

            migrationBuilder.OpenSchema("monitoring");
            migrationBuilder.SecureTenantTable("monitoring", "predictions", appMay: "SELECT, INSERT");

            // The portal's roles own nothing, so the owner's function makes a day's partition: only near today, with the table's own policy, and
            // without privileges of its own (rows are reached through the table alone).
            migrationBuilder.Sql("""
                CREATE FUNCTION monitoring.ensure_predictions_day(wanted date) RETURNS void
                LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
                DECLARE
                    partition text := 'predictions_' || to_char(wanted, 'YYYYMMDD');
                    own text := $own$tenant_id = NULLIF(current_setting('app.tenant', true), '')::uuid$own$;
                BEGIN
                    IF to_regclass('monitoring.' || partition) IS NOT NULL THEN
                        RETURN;
                    END IF;
                    IF wanted < current_date - 40 OR wanted > current_date + 10 THEN
                        RAISE EXCEPTION 'No partition is made for %.', wanted USING ERRCODE = '22008';
                    END IF;
                    PERFORM pg_advisory_xact_lock(hashtextextended('monitoring.predictions', 0));
                    IF to_regclass('monitoring.' || partition) IS NOT NULL THEN
                        RETURN;
                    END IF;
                    EXECUTE format('CREATE TABLE monitoring.%I PARTITION OF monitoring.predictions FOR VALUES FROM (%L) TO (%L)', partition, wanted, wanted + 1);
                    EXECUTE format('ALTER TABLE monitoring.%I ENABLE ROW LEVEL SECURITY', partition);
                    EXECUTE format('CREATE POLICY tenant ON monitoring.%I TO mlops_app USING (%s) WITH CHECK (%s)', partition, own, own);
                END
                $body$;
                REVOKE ALL ON FUNCTION monitoring.ensure_predictions_day(date) FROM PUBLIC;
                GRANT EXECUTE ON FUNCTION monitoring.ensure_predictions_day(date) TO mlops_app;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP FUNCTION monitoring.ensure_predictions_day(date);");
            migrationBuilder.DropTable(
                name: "predictions",
                schema: "monitoring");
        }
    }
}
