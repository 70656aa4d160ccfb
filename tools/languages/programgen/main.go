// Command programgen converts YAML programs to other languages, with Pulumi's own program generators.
//
//	programgen SCHEMA VERSION < PROGRAMS
//
// PROGRAMS is {NAME: YAML}. On stdout are {"programs": {NAME: {LANGUAGE: PROGRAM}}, "failures": {NAME: {LANGUAGE:
// REASON}}}, as JSON: a program that can't be converted is a failure with the generator's reason.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/pulumi/pulumi-yaml/pkg/pulumiyaml"
	"github.com/pulumi/pulumi-yaml/pkg/pulumiyaml/codegen"
	"github.com/pulumi/pulumi/pkg/v3/codegen/dotnet"
	gogen "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/pcl"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"

	"languages/schemafile"
)

var generators = map[string]func(*pcl.Program) (map[string][]byte, hcl.Diagnostics, error){
	"csharp":     dotnet.GenerateProgram,
	"go":         gogen.GenerateProgram,
	"python":     python.GenerateProgram,
	"typescript": nodejs.GenerateProgram,
}

var importers = map[string]schema.Language{
	"csharp": dotnet.Importer, "python": python.Importer,
}

type results struct {
	Programs map[string]map[string]string `json:"programs"`
	Failures map[string]map[string]string `json:"failures"`
}

func main() {
	if len(os.Args) != 3 {
		fail(errors.New("usage: programgen SCHEMA VERSION < PROGRAMS"))
	}
	if err := run(os.Args[1], os.Args[2], os.Stdin, os.Stdout); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func run(path, version string, in io.Reader, out io.Writer) error {
	spec, err := schemafile.Read(path, version)
	if err != nil {
		return err
	}
	var programs map[string]string
	if err := json.NewDecoder(in).Decode(&programs); err != nil {
		return err
	}
	if spec.Language["go"], err = withoutRoot(spec.Language["go"]); err != nil {
		return err
	}
	pkg, err := schemafile.Bind(spec)
	if err != nil {
		return err
	}
	if err := pkg.ImportLanguages(importers); err != nil {
		return err
	}
	result := results{map[string]map[string]string{}, map[string]map[string]string{}}
	for name, text := range programs {
		result.Programs[name], result.Failures[name] = map[string]string{}, map[string]string{}
		for language := range generators {
			made, err := convert(text, schemafile.Only{Package: pkg}, language)
			if err != nil {
				result.Failures[name][language] = err.Error()
				continue
			}
			result.Programs[name][language] = made
		}
	}
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(result)
}

// withoutRoot removes the name of Go's root package, which is the last part of the import path too: with it, the
// generator writes types without their package.
func withoutRoot(settings schema.RawMessage) (schema.RawMessage, error) {
	var read map[string]any
	if err := json.Unmarshal(settings, &read); err != nil {
		return nil, err
	}
	delete(read, "rootPackageName")
	return json.Marshal(read)
}

// convert gives the program in one language. A generator changes the program that it gets, so each one gets its own.
func convert(text string, loader schemafile.Only, language string) (made string, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("the generator panics: %v", reason)
		}
	}()
	template, problems, err := pulumiyaml.LoadYAMLBytes("Pulumi.yaml", []byte(text))
	if err != nil {
		return "", err
	}
	if problems.HasErrors() {
		return "", reasons(problems.HCL())
	}
	program, found, err := codegen.EjectProgram(template, loader)
	if found.HasErrors() {
		return "", reasons(found)
	}
	if err != nil {
		return "", err
	}
	files, found, err := generators[language](program)
	if err != nil {
		return "", err
	}
	if found.HasErrors() {
		return "", reasons(found)
	}
	if len(files) != 1 {
		return "", fmt.Errorf("it has %d files", len(files))
	}
	for _, file := range files {
		made = string(file)
	}
	return corrected(made, language, loader.Package)
}

// reasons are the errors among what a generator says, in one line and without the source.
func reasons(found hcl.Diagnostics) error {
	texts := []string{}
	for _, problem := range found {
		if problem.Severity == hcl.DiagError {
			texts = append(texts, strings.Trim(problem.Summary+": "+problem.Detail, ": "))
		}
	}
	return errors.New(strings.Join(texts, "; "))
}
