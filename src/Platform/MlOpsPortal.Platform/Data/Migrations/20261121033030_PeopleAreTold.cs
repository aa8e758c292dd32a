using System;
using Microsoft.EntityFrameworkCore.Migrations;
using MlOpsPortal.Platform.Data;

#nullable disable

namespace MlOpsPortal.Platform.Data.Migrations
{
    /// <inheritdoc />
    public partial class PeopleAreTold : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "actor_id",
                schema: "platform",
                table: "outbox",
                type: "uuid",
                nullable: false,
                defaultValue: new Guid("00000000-0000-0000-0000-000000000000"));

            migrationBuilder.AddColumn<string>(
                name: "actor_name",
                schema: "platform",
                table: "outbox",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "subject_name",
                schema: "platform",
                table: "outbox",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<int>(
                name: "tell_attempts",
                schema: "platform",
                table: "outbox",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "told_at",
                schema: "platform",
                table: "outbox",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "drafts",
                schema: "platform",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    form_key = table.Column<string>(type: "text", nullable: false),
                    fields = table.Column<string>(type: "jsonb", nullable: false),
                    saved_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_drafts", x => new { x.tenant_id, x.user_id, x.form_key });
                });

            migrationBuilder.CreateTable(
                name: "mails",
                schema: "platform",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    recipient = table.Column<string>(type: "text", nullable: false),
                    subject = table.Column<string>(type: "text", nullable: false),
                    text = table.Column<string>(type: "text", nullable: true),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    sent_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    given_up_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    fault = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_mails", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_outbox_untold",
                schema: "platform",
                table: "outbox",
                column: "sequence",
                filter: "told_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_tenant_id_created_by_id",
                schema: "platform",
                table: "jobs",
                columns: new[] { "tenant_id", "created_by", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_mails_due",
                schema: "platform",
                table: "mails",
                column: "due_at",
                filter: "text IS NOT NULL");

            migrationBuilder.Sql("UPDATE platform.outbox SET told_at = now();"); // what happened before is no news
            migrationBuilder.Sql($"GRANT INSERT ON platform.outbox TO {TenantSecurity.SystemRole};"); // a worker says that a job ended
            migrationBuilder.SecureTenantTable("platform", "drafts");
            migrationBuilder.OpenToSystem("platform", "mails", "SELECT, INSERT, UPDATE, DELETE");
            migrationBuilder.Sql($"GRANT INSERT ON platform.mails TO {TenantSecurity.AppRole};"); // and nothing else: no tenant reads another's mail
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "drafts",
                schema: "platform");

            migrationBuilder.DropTable(
                name: "mails",
                schema: "platform");

            migrationBuilder.DropIndex(
                name: "ix_outbox_untold",
                schema: "platform",
                table: "outbox");

            migrationBuilder.DropIndex(
                name: "ix_jobs_tenant_id_created_by_id",
                schema: "platform",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "actor_id",
                schema: "platform",
                table: "outbox");

            migrationBuilder.DropColumn(
                name: "actor_name",
                schema: "platform",
                table: "outbox");

            migrationBuilder.DropColumn(
                name: "subject_name",
                schema: "platform",
                table: "outbox");

            migrationBuilder.DropColumn(
                name: "tell_attempts",
                schema: "platform",
                table: "outbox");

            migrationBuilder.DropColumn(
                name: "told_at",
                schema: "platform",
                table: "outbox");
        }
    }
}
