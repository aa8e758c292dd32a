using System.ComponentModel.DataAnnotations;
using Bunit;
using Microsoft.AspNetCore.Components.Forms;
using MlOpsPortal.Web.Components.Kit;

namespace MlOpsPortal.Web.Kit;

public sealed class FieldTests : KitTest
{
    private readonly Form form = new();

    [Fact]
    public void A_label_is_tied_to_its_input_and_the_hint_describes_it()
    {
        var field = Render<TextField>(p => p.Add(f => f.Label, "Name").Add(f => f.Hint, "unique in the tenant").Bind(f => f.Value, form.Name, value => form.Name = value, () => form.Name));

        var input = field.Find("input");
        field.Find("label").GetAttribute("for").ShouldBe(input.Id);
        field.Find("#" + input.GetAttribute("aria-describedby")).TextContent.ShouldBe("unique in the tenant");
        input.HasAttribute("aria-invalid").ShouldBeFalse();
    }

    [Fact]
    public void A_refusal_of_the_server_marks_the_field_and_is_tied_to_it()
    {
        var field = Render<TextField>(p => p.Add(f => f.Label, "Name").Add(f => f.Hint, "short").Add(f => f.Error, "This name is taken.").Bind(f => f.Value, form.Name, value => form.Name = value, () => form.Name));

        var input = field.Find("input");
        input.GetAttribute("aria-invalid").ShouldBe("true");
        var described = input.GetAttribute("aria-describedby")!.Split(' ');
        described.Length.ShouldBe(2);
        field.Find("#" + described[1]).TextContent.ShouldBe("This name is taken.");
    }

    [Fact]
    public void The_forms_own_validation_reaches_the_field()
    {
        var page = Render<EditForm>(p => p.Add(f => f.Model, form).Add(f => f.ChildContent, _ => builder =>
        {
            builder.OpenComponent<DataAnnotationsValidator>(0);
            builder.CloseComponent();
            builder.OpenComponent<TextField>(1);
            builder.AddComponentParameter(2, "Label", "Name");
            builder.AddComponentParameter(3, "Value", form.Name);
            builder.AddComponentParameter(4, "ValueExpression", (System.Linq.Expressions.Expression<Func<string?>>)(() => form.Name));
            builder.CloseComponent();
        }));

        page.Find("form").Submit();

        page.Find("input").GetAttribute("aria-invalid").ShouldBe("true");
        page.Find(".err").TextContent.ShouldBe("Give the project a name.");
    }

    [Theory]
    [InlineData("0.173", 0.173)]
    [InlineData("1e-3", 0.001)]
    [InlineData("", null)]
    public void A_number_is_read_as_the_browser_sends_it(string typed, double? expected)
    {
        var field = Render<NumberField<double?>>(p => p.Add(f => f.Label, "Value").Bind(f => f.Value, form.Value, value => form.Value = value, () => form.Value));

        field.Find("input").Change(typed);

        form.Value.ShouldBe(expected);
    }

    [Fact]
    public void An_answer_that_was_never_offered_changes_nothing()
    {
        form.Role = "viewer";
        var field = Render<SelectField<string?>>(p => p.Add(f => f.Label, "Role").Add(f => f.Options, [new Choice<string?>("viewer", "Viewer"), new Choice<string?>("approver", "Approver")])
            .Bind(f => f.Value, form.Role, value => form.Role = value, () => form.Role));

        field.Find("select").Change("root");
        form.Role.ShouldBe("viewer");

        field.Find("select").Change("approver");
        form.Role.ShouldBe("approver");
    }

    [Fact]
    public void A_date_travels_as_iso_text()
    {
        var field = Render<DateField>(p => p.Add(f => f.Label, "From").Bind(f => f.Value, form.From, value => form.From = value, () => form.From));

        field.Find("input").Change("2025-09-09");

        form.From.ShouldBe(new DateOnly(2025, 9, 9));
        field.Find("input").GetAttribute("value").ShouldBe("2025-09-09");
    }

    [Fact]
    public void A_confirmation_waits_until_the_name_is_typed()
    {
        var confirmed = 0;
        var open = true;
        var dialog = Render<ConfirmDialog>(p => p.Add(d => d.Open, open).Add(d => d.Title, "Switch off").Add(d => d.ConfirmText, "Switch off").Add(d => d.TypeToConfirm, "offers-prod")
            .Add(d => d.OnConfirm, () => confirmed++).Add(d => d.OpenChanged, (bool value) => open = value));

        dialog.FindAll("button")[1].HasAttribute("disabled").ShouldBeTrue();
        dialog.Find("input").Input("offers-prod");
        dialog.FindAll("button")[1].Click();

        confirmed.ShouldBe(1);
        open.ShouldBeFalse();
    }

    private sealed class Form
    {
        [Required(ErrorMessage = "Give the project a name.")]
        public string? Name { get; set; }

        public double? Value { get; set; }

        public string? Role { get; set; }

        public DateOnly? From { get; set; }
    }
}
