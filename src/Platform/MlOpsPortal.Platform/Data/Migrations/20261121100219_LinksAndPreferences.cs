using System;
using Microsoft.EntityFrameworkCore.Migrations;
using MlOpsPortal.Platform.Data;

#nullable disable

namespace MlOpsPortal.Platform.Data.Migrations
{
    /// <inheritdoc />
    public partial class LinksAndPreferences : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "preferences",
                schema: "platform",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    value = table.Column<string>(type: "text", nullable: false),
                    saved_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_preferences", x => new { x.tenant_id, x.user_id, x.name });
                });

            migrationBuilder.CreateTable(
                name: "short_links",
                schema: "platform",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    code = table.Column<string>(type: "text", nullable: false),
                    address = table.Column<string>(type: "text", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    made_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    used_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_short_links", x => new { x.tenant_id, x.code });
                });

            migrationBuilder.CreateIndex(
                name: "ix_short_links_tenant_id_user_id_used_at",
                schema: "platform",
                table: "short_links",
                columns: new[] { "tenant_id", "user_id", "used_at" });

            migrationBuilder.SecureTenantTable("platform", "short_links");
            migrationBuilder.SecureTenantTable("platform", "preferences");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "preferences",
                schema: "platform");

            migrationBuilder.DropTable(
                name: "short_links",
                schema: "platform");
        }
    }
}
