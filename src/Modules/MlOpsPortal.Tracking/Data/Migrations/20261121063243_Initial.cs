using Microsoft.EntityFrameworkCore.Migrations;
using MlOpsPortal.Platform.Data;

#nullable disable

namespace MlOpsPortal.Tracking.Data.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.EnsureSchema(name: "tracking");
            migrationBuilder.OpenSchema("tracking");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropSchema(name: "tracking");
    }
}
