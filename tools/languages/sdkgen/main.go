// Command sdkgen writes the SDKs of the native provider, with Pulumi's own code generators.
//
//	sdkgen SCHEMA VERSION FOLDER    // FOLDER/nodejs, FOLDER/python, FOLDER/go/openaiadmin, FOLDER/dotnet
package main

import (
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

	"github.com/pulumi/pulumi/pkg/v3/codegen/dotnet"
	gogen "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"

	"languages/schemafile"
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
	spec, err := schemafile.Read(path, version)
	if err != nil {
		return err
	}
	for _, language := range slices.Sorted(maps.Keys(generators)) {
		generate := generators[language]
		// A generator changes the package that it gets, so each one gets its own.
		pkg, err := schemafile.Bind(spec)
		if err != nil {
			return err
		}
		made, err := generate(pkg, schemafile.Only{Package: pkg})
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
