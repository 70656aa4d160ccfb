package main

import (
	"fmt"
	"go/format"
	"regexp"
	"strings"

	"github.com/pulumi/pulumi/pkg/v3/codegen/dotnet"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

// What the pinned generators write wrongly, and is corrected here.
var (
	// The arguments of a function that the SDK calls Lookup, since a resource has its name.
	lookedUp = regexp.MustCompile(`\.Lookup(\w+)\(ctx, &(\w+)\.Get`)
	// A variable with the result of a function, which is a plain value and no Input.
	result = regexp.MustCompile(`(\w+), err := \w+\.(?:Get|List|Lookup)\w+\(ctx[,)]`)
	// A value of an enumeration.
	constant = regexp.MustCompile(`\w+\.\w+`)
	// The arguments of a function that has none.
	noArguments = regexp.MustCompile(`\(ctx, map\[string\]interface\{\}\{\}(?:, nil)?\)`)
	// The same in TypeScript: such a function takes its options first.
	noArgumentsInTypeScript = regexp.MustCompile(`(\.\w+)\(\{\}\)`)
	// A list of texts whose property has several types.
	anyList = regexp.MustCompile(`pulumi\.Any\{([^{}]*)\}`)
)

// corrected gives a program with the names of the package in its language, as those of its SDK are.
func corrected(text, language string, pkg *schema.Package) (string, error) {
	switch language {
	case "typescript":
		return noArgumentsInTypeScript.ReplaceAllString(text, "$1()"), nil
	case "python":
		// The generator knows the name of the package only in programs with a resource.
		name := pkg.Language["python"].(python.PackageInfo).PackageName
		usual := "import " + python.PyPack("", pkg.Name) + " as"
		return strings.ReplaceAll(text, usual, "import "+name+" as"), nil
	case "csharp":
		// The same is true of the namespace.
		info := pkg.Language["csharp"].(dotnet.CSharpPackageInfo)
		usual := fmt.Sprintf("using %[1]s = Pulumi.%[1]s;", info.Namespaces[pkg.Name])
		text = strings.ReplaceAll(text, usual, fmt.Sprintf("using %[1]s = %[2]s.%[1]s;",
			info.Namespaces[pkg.Name], info.GetRootNamespace()))
		// A list takes strings and enumerated values. C# converts each value to such a type, and no array of values.
		enumerated := regexp.MustCompile(`new\[\](\s*\{\s*(` + info.Namespaces[pkg.Name] + `\.\w+)\.\w+,)`)
		return enumerated.ReplaceAllString(text, "new Union<string, $2>[]$1"), nil
	case "go":
		// A list of enumerated values is a list of texts in the arguments of functions. The generator writes a type
		// in a package that has the name of the schema, and gofmt reads its hyphen as a minus.
		name := strings.ReplaceAll(regexp.QuoteMeta(pkg.Name), "-", " ?- ?")
		enumerated := regexp.MustCompile(`\[\]` + name + `\.\w+(\{[^{}]*\})`)
		text = enumerated.ReplaceAllStringFunc(text, func(list string) string {
			values := enumerated.FindStringSubmatch(list)[1]
			return "[]string" + constant.ReplaceAllString(values, "string($0)")
		})
		return correctedGo(text)
	default:
		return text, nil
	}
}

func correctedGo(text string) (string, error) {
	text = lookedUp.ReplaceAllString(text, ".Lookup$1(ctx, &$2.Lookup")
	text = noArguments.ReplaceAllString(text, "(ctx)")
	text = anyList.ReplaceAllString(text, "pulumi.Any([]string{$1})")
	for _, found := range result.FindAllStringSubmatch(text, -1) {
		export := regexp.MustCompile(`(ctx\.Export\("\w+", )(` + found[1] + `\.\w+)\)`)
		text = export.ReplaceAllString(text, "${1}pulumi.Any($2))")
	}
	made, err := format.Source([]byte(text))
	if err != nil {
		return "", fmt.Errorf("the generator writes a program that does not parse: %w", err)
	}
	return string(made), nil
}
