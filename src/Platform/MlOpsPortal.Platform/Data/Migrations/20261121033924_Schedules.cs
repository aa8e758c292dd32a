using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MlOpsPortal.Platform.Data.Migrations
{
    /// <inheritdoc />
    public partial class Schedules : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "schedules",
                schema: "platform",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    scope = table.Column<Guid>(type: "uuid", nullable: true),
                    subject_kind = table.Column<string>(type: "text", nullable: false),
                    subject_id = table.Column<string>(type: "text", nullable: false),
                    title = table.Column<string>(type: "text", nullable: false),
                    spec = table.Column<string>(type: "jsonb", nullable: false),
                    every = table.Column<TimeSpan>(type: "interval", nullable: false),
                    first_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    next_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    last_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_job = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_schedules", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateIndex(
                name: "ix_schedules_next_at",
                schema: "platform",
                table: "schedules",
                column: "next_at");

            migrationBuilder.CreateIndex(
                name: "ix_schedules_tenant_id_kind_subject_id",
                schema: "platform",
                table: "schedules",
                columns: new[] { "tenant_id", "kind", "subject_id" },
                unique: true);

            migrationBuilder.SecureTenantTable("platform", "schedules", systemMay: "SELECT, UPDATE");
            migrationBuilder.Sql("GRANT INSERT ON platform.jobs TO mlops_system;"); // the clock begins the jobs of what is due
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("REVOKE INSERT ON platform.jobs FROM mlops_system;");
            migrationBuilder.DropTable(
                name: "schedules",
                schema: "platform");
        }
    }
}
