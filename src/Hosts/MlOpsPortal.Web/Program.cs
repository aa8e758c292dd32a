using MlOpsPortal.Web.Ui;

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseStaticWebAssets();
builder.Services.AddPortalUi();

var app = builder.Build();
app.UsePortalUi();
app.MapPortalUi();
await app.RunAsync();
