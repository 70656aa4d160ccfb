// Command sdkgen writes the SDKs of the native provider, with Pulumi's own code generators.
//
//	sdkgen SCHEMA VERSION FOLDER    // FOLDER/nodejs, FOLDER/python, FOLDER/go, FOLDER/dotnet
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi/pkg/v3/codegen/dotnet"
	gogen "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

const tool = "pulumi-openai-admin"

type files = map[string][]byte

var generators = map[string]func(*schema.Package, schema.ReferenceLoader) (files, error){
	"nodejs": func(pkg *schema.Package, loader schema.ReferenceLoader) (files, error) {
		return nodejs.GeneratePackage(tool, pkg, nil, nil, false, loader)
	},
	"python": func(pkg *schema.Package, loader schema.ReferenceLoader) (files, error) {
		return python.GeneratePackage(tool, pkg, nil, loader)
	},
	"go": func(pkg *schema.Package, _ schema.ReferenceLoader) (files, error) {
		return gogen.GeneratePackage(tool, pkg, nil)
	},
	"dotnet": func(pkg *schema.Package, _ schema.ReferenceLoader) (files, error) {
		return dotnet.GeneratePackage(tool, pkg, nil, nil)
	},
}

func main() {
	if len(os.Args) != 4 {
		fail(fmt.Errorf("usage: sdkgen SCHEMA VERSION FOLDER"))
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func run(path, version, folder string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	for language, generate := range generators {
		// A generator changes the package that it gets, so each one gets its own.
		pkg, err := bind(text, version)
		if err != nil {
			return err
		}
		made, err := generate(pkg, only{pkg})
		if err != nil {
			return fmt.Errorf("%s: %w", language, err)
		}
		if err := write(filepath.Join(folder, language), made); err != nil {
			return err
		}
		fmt.Printf("%s: %d files\n", language, len(made))
	}
	return nil
}

func bind(text []byte, version string) (*schema.Package, error) {
	var spec schema.PackageSpec
	if err := json.Unmarshal(text, &spec); err != nil {
		return nil, err
	}
	spec.Version = version
	pkg, problems, err := schema.BindSpec(spec, only{}, schema.ValidationOptions{})
	if err != nil {
		return nil, err
	}
	if problems.HasErrors() {
		return nil, problems
	}
	return pkg, nil
}

func write(folder string, made files) error {
	for name, text := range made {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// only loads the package itself: it refers to no other.
type only struct{ pkg *schema.Package }

func (l only) LoadPackage(name string, _ *semver.Version) (*schema.Package, error) {
	if l.pkg == nil || name != l.pkg.Name {
		return nil, fmt.Errorf("the schema refers to the package %s", name)
	}
	return l.pkg, nil
}

func (l only) LoadPackageV2(_ context.Context, d *schema.PackageDescriptor) (*schema.Package, error) {
	return l.LoadPackage(d.Name, d.Version)
}

func (l only) LoadPackageReference(name string, v *semver.Version) (schema.PackageReference, error) {
	pkg, err := l.LoadPackage(name, v)
	if err != nil {
		return nil, err
	}
	return pkg.Reference(), nil
}

func (l only) LoadPackageReferenceV2(
	_ context.Context, d *schema.PackageDescriptor,
) (schema.PackageReference, error) {
	return l.LoadPackageReference(d.Name, d.Version)
}
