using System.Text.Json;

namespace MlOpsPortal.Testing;

/// <summary>Answers that a test rests on, or that it looks into.</summary>
public static class Answers
{
    /// <summary>The body of an answer that must be a success.</summary>
    /// <exception cref="UnexpectedAnswerException">It was another, with what it said.</exception>
    public static async Task<JsonElement> RequiredAsync(this HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode)
            throw new UnexpectedAnswerException((int)answer.StatusCode, $"{answer.RequestMessage?.Method} {answer.RequestMessage?.RequestUri?.PathAndQuery} was answered {(int)answer.StatusCode}: {text}");
        return text.Length == 0 ? default : JsonElement.Parse(text);
    }

    /// <summary>The stable code of a refusal.</summary>
    public static async Task<string?> CodeAsync(this HttpResponseMessage answer) =>
        JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("code").GetString();
}

/// <summary>Another answer than the test rests on.</summary>
public sealed class UnexpectedAnswerException(int status, string message) : InvalidOperationException(message)
{
    public int Status { get; } = status;
}
