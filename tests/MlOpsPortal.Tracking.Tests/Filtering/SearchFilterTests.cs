using System.Diagnostics;
using MlOpsPortal.Tracking.Filtering;

namespace MlOpsPortal.Tracking.Tests.Filtering;

public sealed class SearchFilterTests
{
    private static readonly Dictionary<string, FilterSchema> schemas = new(StringComparer.Ordinal)
    {
        ["runs"] = FilterSchemas.Runs,
        ["experiments"] = FilterSchemas.Experiments,
        ["models"] = FilterSchemas.RegisteredModels,
        ["versions"] = FilterSchemas.ModelVersions,
        ["logged"] = FilterSchemas.LoggedModels,
    };

    [Theory]
    [InlineData("runs", "", "")]
    [InlineData("runs", "metrics.a>1", "Metric a Greater 1")]
    [InlineData("runs", "metrics.`a-b` != 1e-3", "Metric a-b NotEqual 0.001")]
    [InlineData("runs", "metrics.\"my metric\" < 1", "Metric my metric Less 1")]
    [InlineData("runs", "metrics.a > -1", "Metric a Greater -1")]
    [InlineData("runs", "metrics.a <= 1.", "Metric a LessOrEqual 1")]
    [InlineData("runs", "metric.a >= .5", "Metric a GreaterOrEqual 0.5")]
    [InlineData("runs", "params.x = 'a AND b'", "Param x Equal 'a AND b'")]
    [InlineData("runs", "param.x = \"x\" and parameters.y ilike 'X%' AND parameter.z LIKE '_'", "Param x Equal 'x'; Param y ILike 'X%'; Param z Like '_'")]
    [InlineData("runs", "tags.mlflow.source.name = 'x'", "Tag mlflow.source.name Equal 'x'")]
    [InlineData("runs", "tags.`a.b` = 'x' AND `tags`.c = '' AND tags.'a b' = 'y'", "Tag a.b Equal 'x'; Tag c Equal ''; Tag a b Equal 'y'")]
    [InlineData("runs", "tag.order = 'x'", "Tag order Equal 'x'")]
    [InlineData("runs", "status = 'RUNNING' AND attr.status != 'FAILED'", "Attribute status Equal 'RUNNING'; Attribute status NotEqual 'FAILED'")]
    [InlineData("runs", "created > 5 AND end_time < 1.5", "Attribute start_time Greater 5; Attribute end_time Less 1.5")]
    [InlineData("runs", "`Run name` = 'x' AND attributes.\"Run Name\" LIKE 'y%'", "Attribute run_name Equal 'x'; Attribute run_name Like 'y%'")]
    [InlineData("runs", "run_id IN ('a', \"b\",) AND run_id not  in ('c')", "Attribute run_id In 'a','b'; Attribute run_id NotIn 'c'")]
    [InlineData("runs", "datasets.digest IN ('x','y') AND dataset.context = 'train'", "Dataset digest In 'x','y'; Dataset context Equal 'train'")]
    [InlineData("runs", "tags.a IS NULL AND params.b is  not  null", "Tag a IsNull; Param b IsNotNull")]
    [InlineData("runs", "metrics.é > 0", "Metric é Greater 0")]
    [InlineData("runs", "metrics.a > 1 AND", "Metric a Greater 1")]
    [InlineData("runs", "params.a = 'x' params.b = 'y'", "Param a Equal 'x'; Param b Equal 'y'")]
    [InlineData("runs", "params.x='a'AND params.y='b'", "Param x Equal 'a'; Param y Equal 'b'")]
    [InlineData("runs", "params.x = 'it''s'", "Param x Equal 'it's'")]
    [InlineData("runs", "params.x = 'C:\\' AND params.y = 'z'", "Param x Equal 'C:\\'; Param y Equal 'z'")]
    [InlineData("experiments", "attribute.name ILIKE 'X' AND experiment_id IN ('1') AND creation_time > 5", "Attribute name ILike 'X'; Attribute experiment_id In '1'; Attribute creation_time Greater 5")]
    [InlineData("models", "name IN ('a') AND tag.`mlflow.prompt.is_prompt` != 'true'", "Attribute name In 'a'; Tag mlflow.prompt.is_prompt NotEqual 'true'")]
    [InlineData("versions", "version_number > 5 AND version_number = '6' AND run_id IN ('a') AND source_path LIKE 's%'", "Attribute version_number Greater 5; Attribute version_number Equal 6; Attribute run_id In 'a'; Attribute source_path Like 's%'")]
    [InlineData("logged", "name = 'x' AND params.lr = 0.01 AND params.a = b AND metrics.m >= 1 AND creation_time > 5", "Attribute name Equal 'x'; Param lr Equal '0.01'; Param a Equal 'b'; Metric m GreaterOrEqual 1; Attribute creation_timestamp_ms Greater 5")]
    public void What_MLflow_takes_is_taken(string kind, string text, string terms)
    {
        var parse = SearchFilter.Parse(schemas[kind], text);

        parse.Faults.ShouldBeEmpty();
        string.Join("; ", parse.Filter!.Terms.Select(Show)).ShouldBe(terms);
        parse.Filter.Conjuncts.ShouldAllBe(part => part is FilterTerm || part is AllOf);
    }

    [Theory]
    [InlineData("runs", "metrics.a > 'x'", 12, "Expected numeric value type for metric. Found 'x'")]
    [InlineData("runs", "metrics.a > nan", 12, "Expected numeric value type for metric. Found nan")]
    [InlineData("runs", "metrics.a > 1e+5", 12, "Expected numeric value type for metric. Found 1e+5")]
    [InlineData("runs", "metrics.a > 1AND metrics.b > 2", 12, "Expected numeric value type for metric. Found 1AND")]
    [InlineData("runs", "params.lr = 0.1", 12, "Expected a quoted string value for parameter (e.g. 'my-value'). Got value 0.1")]
    [InlineData("runs", "params.lr = x", 12, "Parameter value is either not quoted or unidentified quote types used for string value x. Use either single or double quotes.")]
    [InlineData("runs", "status = 1", 9, "Expected a quoted string value for attributes. Got value 1")]
    [InlineData("runs", "start_time > '5'", 13, "Expected numeric value type for numeric attribute: start_time. Found '5'")]
    [InlineData("runs", "metrics.a", 0, "Invalid clause(s) in filter string: 'metrics.a'")]
    [InlineData("runs", "metrics.a >", 0, "Invalid clause(s) in filter string: 'metrics.a', '>'")]
    [InlineData("runs", "metrics.a == 1", 10, "Invalid comparator '==' not one of '{'!=', '<', '<=', '=', '>', '>=', 'IN', 'IS NOT NULL', 'IS NULL', 'NOT IN'}'")]
    [InlineData("runs", "params.a NOT LIKE 'x'", 9, "Invalid comparator 'NOT LIKE' not one of '{'!=', '=', 'ILIKE', 'IN', 'IS NOT NULL', 'IS NULL', 'LIKE', 'NOT IN'}'")]
    [InlineData("runs", "params.a > 'x'", 9, "Invalid comparator '>' not one of '{'!=', '=', 'ILIKE', 'IN', 'IS NOT NULL', 'IS NULL', 'LIKE', 'NOT IN'}'")]
    [InlineData("runs", "foo.bar = '1'", 0, "Invalid entity type 'foo'. Valid values are ['metric', 'parameter', 'tag', 'attribute', 'dataset']")]
    [InlineData("runs", "Metrics.a > 1", 0, "Invalid entity type 'Metrics'. Valid values are ['metric', 'parameter', 'tag', 'attribute', 'dataset']")]
    [InlineData("runs", "\"tags\".a = 'x'", 0, "Invalid entity type '\"tags\"'. Valid values are ['metric', 'parameter', 'tag', 'attribute', 'dataset']")]
    [InlineData("runs", "dataset.foo = 'x'", 0, "Invalid dataset key 'foo' specified. Valid keys are '{'context', 'digest', 'name'}'")]
    [InlineData("runs", "run_id IN ()", 10, "While parsing a list in the query, expected a non-empty list of string values, but got empty list")]
    [InlineData("runs", "run_id IN (1,2)", 11, "While parsing a list in the query, expected string value, punctuation, or whitespace, but got different type in list: (1,2)")]
    [InlineData("runs", "run_id IN ('a' 'b')", 15, "While parsing a list in the query, expected a non-empty list of string values, but got ill-formed list.")]
    [InlineData("runs", "a > 1; b > 1", 5, "Search filter contained multiple expression 'a > 1; b > 1'. Provide AND-ed expression list.")]
    [InlineData("runs", "metrics.a > 1;", 13, "Invalid clause(s) in filter string: ';'")]
    [InlineData("runs", "1 < metrics.a", 0, "Invalid comparison clause. Expected 'Identifier' found '1'")]
    [InlineData("runs", "params.x = '", 11, "Invalid clause(s) in filter string: 'params.x', '=', '''")]
    [InlineData("runs", "params.x = 'x' -- comment", 15, "Invalid clause(s) in filter string: '-', '-', 'comment'")]
    [InlineData("runs", "' OR 1=1", 0, "Invalid clause(s) in filter string: '' OR 1=1'")]
    [InlineData("runs", " ", 0, "Invalid filter ' '. Could not be parsed.")]
    [InlineData("runs", "metrics.a-b > 0", 9, "Invalid clause(s) in filter string: 'metrics.a', '-', 'b', '>', '0'")]
    [InlineData("runs", "metrics.a > 1 AND (metrics.b > 2", 18, "Invalid clause(s) in filter string: '(metrics.b > 2'")]
    [InlineData("runs", "metrics.a > 1) AND metrics.b > 2", 13, "Invalid clause(s) in filter string: ')'")]
    [InlineData("runs", "metrics.a > 1 OR", 16, "Invalid clause(s) in filter string: 'metrics.a > 1 OR'")]
    [InlineData("runs", "OR metrics.a > 1", 0, "Invalid clause(s) in filter string: 'OR'")]
    [InlineData("runs", "AND OR metrics.a > 1", 4, "Invalid clause(s) in filter string: 'OR'")]
    [InlineData("runs", "()", 1, "Invalid clause(s) in filter string: ')'")]
    [InlineData("runs", "NOT", 0, "Invalid clause(s) in filter string: 'NOT'")]
    [InlineData("runs", "metrics.a BETWEEN 1 AND 2", 10, "Invalid clause(s) in filter string: 'metrics.a', 'BETWEEN', '1'")]
    [InlineData("experiments", "params.a = 'x'", 0, "Invalid entity type 'params'. Valid entity types are ('attribute', 'tag', 'tags')")]
    [InlineData("experiments", "foo = 'x'", 0, "Invalid attribute key 'foo' specified. Valid keys are '{'creation_time', 'experiment_id', 'last_update_time', 'name'}'")]
    [InlineData("experiments", "experiment_id LIKE '1'", 14, "Invalid comparator for experiment_id: LIKE")]
    [InlineData("experiments", "creation_time > 1.5", 16, "Invalid value for numeric attribute 'creation_time': '1.5'")]
    [InlineData("experiments", "tags.a > 'x'", 7, "Invalid comparator for tag: >")]
    [InlineData("models", "name = 5", 7, "Expected a quoted string value or a list of quoted string values for attributes. Got value 5")]
    [InlineData("models", "name > 'a'", 5, "Invalid comparator for attribute: >")]
    [InlineData("versions", "current_stage = 'x'", 0, "Invalid attribute key 'current_stage' specified. Valid keys are '{'name', 'run_id', 'source_path', 'version_number'}'")]
    [InlineData("versions", "name = 5", 7, "Only the '{'version_number'}' attributes support comparison with numeric values.")]
    [InlineData("versions", "version_number LIKE 5", 15, "Invalid comparator for attribute version_number: LIKE")]
    [InlineData("versions", "version_number = 'x'", 17, "Invalid value for numeric attribute 'version_number': 'x'")]
    [InlineData("logged", "metric.a > 1", 0, "Invalid entity type: 'metric'. Expected one of ['attributes', 'metrics', 'params', 'tags'].")]
    [InlineData("logged", "metrics.a LIKE 'x'", 15, "Expected numeric value type for metric. Found 'x'")]
    [InlineData("logged", "name > 'a'", 5, "Invalid comparison operator for attributes.name: '>'. Expected one of ('=', '!=', 'LIKE', 'ILIKE', 'IN', 'NOT IN', 'IS NULL', 'IS NOT NULL').")]
    public void What_MLflow_refuses_is_refused_in_its_words_and_at_its_character(string kind, string text, int at, string message)
    {
        var parse = SearchFilter.Parse(schemas[kind], text);

        parse.Filter.ShouldBeNull();
        (parse.Faults[0].Start, parse.Faults[0].Message).ShouldBe((at, message));
    }

    [Theory]
    [InlineData("metrics.a > 1 OR metrics.b > 2 AND metrics.c > 3", "(a | (b & c))")]
    [InlineData("(metrics.a > 1 OR metrics.b > 2) AND metrics.c > 3", "((a | b) & c)")]
    [InlineData("NOT metrics.a > 1 and not (metrics.b > 1 or metrics.c > 1)", "(!a & !(b | c))")]
    [InlineData("((metrics.a > 1))", "a")]
    [InlineData("metrics.a IN (1, 2.5) AND status IS NOT NULL AND name_ IS NULL", null)]
    [InlineData("metrics.a NOT IN (1, 2.5) OR params.a IN ('x') OR metrics.b IS NULL", "(a | a | b)")]
    public void More_than_MLflow_has_is_understood(string text, string? tree)
    {
        var parse = SearchFilter.Parse(FilterSchemas.Runs, text);

        if (tree is null)
            parse.Faults.ShouldHaveSingleItem().Start.ShouldBe(text.IndexOf("name_", StringComparison.Ordinal));
        else
            Tree(parse.Filter!).ShouldBe(tree);
    }

    [Fact]
    public void Every_fault_has_its_character()
    {
        var parse = SearchFilter.Parse(FilterSchemas.Runs, "foo.a = 'x' AND metrics.b > 'y' OR (params.c = 1 AND status ~ 'z')");

        parse.Faults.Select(fault => fault.Start).ShouldBe([0, 28, 47, 60]);
    }

    [Theory]
    [InlineData(101, " AND ")]
    [InlineData(500, " AND ")]
    [InlineData(2_000, " OR ")]
    public void Too_many_comparisons_are_refused(int count, string word)
    {
        var text = string.Join(word, Enumerable.Repeat("a.b = 1", count).Select((_, index) => $"metrics.m{index} > 0"));

        SearchFilter.Parse(FilterSchemas.Runs, text).Faults[0].Message.ShouldBe("The filter has more than 100 comparisons.");
    }

    [Fact]
    public void Nesting_length_and_lists_have_bounds()
    {
        Refused(new string('(', 100_000)).ShouldContain("levels");
        Refused(string.Concat(Enumerable.Repeat("NOT ", 20_000)) + "metrics.a > 1").ShouldContain("levels");
        Refused("params.a = '" + new string('x', 100_000) + "'").ShouldContain("longer");
        Refused($"run_id IN ({string.Join(',', Enumerable.Repeat("'a'", 5_001))})").ShouldContain("5000 values");
        Refused("params.a = '\0'").ShouldContain("NUL");
        Refused("params.a = '\uD800'").ShouldContain("NUL");
        SearchFilter.Parse(FilterSchemas.Runs, $"run_id IN ({string.Join(',', Enumerable.Repeat("'0123456789abcdef0123456789abcdef'", 1_000))})").Faults.ShouldBeEmpty();
    }

    [Fact]
    public void Whatever_is_typed_is_a_filter_or_a_fault_within_its_text()
    {
        var random = new Random(20261121);
        string[] pieces =
        [
            "metrics.a", "params.`b c`", "tags.\"d\"", "status", "run_id", "created", " ", "  ", "=", "!=", ">", "<=", "~", "LIKE", "ILIKE", "IN", "NOT", "IS", "NULL", "AND", "OR", "(", ")", ",", ";",
            "'x'", "\"y\"", "'", "\"", "`", "1", "-1", "1e-3", "1e+5", "-", ".", "..", "metrics.", "--", "/*", "é", "\u202E", "\0", "\uD83D\uDE00", "\uD83D", "%", "\\", "BETWEEN", "0x1F", "1AND", "x.", ".x",
        ];
        var watch = Stopwatch.StartNew();
        for (var round = 0; round < 20_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(14)).Select(_ => pieces[random.Next(pieces.Length)] + (random.Next(3) == 0 ? "" : " ")));
            foreach (var schema in schemas.Values)
            {
                var parse = SearchFilter.Parse(schema, text);
                (parse.Filter is null).ShouldBe(parse.Faults.Length > 0, text);
                parse.Faults.ShouldAllBe(fault => fault.Start >= 0 && fault.Length >= 0 && fault.Start + fault.Length <= text.Length && fault.Message.Length > 0, text);
                if (parse.Filter is { } filter)
                    new FilterSql().Filter(filter, new AnyColumn()).ToString().ShouldNotContain("'x'");
                SearchOrder.Parse(schema, [text]);
            }
        }

        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(5));
    }

    private static string Refused(string text)
    {
        var watch = Stopwatch.StartNew();
        var message = SearchFilter.Parse(FilterSchemas.Runs, text).Faults[0].Message;
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(1));
        return message;
    }

    private static string Show(FilterTerm term) =>
        $"{term.Entity} {term.Key} {term.Operator} {string.Join(',', term.Values.Select(value => value.Text is { } text ? $"'{text}'" : FormattableString.Invariant($"{value.Number}")))}".TrimEnd();

    private static string Tree(FilterNode node) => node switch
    {
        AllOf all => $"({string.Join(" & ", all.Parts.Select(Tree))})",
        AnyOf any => $"({string.Join(" | ", any.Parts.Select(Tree))})",
        NoneOf none => "!" + Tree(none.Inner),
        FilterTerm term => term.Key,
        _ => throw new InvalidOperationException(),
    };

    private sealed class AnyColumn : IFilterColumns
    {
        public void Write(FilterTerm term, FilterSql sql) => sql.Compare("x", term);
    }
}
