using System.Text.Json;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Permissions;

namespace MlOpsPortal.Access.Roles;

/// <summary>Roles as a person reads them; the texts are resources like every other.</summary>
public sealed class RoleWords(RefusalTexts texts)
{
    public string Of(Role role) => texts.Sentence($"role.{JsonNamingPolicy.CamelCase.ConvertName(role.ToString())}", []);

    public string Of(IEnumerable<Role> roles) => string.Join(", ", roles.Select(Of));
}
