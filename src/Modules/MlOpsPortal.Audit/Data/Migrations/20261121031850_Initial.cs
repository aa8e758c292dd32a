using Microsoft.EntityFrameworkCore.Migrations;
using MlOpsPortal.Platform.Data;

#nullable disable

namespace MlOpsPortal.Audit.Data.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.EnsureSchema(name: "audit");
            migrationBuilder.OpenSchema("audit");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropSchema(name: "audit");
    }
}
