using System;
using Microsoft.EntityFrameworkCore.Migrations;
using MlOpsPortal.Platform.Data;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace MlOpsPortal.Tracking.Data.Migrations
{
    /// <inheritdoc />
    public partial class ExperimentsAndRuns : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "dataset_inputs",
                schema: "tracking",
                columns: table => new
                {
                    run_no = table.Column<long>(type: "bigint", nullable: false),
                    dataset_no = table.Column<long>(type: "bigint", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    start_time = table.Column<long>(type: "bigint", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    tag_keys = table.Column<string[]>(type: "text[]", nullable: false),
                    tag_values = table.Column<string[]>(type: "text[]", nullable: false),
                    context = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_dataset_inputs", x => new { x.run_no, x.dataset_no });
                });

            migrationBuilder.CreateTable(
                name: "experiment_tags",
                schema: "tracking",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    experiment_id = table.Column<Guid>(type: "uuid", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    value = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_experiment_tags", x => new { x.tenant_id, x.experiment_id, x.key });
                });

            migrationBuilder.CreateTable(
                name: "experiments",
                schema: "tracking",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    no = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    project_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    artifact_location = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    deleted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_experiments", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "keys",
                schema: "tracking",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_keys", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "latest_metrics",
                schema: "tracking",
                columns: table => new
                {
                    run_no = table.Column<long>(type: "bigint", nullable: false),
                    key_id = table.Column<int>(type: "integer", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    experiment_no = table.Column<int>(type: "integer", nullable: false),
                    start_time = table.Column<long>(type: "bigint", nullable: false),
                    step = table.Column<long>(type: "bigint", nullable: false),
                    timestamp = table.Column<long>(type: "bigint", nullable: false),
                    value = table.Column<double>(type: "double precision", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_latest_metrics", x => new { x.run_no, x.key_id });
                });

            migrationBuilder.CreateTable(
                name: "metrics",
                schema: "tracking",
                columns: table => new
                {
                    run_no = table.Column<long>(type: "bigint", nullable: false),
                    key_id = table.Column<int>(type: "integer", nullable: false),
                    step = table.Column<long>(type: "bigint", nullable: false),
                    timestamp = table.Column<long>(type: "bigint", nullable: false),
                    value = table.Column<double>(type: "double precision", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_metrics", x => new { x.run_no, x.key_id, x.step, x.timestamp, x.value });
                });

            migrationBuilder.CreateTable(
                name: "params",
                schema: "tracking",
                columns: table => new
                {
                    run_no = table.Column<long>(type: "bigint", nullable: false),
                    key_id = table.Column<int>(type: "integer", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    experiment_no = table.Column<int>(type: "integer", nullable: false),
                    start_time = table.Column<long>(type: "bigint", nullable: false),
                    value = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    value_start = table.Column<string>(type: "text", nullable: false, computedColumnSql: "left(value, 100)", stored: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_params", x => new { x.run_no, x.key_id });
                });

            migrationBuilder.CreateTable(
                name: "run_datasets",
                schema: "tracking",
                columns: table => new
                {
                    no = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    experiment_no = table.Column<int>(type: "integer", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    digest = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    source_type = table.Column<string>(type: "text", nullable: false),
                    source = table.Column<string>(type: "text", nullable: false),
                    schema = table.Column<string>(type: "text", nullable: true),
                    profile = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_run_datasets", x => x.no);
                });

            migrationBuilder.CreateTable(
                name: "run_models",
                schema: "tracking",
                columns: table => new
                {
                    run_no = table.Column<long>(type: "bigint", nullable: false),
                    is_output = table.Column<bool>(type: "boolean", nullable: false),
                    model_id = table.Column<string>(type: "text", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    step = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_run_models", x => new { x.run_no, x.is_output, x.model_id });
                });

            migrationBuilder.CreateTable(
                name: "runs",
                schema: "tracking",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    no = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    experiment_no = table.Column<int>(type: "integer", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    user_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    status = table.Column<short>(type: "smallint", nullable: false),
                    start_time = table.Column<long>(type: "bigint", nullable: false),
                    end_time = table.Column<long>(type: "bigint", nullable: true),
                    deleted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_by = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_runs", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "tags",
                schema: "tracking",
                columns: table => new
                {
                    run_no = table.Column<long>(type: "bigint", nullable: false),
                    key_id = table.Column<int>(type: "integer", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    experiment_no = table.Column<int>(type: "integer", nullable: false),
                    start_time = table.Column<long>(type: "bigint", nullable: false),
                    value = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    value_start = table.Column<string>(type: "text", nullable: false, computedColumnSql: "left(value, 100)", stored: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_tags", x => new { x.run_no, x.key_id });
                });

            migrationBuilder.CreateIndex(
                name: "ix_dataset_inputs_tenant_id_dataset_no_start_time_run_no",
                schema: "tracking",
                table: "dataset_inputs",
                columns: new[] { "tenant_id", "dataset_no", "start_time", "run_no" },
                descending: new[] { false, false, true, false });

            migrationBuilder.CreateIndex(
                name: "ix_experiments_deleted_at",
                schema: "tracking",
                table: "experiments",
                column: "deleted_at",
                filter: "deleted_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_experiments_no",
                schema: "tracking",
                table: "experiments",
                column: "no",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_experiments_tenant_id_created_at_id",
                schema: "tracking",
                table: "experiments",
                columns: new[] { "tenant_id", "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ux_experiments_name",
                schema: "tracking",
                table: "experiments",
                columns: new[] { "tenant_id", "name" },
                unique: true,
                filter: "deleted_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_keys_tenant_id_name",
                schema: "tracking",
                table: "keys",
                columns: new[] { "tenant_id", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_latest_metrics_tenant_id_experiment_no_key_id_value_start_t~",
                schema: "tracking",
                table: "latest_metrics",
                columns: new[] { "tenant_id", "experiment_no", "key_id", "value", "start_time", "run_no" },
                descending: new[] { false, false, false, false, true, false });

            migrationBuilder.CreateIndex(
                name: "ix_params_tenant_id_experiment_no_key_id_value_start_start_tim~",
                schema: "tracking",
                table: "params",
                columns: new[] { "tenant_id", "experiment_no", "key_id", "value_start", "start_time", "run_no" },
                descending: new[] { false, false, false, false, true, false });

            migrationBuilder.CreateIndex(
                name: "ix_run_datasets_tenant_id_experiment_no_name_digest",
                schema: "tracking",
                table: "run_datasets",
                columns: new[] { "tenant_id", "experiment_no", "name", "digest" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_run_models_tenant_id_model_id",
                schema: "tracking",
                table: "run_models",
                columns: new[] { "tenant_id", "model_id" });

            migrationBuilder.CreateIndex(
                name: "ix_runs_deleted_at",
                schema: "tracking",
                table: "runs",
                column: "deleted_at",
                filter: "deleted_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_runs_experiment_no_start_time_no",
                schema: "tracking",
                table: "runs",
                columns: new[] { "experiment_no", "start_time", "no" },
                descending: new[] { false, true, false });

            migrationBuilder.CreateIndex(
                name: "ix_runs_experiment_no_status_start_time_no",
                schema: "tracking",
                table: "runs",
                columns: new[] { "experiment_no", "status", "start_time", "no" },
                descending: new[] { false, false, true, false });

            migrationBuilder.CreateIndex(
                name: "ix_runs_experiment_no_user_id_start_time_no",
                schema: "tracking",
                table: "runs",
                columns: new[] { "experiment_no", "user_id", "start_time", "no" },
                descending: new[] { false, false, true, false });

            migrationBuilder.CreateIndex(
                name: "ix_runs_no",
                schema: "tracking",
                table: "runs",
                column: "no",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_tags_tenant_id_experiment_no_key_id_value_start_start_time_~",
                schema: "tracking",
                table: "tags",
                columns: new[] { "tenant_id", "experiment_no", "key_id", "value_start", "start_time", "run_no" },
                descending: new[] { false, false, false, false, true, false });

            migrationBuilder.SecureTenantTable("tracking", "experiments", systemMay: "SELECT");
            migrationBuilder.SecureTenantTable("tracking", "experiment_tags");
            migrationBuilder.SecureTenantTable("tracking", "keys", appMay: "SELECT, INSERT");
            migrationBuilder.SecureTenantTable("tracking", "runs", systemMay: "SELECT");
            migrationBuilder.SecureTenantTable("tracking", "params");
            migrationBuilder.SecureTenantTable("tracking", "tags");
            migrationBuilder.SecureTenantTable("tracking", "metrics", appMay: "SELECT, INSERT, DELETE");
            migrationBuilder.SecureTenantTable("tracking", "latest_metrics");
            migrationBuilder.SecureTenantTable("tracking", "run_datasets");
            migrationBuilder.SecureTenantTable("tracking", "dataset_inputs");
            migrationBuilder.SecureTenantTable("tracking", "run_models");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "dataset_inputs",
                schema: "tracking");

            migrationBuilder.DropTable(
                name: "experiment_tags",
                schema: "tracking");

            migrationBuilder.DropTable(
                name: "experiments",
                schema: "tracking");

            migrationBuilder.DropTable(
                name: "keys",
                schema: "tracking");

            migrationBuilder.DropTable(
                name: "latest_metrics",
                schema: "tracking");

            migrationBuilder.DropTable(
                name: "metrics",
                schema: "tracking");

            migrationBuilder.DropTable(
                name: "params",
                schema: "tracking");

            migrationBuilder.DropTable(
                name: "run_datasets",
                schema: "tracking");

            migrationBuilder.DropTable(
                name: "run_models",
                schema: "tracking");

            migrationBuilder.DropTable(
                name: "runs",
                schema: "tracking");

            migrationBuilder.DropTable(
                name: "tags",
                schema: "tracking");
        }
    }
}
