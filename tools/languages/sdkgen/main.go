// Command sdkgen writes the SDKs of the native provider, with Pulumi's own code generators.
//
//	sdkgen SCHEMA VERSION FOLDER    // FOLDER/nodejs, FOLDER/python, FOLDER/go/openaiadmin, FOLDER/dotnet
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

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
		return fromParent(nodejs.GeneratePackage(tool, pkg, nil, nil, false, loader))
	},
	"python": func(pkg *schema.Package, loader schema.ReferenceLoader) (files, error) {
		return fromParent(python.GeneratePackage(tool, pkg, nil, loader))
	},
	"go/openaiadmin": func(pkg *schema.Package, _ schema.ReferenceLoader) (files, error) {
		return gogen.GeneratePackage(tool, pkg, nil)
	},
	"dotnet": func(pkg *schema.Package, _ schema.ReferenceLoader) (files, error) {
		server, err := serveLogo()
		if err != nil {
			return nil, err
		}
		defer server.Close()
		pkg.LogoURL = "http://" + server.Addr
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
	for _, language := range slices.Sorted(maps.Keys(generators)) {
		generate := generators[language]
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

// fromParent corrects the imports of modules in folders. Since Go 1.26, filepath.Rel cleans its result, which the pinned
// generators do not expect: these modules import "./utilities" instead of "../utilities". Pulumi's later generators know
// it, but there is none for .NET among them.
func fromParent(made files, err error) (files, error) {
	correct := strings.NewReplacer(
		`"./types/`, `"../types/`, `"./utilities"`, `"../utilities"`, "from . import _utilities", "from .. import _utilities",
	)
	for name, text := range made {
		if folder := filepath.Base(filepath.Dir(name)); folder == "types" || folder == "config" {
			made[name] = []byte(correct.Replace(string(text)))
		}
	}
	return made, err
}

// serveLogo serves the package's picture from this machine: the generator of .NET always downloads one.
func serveLogo() (*http.Server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	picture := image.NewGray(image.Rect(0, 0, 64, 64))
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_ = png.Encode(w, picture)
	})
	server := &http.Server{Addr: listener.Addr().String(), Handler: handler}
	go func() { _ = server.Serve(listener) }()
	return server, nil
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
