using Microsoft.EntityFrameworkCore.Migrations;
using MlOpsPortal.Platform.Data;

#nullable disable

namespace MlOpsPortal.Tracking.Data.Migrations
{
    /// <inheritdoc />
    public partial class FasterSearches : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AskTenantOnce(
                "tracking", "experiments", "experiment_tags", "keys", "runs", "params", "tags", "metrics", "latest_metrics", "run_datasets", "dataset_inputs", "run_models");
            migrationBuilder.CreateIndex(
                name: "ix_tags_long",
                schema: "tracking",
                table: "tags",
                columns: new[] { "tenant_id", "experiment_no", "key_id" },
                filter: "length(value_start) = 100");

            migrationBuilder.CreateIndex(
                name: "ix_params_long",
                schema: "tracking",
                table: "params",
                columns: new[] { "tenant_id", "experiment_no", "key_id" },
                filter: "length(value_start) = 100");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_tags_long",
                schema: "tracking",
                table: "tags");

            migrationBuilder.DropIndex(
                name: "ix_params_long",
                schema: "tracking",
                table: "params");
        }
    }
}
