using System;
using Microsoft.EntityFrameworkCore.Migrations;
using MlOpsPortal.Platform.Data;

#nullable disable

namespace MlOpsPortal.Models.Data.Migrations
{
    /// <inheritdoc />
    public partial class Predictions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "importance_repeats",
                schema: "models",
                table: "evaluations",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "importance_rows",
                schema: "models",
                table: "evaluations",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "key_column",
                schema: "models",
                table: "evaluations",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string[]>(
                name: "sensitive",
                schema: "models",
                table: "evaluations",
                type: "text[]",
                nullable: false,
                defaultValue: new string[0]);

            migrationBuilder.AddColumn<Guid>(
                name: "sent_blob",
                schema: "models",
                table: "evaluations",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "sent_name",
                schema: "models",
                table: "evaluations",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "sent_sha256",
                schema: "models",
                table: "evaluations",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "value_column",
                schema: "models",
                table: "evaluations",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "evaluation_breakdowns",
                schema: "models",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    evaluation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    document = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_evaluation_breakdowns", x => new { x.tenant_id, x.evaluation_id });
                });

            migrationBuilder.SecureTenantTable("models", "evaluation_breakdowns");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "evaluation_breakdowns",
                schema: "models");

            migrationBuilder.DropColumn(
                name: "importance_repeats",
                schema: "models",
                table: "evaluations");

            migrationBuilder.DropColumn(
                name: "importance_rows",
                schema: "models",
                table: "evaluations");

            migrationBuilder.DropColumn(
                name: "key_column",
                schema: "models",
                table: "evaluations");

            migrationBuilder.DropColumn(
                name: "sensitive",
                schema: "models",
                table: "evaluations");

            migrationBuilder.DropColumn(
                name: "sent_blob",
                schema: "models",
                table: "evaluations");

            migrationBuilder.DropColumn(
                name: "sent_name",
                schema: "models",
                table: "evaluations");

            migrationBuilder.DropColumn(
                name: "sent_sha256",
                schema: "models",
                table: "evaluations");

            migrationBuilder.DropColumn(
                name: "value_column",
                schema: "models",
                table: "evaluations");
        }
    }
}
